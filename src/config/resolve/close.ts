import { parseDuration } from '../../domain/duration.ts';
import type { CloseRules } from '../../domain/policy.ts';
import { own } from '../checks/context.ts';
import { ALWAYS, DEFAULT_CAUSES, DEFAULT_CLOSE, DEFAULT_CLOSURES } from '../defaults.ts';
import type { CompleteFile } from '../defaults.ts';
import { businessDayMs, businessDaysPerWeek } from './calendars.ts';
import { inherited } from './policies.ts';

export const resolveClose = (file: CompleteFile, defaultSla: string | null): CloseRules => {
  const close = file.close ?? {};
  const promised = defaultSla === null ? null : inherited(file.sla_policies, defaultSla);
  // Business days are those of the promise, unless the file says otherwise.
  const calendar = close.calendar ?? (promised === null ? null : (promised.calendar ?? ALWAYS));
  const days = own(file.calendars, calendar ?? undefined);
  const open = (written: string): number => (days === undefined ? parseDuration(written) : businessTime(written, days));
  return {
    reminderMs: open(close.reminder ?? DEFAULT_CLOSE.reminder),
    autoCloseMs: open(close.auto_close ?? DEFAULT_CLOSE.autoClose),
    reopenWindowMs: close.reopen_window ?? DEFAULT_CLOSE.reopenWindowMs,
    callBackReminderMs: open(DEFAULT_CLOSE.callBackReminder),
    calendar,
    causes: close.causes ?? DEFAULT_CAUSES,
    closures: close.closures ?? DEFAULT_CLOSURES,
    callBack:
      close.callback === undefined
        ? null
        : { sample: parseFloat(close.callback.sample ?? '0'), when: close.callback.when ?? null },
  };
};

/** `3d` is three business days here ("auto-close after N business days", domain page), `1w` those of a week; hours are hours. */
const businessTime = (written: string, calendar: CompleteFile['calendars'][string]): number => {
  const day = businessDayMs(calendar);
  let total = 0;
  for (const [part, count, unit] of written.matchAll(/(\d+)([a-z])/g)) {
    if (unit === 'd') total += Number(count) * day;
    else if (unit === 'w') total += Number(count) * day * businessDaysPerWeek(calendar);
    else total += parseDuration(part);
  }
  return total;
};
