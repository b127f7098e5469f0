/** A payload as it came: signed by Slack, so its author is known, but its shape is only what Slack sends today. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = {};

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under `key`; an empty one where there is none, so that a chain of reads never throws. */
export const at = (raw: Raw, key: string): Raw => {
  const value = raw[key];
  return isRaw(value) ? value : NOTHING;
};

/** The non-empty string under `key`. */
export const text = (raw: Raw, key: string): string | null => {
  const value = raw[key];
  return typeof value === 'string' && value !== '' ? value : null;
};

export const list = (raw: Raw, key: string): readonly Raw[] => {
  const value = raw[key];
  return Array.isArray(value) ? value.filter(isRaw) : [];
};

/** A Slack `ts` (`1721000000.000200`) as UTC ms; null where it is none. */
export const msOf = (ts: string | null): number | null => {
  const seconds = ts === null ? Number.NaN : Number(ts);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
};
