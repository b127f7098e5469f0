/**
 * A second opinion on due instants: a minute at a time, by nothing but the names that `Intl` gives to instants. It shares no line with the program's
 * calendar, and is far too slow for it.
 */
const MINUTE = 60_000;

export type Hours = (minute: number) => boolean;

const WORKDAYS = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri']);

/** Whether the minute that begins at an instant is open: one interval a day. */
export function hoursOf(calendar: { readonly zone: string; readonly days: string; readonly open: string }): Hours {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: calendar.zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [from, to] = calendar.open.split('-') as [string, string];
  return (minute) => {
    const parts = new Map(format.formatToParts(minute).map(({ type, value }) => [type, value]));
    const time = `${parts.get('hour')}:${parts.get('minute')}`;
    const isDay = calendar.days === 'mon-sun' || WORKDAYS.has(parts.get('weekday') ?? '');
    return isDay && time >= from && time < to;
  };
}

/** The instant at which so much open time is used up; `from` and `needMs` are whole minutes. */
export function dueBy(isOpen: Hours, from: number, needMs: number): number {
  let left = needMs;
  let at = from;
  for (; left > 0; at += MINUTE) if (isOpen(at)) left -= MINUTE;
  return at;
}
