/**
 * What people and programs send, in a form that every store, chat and browser takes: NUL characters are left out (SQLite ends a text there), halves of
 * surrogate pairs become U+FFFD (no encoding has them).
 */
export const wellFormed = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd');

/** The same for every text within plain data. */
export function wellFormedData<T>(data: T): T {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return wellFormed(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
  };
  return clean(data) as T;
}
