import { DAY } from '../../domain/instant.ts';
import { weekdayIndexOf } from '../../domain/local-date.ts';
import type { Language } from '../../domain/words.ts';
import { zoneOf } from '../../domain/zone.ts';
import type { Inline } from '../card.ts';

/** From where an instant is looked at. */
export interface Standpoint {
  readonly now: number;
  readonly timezone: string;
}

const WEEKDAYS_EN = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const NEAR_ZH: Readonly<Record<number, string>> = { [-1]: '昨天', 1: '明天', 2: '后天' };
const NEAR_EN: Readonly<Record<number, string>> = { [-1]: 'yesterday', 1: 'tomorrow' };

/**
 * `09:56` on the same day, `明天 09:56` / `tomorrow 09:56` next to it, else the date: `11-23 09:56` / `Mon 23 Nov 09:56`.
 * @param style `lasting` is for what is still read days later, a card: without "tomorrow", which would be wrong by then.
 */
export const when = (
  ms: number,
  { now, timezone }: Standpoint,
  language: Language,
  style: 'said' | 'lasting' = 'said',
): string => {
  const zone = zoneOf(timezone);
  const wall = zone.toWall(ms);
  const day = Math.floor(wall / DAY);
  const apart = day - Math.floor(zone.toWall(now) / DAY);
  const date = new Date(wall);
  const time = date.toISOString().slice(11, 16);
  if (apart === 0) return time;
  const near = language === 'en' ? NEAR_EN : NEAR_ZH;
  if (style === 'said' && near[apart] !== undefined) return `${near[apart]} ${time}`;
  const sameYear = date.getUTCFullYear() === new Date(zone.toWall(now)).getUTCFullYear();
  if (language === 'en') {
    const year = sameYear ? '' : ` ${date.getUTCFullYear()}`;
    return `${WEEKDAYS_EN[weekdayIndexOf(day)]} ${date.getUTCDate()} ${MONTHS_EN[date.getUTCMonth()]}${year} ${time}`;
  }
  return `${date.toISOString().slice(sameYear ? 5 : 0, 10)} ${time}`;
};

const WEEKDAYS_ZH = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const;

/** A day of the reader's wall: `Mon` / `周一`, or where weekdays would repeat themselves `9 Nov` / `11-09`. */
export const dayOf = (wall: number, language: Language, dated: boolean): string => {
  const date = new Date(wall);
  const weekday = weekdayIndexOf(Math.floor(wall / DAY));
  if (!dated) return (language === 'en' ? WEEKDAYS_EN : WEEKDAYS_ZH)[weekday] ?? '';
  return language === 'en' ? `${date.getUTCDate()} ${MONTHS_EN[date.getUTCMonth()]}` : date.toISOString().slice(5, 10);
};

/** The same, as an instant that the platform may show in each reader's own time zone. */
export const instant = (
  ms: number,
  from: Standpoint,
  language: Language,
  style: 'said' | 'lasting' = 'said',
): Inline => ({ kind: 'instant', ms, text: when(ms, from, language, style) });
