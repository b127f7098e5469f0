import { lang, w } from './words.js';

/** The playground's clock: its `now` at the last answer, moved on by what has passed here since. */
let base = { server: Date.now(), here: performance.now() };
export const setNow = (ms) => {
  base = { server: ms, here: performance.now() };
};
export const now = () => base.server + (performance.now() - base.here);

let zone = 'Asia/Shanghai';
/** The reader's zone: that of the person the visitor is. */
export const setZone = (to) => {
  zone = to;
};

const parts = (ms, options, language = 'en-CA') =>
  new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: 'h23', ...options }).format(ms);

export const clockTime = (ms) => parts(ms, { hour: '2-digit', minute: '2-digit' });
export const isoDay = (ms) => parts(ms, { year: 'numeric', month: '2-digit', day: '2-digit' });
export const sameDay = (a, b) => isoDay(a) === isoDay(b);

/** `2026-11-23 09:46` */
export const full = (ms) => `${isoDay(ms)} ${clockTime(ms)}`;
/** With weekday and zone: what a hover tells. */
export const exact = (ms) =>
  `${full(ms)} ${parts(ms, { weekday: 'short' }, lang())} ${parts(ms, { timeZoneName: 'shortOffset' }, 'en').split(' ').at(-1)}`;

export const dayName = (ms) =>
  parts(ms, { month: 'long', day: 'numeric', weekday: 'short' }, lang() === 'en' ? 'en-GB' : lang());

/** As short as it can be without being ambiguous: the time today, else the day with it. */
export const short = (ms) => (sameDay(ms, now()) ? clockTime(ms) : `${dayName(ms)} ${clockTime(ms)}`);

/** `3 小时 55 分`, `12 min`; the two largest units, to the nearest minute, as the bot says it. */
export const span = (ms) => {
  const [d, hr, min, s] = w().units;
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} ${s}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} ${min}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} ${hr} ${minutes % 60} ${min}` : `${hours} ${hr}`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} ${d} ${hours % 24} ${hr}` : `${days} ${d}`;
};
