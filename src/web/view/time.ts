import { DAY } from '../../domain/instant.ts';
import type { Language } from '../../domain/words.ts';
import { zoneOf } from '../../domain/zone.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `09:56` on the same day, else `11-23 09:56` / `23 Nov 09:56`, with the year where it is another one. */
export function shortTime(ms: number, timezone: string, now: number, language: Language): string {
  const zone = zoneOf(timezone);
  const wall = new Date(zone.toWall(ms));
  const today = new Date(zone.toWall(now));
  const time = wall.toISOString().slice(11, 16);
  if (Math.floor(wall.getTime() / DAY) === Math.floor(today.getTime() / DAY)) return time;
  const sameYear = wall.getUTCFullYear() === today.getUTCFullYear();
  if (language === 'en') {
    return `${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]}${sameYear ? '' : ` ${wall.getUTCFullYear()}`} ${time}`;
  }
  return `${wall.toISOString().slice(sameYear ? 5 : 0, 10)} ${time}`;
}

/** The whole instant on a zone's clock: `2026-11-23 09:56:04 (Asia/Shanghai)`. */
export const fullTime = (ms: number, timezone: string): string =>
  `${new Date(zoneOf(timezone).toWall(ms)).toISOString().slice(0, 19).replace('T', ' ')} (${timezone})`;
