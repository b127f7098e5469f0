export { at, isRaw, list, text, type Raw } from '../raw.ts';

/** A Slack `ts` (`1721000000.000200`) as UTC ms; null where it is none. */
export const msOf = (ts: string | null): number | null => {
  const seconds = ts === null ? Number.NaN : Number(ts);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
};
