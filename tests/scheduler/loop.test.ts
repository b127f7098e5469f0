import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createLoop } from '../../src/scheduler/loop.ts';

describe('a loop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function started(
    nextAt: () => number | null,
    options: { readonly spacing?: number; readonly during?: () => void } = {},
  ) {
    const { spacing, during } = options;
    const steps: number[] = [];
    const loop = createLoop({
      now: Date.now,
      failed: (error) => {
        throw error;
      },
      ...(spacing === undefined ? {} : { spacing }),
      step: () => {
        steps.push(Date.now());
        during?.();
        return Promise.resolve({ again: false, nextAt: nextAt() });
      },
    });
    loop.start();
    return { loop, steps };
  }

  it('sleeps until what is due next, or until a nudge names an earlier instant', async () => {
    const { loop, steps } = started(() => 1_000);
    await vi.advanceTimersByTimeAsync(100);
    loop.nudge(1_500);
    loop.nudge(400);
    await vi.advanceTimersByTimeAsync(299);
    expect(steps).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(steps).toEqual([0, 400]);
    loop.nudge();
    expect(steps).toEqual([0, 400, 400]);
    await loop.stop();
  });

  it('looks again at the instant that a nudge named while it was looking', async () => {
    const nudge: { now: () => void } = { now: () => undefined };
    const { loop, steps } = started(() => null, { during: () => nudge.now() });
    nudge.now = () => {
      nudge.now = () => undefined;
      loop.nudge(700);
    };
    loop.nudge();
    await vi.advanceTimersByTimeAsync(699);
    const before = steps.length;
    await vi.advanceTimersByTimeAsync(1);
    expect(steps.slice(before)).toEqual([700]);
    await loop.stop();
  });

  it('answers the first nudge at once, and those that follow it together', async () => {
    const { loop, steps } = started(() => null, { spacing: 20 });
    await vi.advanceTimersByTimeAsync(100);
    loop.nudge();
    for (let ms = 0; ms < 40; ms += 5) {
      loop.nudge();
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(steps).toEqual([0, 100, 120, 140]);
    await loop.stop();
    loop.nudge();
    expect(steps).toHaveLength(4);
  });
});
