/** A payload as it came: proven to be the platform's, but its shape is only what the platform sends today. */
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
