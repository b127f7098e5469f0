/**
 * What people and programs send, in a form that every store, chat and browser takes: NUL characters are left out (SQLite ends a text there), halves of
 * surrogate pairs become U+FFFD (no encoding has them).
 */
export const wellFormed = (text: string): string =>
  DOUBTFUL.test(text) ? text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd') : text;

/** Halves of pairs that are whole among them. Almost no text has any, and every event passes here before it is acknowledged. */
const DOUBTFUL = /[\0\ud800-\udfff]/;

/** The same for every text within plain data; what needs no change is not copied. */
export function wellFormedData<T>(data: T): T {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return wellFormed(value);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const cleaned = entries.map(([key, inner]) => [key, clean(inner)] as const);
    if (cleaned.every(([, inner], i) => inner === entries[i]?.[1])) return value;
    return Array.isArray(value) ? cleaned.map(([, inner]) => inner) : Object.fromEntries(cleaned);
  };
  return clean(data) as T;
}
