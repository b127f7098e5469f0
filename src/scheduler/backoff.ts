/** Between tries: 1 s, 2 s, 4 s, … at most 5 min, spread by `chance` (0–1) so that a platform that comes back is not met by everything at once. */
export function backoffMs(attempts: number, chance: number): number {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 20));
  return Math.round(base * (0.75 + chance * 0.5));
}

/** A permanent-looking problem that lasts this long is a dead letter: about a day of tries. */
export const MAX_ATTEMPTS = 250;
