import { describe, expect, it } from 'vitest';

import { table } from '../../bench/support/report.ts';
import { SCENARIOS } from './scenarios.ts';

describe('what is broken on purpose, in short', () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
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
