/** Durations as configuration and commands write them, and as people read them. */
import { DAY, HOUR, MINUTE, SECOND } from './instant.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** What people write instead of the five letters; only used to say what would be right. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/^(s|secs?|seconds?|秒钟?)$/i, 's'],
  [/^(m|mins?|minutes?|分钟?)$/i, 'm'],
  [/^(h|hrs?|hours?|小时|钟头)$/i, 'h'],
  [/^(d|days?|天|日)$/i, 'd'],
  [/^(w|wks?|weeks?|周|星期)$/i, 'w'],
];

/** Any instant that is this far from now can still be written; nothing that is waited for is as long. */
const LONGEST = 36_525 * DAY;

/**
 * `30s`, `15m`, `8h`, `3d`, `1w`, also `1h30m` → milliseconds. A day is 24 h (of a calendar's open time, where a
 * calendar counts), a week 7 of them. Throws a RangeError that says what would be right.
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (!/^(\d+[smhdw])+$/.test(trimmed)) throw new RangeError(`"${text}" is not a duration; ${suggest(trimmed)}`);
  let total = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+)([smhdw])/g)) total += Number(count) * (UNITS[unit ?? ''] ?? 0);
  if (total > LONGEST) throw new RangeError(`"${text}" is too long a duration; the longest is 100 years (36525d)`);
  return total;
}

function suggest(text: string): string {
  if (/^\d+$/.test(text)) return `it has no unit: write ${text}m for minutes or ${text}h for hours`;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+|\p{Script=Han}+)/giu)];
  const right = parts.map(([, count, word]) => {
    const unit = MEANT.find(([pattern]) => pattern.test(word ?? ''))?.[1];
    return unit === undefined ? undefined : inWholeUnits(Number(count), unit);
  });
  return parts.length > 0 && right.every((part) => part !== undefined)
    ? `write ${right.join('')}`
    : 'write a number and a unit (s, m, h, d, w), such as 30s, 15m, 8h, 3d';
}

/** 1.5 h is written 90m. */
function inWholeUnits(count: number, unit: string): string | undefined {
  const ms = count * (UNITS[unit] ?? 0);
  const fitting = [unit, ...['d', 'h', 'm', 's']].find((u) => ms % (UNITS[u] ?? 1) === 0);
  return fitting === undefined ? undefined : `${ms / (UNITS[fitting] ?? 1)}${fitting}`;
}

const NAMES_EN = { d: 'd', h: 'h', m: 'm', s: 's' } as const;
const NAMES_ZH = { d: '天', h: '小时', m: '分', s: '秒' } as const;

/**
 * `3 h 55 m` / `3 小时 55 分`: the two largest neighbouring units, rounded towards zero so that "left" never promises
 * more than there is; seconds only below a minute. Days count 24 h.
 */
export function formatDuration(ms: number, locale: 'en' | 'zh' | 'zh-CN'): string {
  const names = locale === 'en' ? NAMES_EN : NAMES_ZH;
  const rest = Math.abs(ms);
  const days = Math.floor(rest / DAY);
  const hours = Math.floor((rest % DAY) / HOUR);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  const seconds = Math.floor((rest % MINUTE) / SECOND);
  const parts =
    days > 0
      ? [part(days, names.d), part(hours, names.h)]
      : hours > 0
        ? [part(hours, names.h), part(minutes, names.m)]
        : [minutes > 0 ? part(minutes, names.m) : part(seconds, names.s)];
  const text = parts.filter((p) => p !== '').join(' ') || `0 ${names.s}`;
  return ms <= -SECOND ? `-${text}` : text;
}

/** To the nearest minute, where there is one: told a few milliseconds late, "2 h left" must not become "1 h 59 min". */
export const roundToMinute = (ms: number): number => (Math.abs(ms) < MINUTE ? ms : Math.round(ms / MINUTE) * MINUTE);

function part(count: number, name: string): string {
  return count === 0 ? '' : `${count} ${name}`;
}
