/** More names than this are no longer looked through: a hint is not worth seconds. */
const MOST_NAMES = 1000;
const MOST_SHOWN = 3;

/** Up to three of the names that a mistyped or half-remembered one may mean, best first; of equals, the earlier one. */
export function near(said: string, names: Iterable<string>): readonly string[] {
  const wanted = said.slice(0, 60).toLowerCase();
  return [...names]
    .slice(0, MOST_NAMES)
    .map((name) => ({ name, apart: apartness(wanted, name.toLowerCase()) }))
    .filter(({ apart }) => apart !== null)
    .sort((a, b) => (a.apart ?? 0) - (b.apart ?? 0))
    .slice(0, MOST_SHOWN)
    .map(({ name }) => name);
}

/** The one that was probably meant, or null where none is near enough to be worth a question. */
export const nearest = (said: string, names: Iterable<string>): string | null => near(said, names)[0] ?? null;

/** Null: too far apart for a question. */
function apartness(a: string, b: string): number | null {
  if (a === b) return 0;
  // `db` for `db-l1`, `escalate` for `escalates_to`: the beginning is right, only the rest is missing.
  if (a.length > 1 && b.length > 1 && (b.startsWith(a) || a.startsWith(b))) return 1;
  const most = Math.max(1, Math.floor(Math.max(a.length, b.length) * 0.4));
  const slips = slipsBetween(a, b);
  if (slips <= most) return slips;
  // A part of a name, 数据库 for 腾讯数据库: a question, after everything that was merely misspelt.
  return a.length > 1 && b.includes(a) ? most : null;
}

/** Optimal string alignment: a swap of neighbours counts one, because that is the commonest slip of the finger. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      next.push(best);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
