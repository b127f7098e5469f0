/** Several days and hours in one text: "11-25 11-27", "11月25日14点到18点", "明天到周五", "until 18:00". Pure. */
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';
import { weekdayIndexOf } from '../../domain/local-date.ts';
import { zoneOf } from '../../domain/zone.ts';

export interface Moment {
  /** The midnight its day begins with; UTC ms. */
  readonly day: number;
  /** Null: only the day was said. */
  readonly at: number | null;
}

const DATE =
  /(?<year>20\d{2})[-/年.](?<m1>\d{1,2})[-/月.](?<d1>\d{1,2})日?|(?<![\d:：.-])(?<m2>\d{1,2})(?:[-/]|月)(?<d2>\d{1,2})(?:日|号)?(?![\d:：-])|(?<![\d:：-])(?<d3>\d{1,2})[日号]/;
const NAMED: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/后天|day after tomorrow/i, 2],
  [/明天|明日|明早|明晚|tomorrow/i, 1],
  [/今天|今日|今晚|today|tonight/i, 0],
];
const WEEKDAY = /(?:周|星期|礼拜)(?<zh>[一二三四五六日天])|\b(?<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*\b/i;
const TIME =
  /(?<![\d.:：-])(?<h1>\d{1,2})[:：](?<min>\d{2})(?![\d:：])|(?<![\d.-])(?<h2>\d{1,2})\s*点(?<half>半)?|(?<![\d.-])(?<h3>\d{1,2})\s*(?<ap>am|pm)\b/i;
const AFTERNOON = /(?:下午|晚上|今晚|明晚|tonight|evening|afternoon)\s*$/i;

interface Piece {
  readonly index: number;
  readonly end: number;
  /** Days since 1970 on the wall, or minutes since midnight. */
  readonly day?: number;
  readonly minutes?: number;
  /** "下午2点到6点": an hour that may be meant as one of the afternoon too. */
  readonly loose?: boolean;
  readonly late?: boolean;
}

/** In the order in which they are said. A day without a year is the next one of that name; an hour without a day belongs to the day before it, or is the next such hour. */
export const momentsIn = (text: string, now: number, timezone: string): readonly Moment[] => {
  const zone = zoneOf(timezone);
  const today = Math.floor(zone.toWall(now) / DAY);
  const moments: { day: number; minutes: number | null }[] = [];
  let late = false;
  for (const piece of piecesOf(text, today)) {
    const last = moments.at(-1);
    if (piece.day !== undefined) moments.push({ day: piece.day, minutes: null });
    else if (piece.minutes !== undefined && last?.minutes === null) last.minutes = piece.minutes;
    else if (piece.minutes !== undefined) {
      const day = last?.day ?? today;
      const early = last === undefined ? nowMinutes(zone.toWall(now)) : (last.minutes ?? 0);
      const afternoon = piece.minutes + HALF_DAY;
      const minutes =
        late && piece.loose === true && piece.minutes <= early && afternoon > early && afternoon <= 2 * HALF_DAY
          ? afternoon
          : piece.minutes;
      moments.push({ day: minutes > early ? day : day + 1, minutes });
    }
    late ||= piece.late === true;
  }
  return moments.map(({ day, minutes }) => ({
    day: zone.toInstant(day * DAY),
    at: minutes === null ? null : zone.toInstant(day * DAY + minutes * MINUTE),
  }));
};

const HALF_DAY = 12 * 60;

const nowMinutes = (wall: number): number => Math.floor((wall - Math.floor(wall / DAY) * DAY) / MINUTE);

const piecesOf = (text: string, today: number): readonly Piece[] => {
  const pieces: Piece[] = [];
  const free = (index: number, end: number): boolean => pieces.every((one) => end <= one.index || index >= one.end);
  const add = (match: RegExpExecArray, value: { day: number } | { minutes: number } | null): void => {
    const end = match.index + match[0].length;
    if (value !== null && free(match.index, end)) pieces.push({ index: match.index, end, ...value });
  };
  for (const match of all(DATE, text)) add(match, dateOf(match, pieces, today));
  for (const [words, offset] of NAMED) for (const match of all(words, text)) add(match, { day: today + offset });
  for (const match of all(WEEKDAY, text)) add(match, { day: weekdayAfter(match, today) });
  for (const match of all(TIME, text)) add(match, timeOf(match, text));
  return pieces.sort((a, b) => a.index - b.index);
};

const all = (pattern: RegExp, text: string): RegExpExecArray[] => [
  ...text.matchAll(new RegExp(pattern.source, `g${pattern.flags}`)),
];

const dateOf = (match: RegExpExecArray, before: readonly Piece[], today: number): { day: number } | null => {
  const { year, m1, d1, m2, d2, d3 } = match.groups ?? {};
  const now = new Date(today * DAY);
  const last = before.findLast((piece) => piece.day !== undefined)?.day;
  const base = last === undefined ? now : new Date(last * DAY);
  const month = Number(m1 ?? m2 ?? base.getUTCMonth() + 1);
  const date = Number(d1 ?? d2 ?? d3);
  const y = year === undefined ? now.getUTCFullYear() : Number(year);
  const day = dayNumber(y, month, date);
  if (day === null) return null;
  // "1-2", said in December, is in January; a day just past is a slip that the answer shows.
  return { day: year === undefined && day < today - 31 ? (dayNumber(y + 1, month, date) ?? day) : day };
};

const dayNumber = (year: number, month: number, date: number): number | null => {
  const ms = Date.UTC(year, month - 1, date);
  const made = new Date(ms);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? ms / DAY : null;
};

const weekdayAfter = (match: RegExpExecArray, today: number): number => {
  const { zh, en } = match.groups ?? {};
  const index = zh
    ? '一二三四五六日'.indexOf(zh.replace('天', '日'))
    : ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf((en ?? '').toLowerCase());
  return today + ((index - weekdayIndexOf(today) + 7) % 7);
};

const timeOf = (match: RegExpExecArray, text: string): { minutes: number; loose: boolean; late: boolean } | null => {
  const { h1, min, h2, half, h3, ap } = match.groups ?? {};
  let hour = Number(h1 ?? h2 ?? h3);
  const late = ap?.toLowerCase() === 'pm' || AFTERNOON.test(text.slice(0, match.index));
  if (late && hour < 12) hour += 12;
  if (ap?.toLowerCase() === 'am' && hour === 12) hour = 0;
  const minutes = hour * (HOUR / MINUTE) + (min === undefined ? (half === undefined ? 0 : 30) : Number(min));
  return hour > 24 || minutes > 24 * 60 ? null : { minutes, loose: h2 !== undefined, late };
};
