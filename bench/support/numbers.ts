/** `share` 0.99: the value that 99 % of them do not exceed. NaN of nothing, which meets no goal. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until the answer is neither null nor false. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | false> | T | null | false,
  options: { readonly withinMs: number; readonly everyMs?: number },
): Promise<T> {
  const end = performance.now() + options.withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${options.withinMs} ms in vain for: ${what}`);
    await sleep(options.everyMs ?? 5);
  }
}
