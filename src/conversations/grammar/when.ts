/** Instants as people say them: "明天下午", "tomorrow 10am", "昨晚10点左右", "20 minutes ago". Pure; UTC ms out. */
import { DAY, HOUR, MINUTE } from '../../domain/instant.ts';
import { weekdayIndexOf } from '../../domain/local-date.ts';
import { zoneOf } from '../../domain/zone.ts';

export interface Said {
  /** UTC ms. */
  readonly at: number;
  /** The words that say it, and where they stand. */
  readonly text: string;
  readonly index: number;
}

/** What comes after "until"; a bare clock time is the next instant it can mean. Null: no instant is named. */
export const readFuture = (text: string, now: number, timezone: string): Said | null => read(text, now, timezone, 1);

/** When something began; a bare clock time is the latest instant it can mean. */
export const readPast = (text: string, now: number, timezone: string): Said | null => read(text, now, timezone, -1);

type Direction = 1 | -1;

/** How far back or ahead a count reaches: beyond it "3天" is an amount, not an instant. */
const MOST_DAYS = 60;

const DAYS: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/前天/, -2],
  [/昨[天日晚夜]|yesterday|last night/i, -1],
  [/后天|day after tomorrow/i, 2],
  [/明[天日晚早]|tomorrow/i, 1],
  [/今[天日晚早]|today|tonight|this (?:morning|afternoon|evening)/i, 0],
];

const WEEKDAY =
  /(下下?)?(?:周|星期|礼拜)([一二三四五六日天])|(next )?\b(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/i;
const HAN_DAYS = '一二三四五六日';
const EN_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const CLOCK =
  /(?<![\d.:/-])(\d{1,2})[:：](\d{2})(?::\d{2})?(?![\d.:])\s*(am|pm)?|(?<![\d.])(\d{1,2})\s*(am|pm)\b|([零一二两三四五六七八九十]{1,3}|(?<![\d.])\d{1,2})\s*点(?:钟|整)?(?:(半)|(\d{1,2})分?)?/i;

const PART: readonly (readonly [RegExp, number])[] = [
  [/凌晨/, 6],
  [/上午|早上|[明今昨]早|morning|first thing/i, 12],
  [/中午|noon|lunch/i, 12],
  [/下午|afternoon/i, 18],
  [/晚上|[今明昨]晚|昨夜|tonight|evening|midnight|last night/i, 24],
  [/下班前?|\beod\b|\bcob\b|end of (?:the )?day/i, 18],
];

const LENGTH =
  /(\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)\s*(?:个半?)?(分钟|小时|钟头|天|minutes?|mins?|hours?|hrs?|days?)(?![a-z])/i;

const read = (text: string, now: number, timezone: string, direction: Direction): Said | null => {
  const zone = zoneOf(timezone);
  const today = Math.floor(zone.toWall(now) / DAY);
  const day = dayIn(text, today, direction);
  const clock = CLOCK.exec(text);
  const part = PART.map(([pattern, hour]) => [pattern.exec(text), hour] as const).find(([match]) => match !== null);
  const found = [day?.match ?? null, clock, part?.[0] ?? null].filter((match) => match !== null);
  if (found.length === 0) return lengthIn(text, now, zone.toWall(now), (wall) => zone.toInstant(wall), direction);

  const said = cover(text, found);
  if (clock) {
    const minutes = minutesOf(clock, part?.[0]?.[0] ?? '');
    if (minutes === null) return null;
    if (day) return { at: zone.toInstant(day.day * DAY + minutes * MINUTE), ...said };
    const twelve = minutes <= 12 * 60 && clock[3] === undefined && clock[5] === undefined && !part;
    return { at: nearest(now, today, minutes, twelve, direction, (wall) => zone.toInstant(wall)), ...said };
  }
  // "since this morning" names no instant that a clock could start from; "until this evening" does.
  if (direction === -1) return null;
  const date = day?.day ?? today;
  const hour = part?.[1] ?? 18;
  const at = zone.toInstant(date * DAY + hour * HOUR);
  return { at: at > now || hour === 24 ? at : zone.toInstant((date + 1) * DAY), ...said };
};

const dayIn = (text: string, today: number, direction: Direction): { day: number; match: RegExpExecArray } | null => {
  for (const [pattern, offset] of DAYS) {
    const match = pattern.exec(text);
    if (match) return { day: today + offset, match };
  }
  const match = WEEKDAY.exec(text);
  if (!match) return null;
  const [, zhNext, zhDay, enNext, enDay] = match;
  const index = zhDay
    ? HAN_DAYS.indexOf(zhDay.replace('天', '日'))
    : EN_DAYS.indexOf((enDay ?? '').slice(0, 3).toLowerCase());
  const monday = today - weekdayIndexOf(today);
  if (zhNext || enNext) return { day: monday + 7 * (zhNext?.length ?? 1) + index, match };
  const day = monday + index;
  // "Friday" said on a Saturday is the next one, or the last one.
  if (direction === 1) return { day: day < today ? day + 7 : day, match };
  return { day: day > today ? day - 7 : day, match };
};

const minutesOf = (clock: RegExpExecArray, part: string): number | null => {
  const [, hh, mm, meridiem, hour12, meridiem12, han, half, minute] = clock;
  let hours = hh !== undefined ? Number(hh) : hour12 !== undefined ? Number(hour12) : numberOf(han ?? '');
  const minutes = mm !== undefined ? Number(mm) : half ? 30 : minute ? Number(minute) : 0;
  if (hours === null || hours > 24 || minutes > 59) return null;
  const ampm = (meridiem ?? meridiem12)?.toLowerCase();
  if (ampm === 'pm' && hours < 12) hours += 12;
  if (ampm === 'am' && hours === 12) hours = 0;
  if (/下午|晚|夜|afternoon|evening|night/i.test(part) && hours < 12) hours += 12;
  if (/中午|noon/i.test(part) && hours < 4) hours += 12;
  return hours * 60 + minutes;
};

/** The next (or latest) instant at which a clock shows this time; "3点" may be either half of the day. */
const nearest = (
  now: number,
  today: number,
  minutes: number,
  twelve: boolean,
  direction: Direction,
  toInstant: (wall: number) => number,
): number => {
  const candidates = [-1, 0, 1].flatMap((offset) =>
    (twelve ? [minutes, minutes + 12 * 60] : [minutes]).map((m) => toInstant((today + offset) * DAY + m * MINUTE)),
  );
  return direction === 1
    ? Math.min(...candidates.filter((at) => at > now))
    : Math.max(...candidates.filter((at) => at <= now));
};

const lengthIn = (
  text: string,
  now: number,
  wall: number,
  toInstant: (wall: number) => number,
  direction: Direction,
): Said | null => {
  const match = LENGTH.exec(text);
  if (!match) return null;
  const count = match[1] === '半' ? 0.5 : numberOf(match[1] ?? '');
  if (count === null) return null;
  const unit = (match[2] ?? '').toLowerCase();
  const said = { text: match[0], index: match.index };
  if (/天|day/.test(unit)) {
    if (direction === -1 || count > MOST_DAYS) return null;
    return { at: toInstant((Math.floor(wall / DAY) + Math.round(count)) * DAY + 18 * HOUR), ...said };
  }
  return { at: now + direction * count * (/分|min/.test(unit) ? MINUTE : HOUR), ...said };
};

const cover = (text: string, matches: readonly RegExpExecArray[]): { text: string; index: number } => {
  const from = Math.min(...matches.map((match) => match.index));
  const to = Math.max(...matches.map((match) => match.index + match[0].length));
  return { text: text.slice(from, to), index: from };
};

const HAN_DIGITS = '零一二三四五六七八九';

/** `30`, `三`, `十二`, `二十`, `两`; null: not a number. */
const numberOf = (text: string): number | null => {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const han = text.replace('两', '二');
  const ten = han.indexOf('十');
  if (ten === -1) return han.length === 1 && HAN_DIGITS.includes(han) ? HAN_DIGITS.indexOf(han) : null;
  const tens = ten === 0 ? 1 : HAN_DIGITS.indexOf(han[ten - 1] ?? '');
  const ones = ten === han.length - 1 ? 0 : HAN_DIGITS.indexOf(han[ten + 1] ?? '');
  return tens < 0 || ones < 0 ? null : tens * 10 + ones;
};
