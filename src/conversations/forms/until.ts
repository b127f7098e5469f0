import { parseDuration } from '../../domain/duration.ts';
import { DAY, MINUTE, parseInstant } from '../../domain/instant.ts';
import { epochDayOf, isoDateOf, parseTimeOfDay } from '../../domain/local-date.ts';
import { zoneOf } from '../../domain/zone.ts';
import { readFuture } from '../grammar/when.ts';

const DAYS_AHEAD: Readonly<Record<string, number>> = { 今天: 0, today: 0, 明天: 1, tomorrow: 1, 后天: 2 };
const END_OF_WORK = '18:00';

/**
 * Until when, as it is typed into a form: `2h`, `14:00`, `明天 9:00`, `tomorrow 14:00`, `11-23`, `2026-11-23 09:00`, ISO 8601. A time alone is its next
 * occurrence, a day alone means 18:00 of it. Null: cannot be read.
 */
export const parseUntil = (text: string, now: number, timezone: string): number | null => {
  const said = text.trim().replaceAll('：', ':').toLowerCase();
  try {
    return (
      duration(said, now) ?? wallTime(said, now, timezone) ?? inWords(text, now, timezone) ?? parseInstant(text.trim())
    );
  } catch {
    return null;
  }
};

/** What people say to the bot, they may write into a form: 明天下午, Friday. */
const inWords = (text: string, now: number, timezone: string): number | null =>
  /^\d{4}-/.test(text.trim()) ? null : (readFuture(text, now, timezone)?.at ?? null);

const duration = (said: string, now: number): number | null => {
  const compact = said
    .replace(/\s*(小时|hours?)/g, 'h')
    .replace(/\s*(分钟|分|minutes?|min)/g, 'm')
    .replace(/\s*(天|days?)/g, 'd');
  return /^(\d+[smhdw])+$/.test(compact) ? now + parseDuration(compact) : null;
};

const wallTime = (said: string, now: number, timezone: string): number | null => {
  const match = /^(今天|明天|后天|today|tomorrow|(?:\d{4}-)?\d{1,2}-\d{1,2})?\s*(\d{1,2}:\d{2})?$/.exec(said);
  const [, dayWord, timeWord] = match ?? [];
  if (dayWord === undefined && timeWord === undefined) return null;
  const zone = zoneOf(timezone);
  const today = Math.floor(zone.toWall(now) / DAY);
  const at = (day: number): number => zone.toInstant(day * DAY + parseTimeOfDay(timeWord ?? END_OF_WORK) * MINUTE);
  if (dayWord === undefined) return at(today) > now ? at(today) : at(today + 1);
  const ahead = DAYS_AHEAD[dayWord];
  return at(ahead === undefined ? dateOf(dayWord, today) : today + ahead);
};

/** A date without a year is the next one. */
const dateOf = (word: string, today: number): number => {
  const parts = word.split('-').map((part) => part.padStart(2, '0'));
  if (parts.length === 3) return epochDayOf(parts.join('-'));
  const year = Number(isoDateOf(today).slice(0, 4));
  const day = epochDayOf(`${year}-${parts.join('-')}`);
  return day >= today ? day : epochDayOf(`${year + 1}-${parts.join('-')}`);
};
