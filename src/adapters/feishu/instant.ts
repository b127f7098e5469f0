/**
 * A time of Feishu's as UTC ms: its fields hold seconds, milliseconds or microseconds, as numbers or as text, and are told apart by their size (each is
 * meant for the years 1973 to 5138). Null: it is none.
 */
export const instant = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,17}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0 || number >= 1e17) return null;
  if (number < 1e11) return Math.round(number * 1_000);
  return number < 1e14 ? Math.round(number) : Math.round(number / 1_000);
};
