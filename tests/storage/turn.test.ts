import { describe, expect, it } from 'vitest';
import { Turn } from '../../src/storage/sqlite/turn.ts';

describe('a turn of the event loop that SQLite has kept for long', () => {
  it('is left to what waits outside before the next statement is run', async () => {
    const turn = new Turn();
    const order: string[] = [];
    setTimeout(() => order.push('a timer'), 0);
    turn.spent(9);
    await turn.run(() => order.push('a statement'));
    expect(order).toEqual(['a timer', 'a statement']);
  });

  it('is long by the sum of short ones, and the next begins with none', async () => {
    const turn = new Turn();
    turn.spent(5);
    expect(turn.room).toBeNull();
    turn.spent(5);
    await turn.room;
    expect(turn.room).toBeNull();
  });

  it('is not waited for while it has room: the statement runs before any timer', async () => {
    const turn = new Turn();
    const order: string[] = [];
    setTimeout(() => order.push('a timer'), 0);
    await turn.run(() => order.push('a statement'));
    expect(order).toEqual(['a statement']);
  });
});
