import { describe, expect, it } from 'vitest';
import { table } from '../../bench/support/report.ts';
import { SCENARIOS } from './scenarios.ts';

/** The scenarios as `npm test` runs them, in two files side by side: those that kill programs, and the others. */
export function inShort(title: string, isMine: (name: string) => boolean): void {
  describe(title, () => {
    for (const [name, scenario] of Object.entries(SCENARIOS).filter(([each]) => isMine(each))) {
      it(`${name}: every figure is within its limit`, { timeout: 240_000 }, async ({ annotate }) => {
        const figures = await scenario('short');
        const missed = figures.filter(({ pass }) => pass === false);
        for (const { name: what, against, measured } of figures)
          if (measured === 'not run') await annotate(`not run: ${what}: ${against}`, 'warning');
        expect(figures).not.toEqual([]);
        expect(missed, table(figures)).toEqual([]);
      });
    }
  });
}

export const killsPrograms = (name: string): boolean => ['kill', 'two', 'durable', 'disk'].includes(name);
