/** Optimal string alignment: a swap of neighbours counts one, because that is the commonest slip of the finger. */
const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
};

const score = (word: string, candidate: string): number => {
  const a = word.toLowerCase();
  const b = candidate.toLowerCase();
  if (a === b) return 0;
  // `db` for `db-l1`, `escalate` for `escalates_to`: the beginning is right, only the rest is missing.
  if (a.length > 1 && b.length > 1 && (b.startsWith(a) || a.startsWith(b))) return 1;
  return distance(a, b);
};

/** The candidates in order of likeness, the most alike first; at most `count`. Of equals, the earlier one. */
export const ranked = (word: string, candidates: Iterable<string>, count: number): string[] =>
  [...candidates]
    .map((candidate) => ({ candidate, score: score(word.slice(0, 60), candidate) }))
    .sort((x, y) => x.score - y.score)
    .slice(0, count)
    .map((x) => x.candidate);

/** More names than this are no longer looked through: a hint is not worth seconds. */
const MAX_CANDIDATES = 1000;

/** The one that was probably meant, or null where none is near enough to be worth a question. */
export const nearest = (word: string, candidates: Iterable<string>): string | null => {
  const best = ranked(word, [...candidates].slice(0, MAX_CANDIDATES), 1)[0];
  if (best === undefined) return null;
  return score(word, best) <= Math.max(1, Math.floor(Math.max(word.length, best.length) / 3)) ? best : null;
};
