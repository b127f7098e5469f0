import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN, changes, symptoms } from '../../src/watch/symptoms.ts';
import type { Facts, Seen } from '../../src/watch/symptoms.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 19, 4);

/** All is well; the process has run for an hour. */
const WELL: Omit<Facts, 'at' | 'wall' | 'monotonic'> = {
  steadyFrom: -HOUR,
  databaseAheadMs: null,
  timers: { overdueMs: 0, ticket: null },
  inbox: { waiting: 0, oldestMs: 0 },
  outbox: { due: 0, oldestMs: 0, failing: null },
  deadLetters: { count: 0, newestAt: null },
  buriedEvents: { count: 0, newestAt: null },
  platforms: [{ name: 'slack', ok: true, line: 'slack: connected' }],
  audit: null,
};

const DOWN = [{ name: 'slack', ok: false, line: 'slack: 0 of 2 connections' }];

/** Looks, ten seconds apart unless said otherwise; what began and ended is kept as `12 +late_timer`, with the second of the look. */
class Looks {
  seen: Seen;
  readonly said: string[] = [];
  #monotonic = 0;
  #wall = NOON;

  constructor(seen: Seen = NOTHING_SEEN) {
    this.seen = seen;
  }

  look(facts: Partial<Facts> = {}, afterMs = 10 * SECOND, jumpMs = 0): this {
    this.#monotonic += afterMs;
    this.#wall += afterMs + jumpMs;
    const now = { at: this.#wall, wall: this.#wall, monotonic: this.#monotonic };
    const after = symptoms({ ...WELL, ...now, ...facts }, this.seen);
    const { begun, over } = changes(this.seen, after);
    const second = this.#monotonic / SECOND;
    this.said.push(...begun.map(({ name }) => `${second} +${name}`), ...over.map(({ name }) => `${second} -${name}`));
    this.seen = after;
    return this;
  }

  looks(count: number, facts: Partial<Facts> = {}): this {
    for (let i = 0; i < count; i++) this.look(facts);
    return this;
  }

  get names(): readonly string[] {
    return this.seen.symptoms.map(({ name }) => name);
  }
}

const overdue = (ms: number): Partial<Facts> => ({ timers: { overdueMs: ms, ticket: 12 } });
const outbox = (more: Partial<Facts['outbox']>): Partial<Facts> => ({ outbox: { ...WELL.outbox, ...more } });

describe('what begins a symptom', () => {
  it.each<[string, Partial<Facts>, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['a timer overdue by 5 s', overdue(5_000), []],
    ['a timer overdue by more', overdue(5_001), ['late_timer']],
    ['an event that waits for 10 s', { inbox: { waiting: 1, oldestMs: 10_000 } }, []],
    ['an event that waits longer', { inbox: { waiting: 1, oldestMs: 10_001 } }, ['inbox']],
    ['a message that is due for a minute', outbox({ due: 1, oldestMs: 60_000 }), []],
    ['a message that is due for longer', outbox({ due: 1, oldestMs: 60_001 }), ['outbox']],
    ['many messages at once', outbox({ due: 5_000, oldestMs: 3_000 }), []],
    ['a message that failed just now', outbox({ due: 1, failing: 7 }), []],
    ['a dead letter', { deadLetters: { count: 1, newestAt: NOON } }, ['dead_letters']],
    ['an event that was given up today', { buriedEvents: { count: 1, newestAt: NOON - HOUR } }, ['buried_events']],
    ['one of last week', { buriedEvents: { count: 1, newestAt: NOON - 170 * HOUR } }, []],
    ['a platform that is down just now', { platforms: DOWN }, []],
    ['a database two seconds ahead', { databaseAheadMs: 2_000 }, []],
    ['a database further behind', { databaseAheadMs: -2_001 }, ['clock']],
    ['an audit without a difference', { audit: { at: NOON, looked: 9, tickets: [], rows: [] } }, []],
    ['an audit with one', { audit: { at: NOON, looked: 9, tickets: [12], rows: [] } }, ['audit']],
  ])('%s', (_, facts, names) => {
    expect(new Looks().look(facts).names).toEqual(names);
  });

  it.each([
    ['forwards', 2_001, ['clock']],
    ['backwards', -2_001, ['clock']],
    ['by as little as NTP moves it', 2_000, []],
  ])('the machine’s clock goes %s between two looks', (_, jumpMs, names) => {
    expect(new Looks().look().look({}, 10_000, jumpMs).names).toEqual(names);
  });

  it('looks that come late are no jump: a busy machine is not a wrong clock', () => {
    expect(new Looks().look().look({}, 300_000).names).toEqual([]);
  });

  it('a platform that is down for more than a minute; a shorter gap before starts the minute anew', () => {
    const looks = new Looks().looks(4, { platforms: DOWN }).look().looks(6, { platforms: DOWN });
    expect(looks.names).toEqual([]);
    expect(looks.looks(2, { platforms: DOWN }).names).toEqual(['adapter:slack']);
    expect(looks.seen.symptoms[0]).toMatchObject({
      since: NOON + 60_000,
      about: { line: 'slack: 0 of 2 connections' },
    });
  });

  it('one message that fails for more than a minute, however often its next try is put off', () => {
    const failing = outbox({ due: 1, failing: 7 });
    const looks = new Looks().looks(7, failing);
    expect(looks.names).toEqual([]);
    expect(looks.look(failing).names).toEqual(['outbox']);
    expect(new Looks().looks(4, failing).looks(4, outbox({ due: 1, failing: 8 })).names).toEqual([]);
  });

  it.each([
    ['grows at every look', [100, 110, 120, 130, 140, 150], ['outbox']],
    ['stands', [100, 110, 120, 130, 140, 140], []],
    ['is small', [1, 2, 3, 4, 5, 6], []],
  ])('an outbox that %s', (_, counts, names) => {
    const looks = new Looks();
    for (const due of counts) looks.look(outbox({ due }));
    expect(looks.names).toEqual(names);
  });
});

describe('a symptom is said once when it begins and once when it is over', () => {
  it('it goes on between the thresholds, and is over after half a minute well below', () => {
    const looks = new Looks().looks(3, overdue(9_000)).looks(3, overdue(4_000)).look().look(overdue(4_000)).looks(4);
    expect(looks.said).toEqual(['10 +late_timer', '120 -late_timer']);
  });

  it('one that comes back within that time was never over', () => {
    const looks = new Looks().look(overdue(9_000)).looks(2).look(overdue(9_000)).looks(4);
    expect(looks.said).toEqual(['10 +late_timer', '80 -late_timer']);
  });

  it('a clock that was set is steady again after five minutes', () => {
    const looks = new Looks().look().look({}, 10_000, HOUR).look({}, 10_000, -30_000).looks(31);
    expect(looks.said).toEqual(['20 +clock', '340 -clock']);
  });

  it('a dead letter that is settled is over at once', () => {
    const looks = new Looks().look({ deadLetters: { count: 1, newestAt: NOON } }).look();
    expect(looks.said).toEqual(['10 +dead_letters', '20 -dead_letters']);
  });

  it('further dead letters are told at most once an hour', () => {
    const looks = new Looks();
    const dead = (count: number): Partial<Facts> => ({ deadLetters: { count, newestAt: NOON + count } });
    for (let i = 1; i <= 730; i++) looks.look(dead(i));
    expect(looks.said).toEqual(['10 +dead_letters', '3610 +dead_letters', '7210 +dead_letters']);
    // The last nine, and then no more.
    expect(looks.looks(1_000, dead(730)).said.slice(3)).toEqual(['10810 +dead_letters']);
  });

  it('differences that were mended are over with the next audit that finds none', () => {
    const looks = new Looks().looks(3, { audit: { at: NOON, looked: 9, tickets: [12], rows: [] } });
    looks.looks(2, { audit: { at: NOON + HOUR, looked: 9, tickets: [], rows: [] } });
    expect(looks.said).toEqual(['10 +audit', '40 -audit']);
  });

  it('before the first audit after a restart nothing is known: what was wrong is neither over nor said again', () => {
    const before = new Looks().look({ audit: { at: NOON, looked: 9, tickets: [12], rows: [] } });
    const after = new Looks(before.seen).looks(5);
    expect(after.said).toEqual([]);
    expect(after.names).toEqual(['audit']);
  });

  it('a platform that is down is over with its configuration', () => {
    const looks = new Looks().looks(8, { platforms: DOWN }).looks(2, { platforms: [] });
    expect(looks.said).toEqual(['80 +adapter:slack', '90 -adapter:slack']);
  });

  it('several at a time, each by itself', () => {
    const looks = new Looks().look({ ...overdue(9_000), deadLetters: { count: 1, newestAt: NOON } });
    looks.look(overdue(9_000)).looks(4);
    expect(looks.said).toEqual(['10 +late_timer', '10 +dead_letters', '20 -dead_letters', '60 -late_timer']);
  });
});

describe('what is no fault', () => {
  it('a visitor moves the clock by four hours: what is due at once is not late, what stays so is', () => {
    const looks = new Looks().look();
    const moved = { ...overdue(4 * HOUR), inbox: { waiting: 1, oldestMs: 4 * HOUR }, steadyFrom: 15_000 };
    expect(looks.look(moved).names).toEqual([]);
    expect(looks.look(moved).names).toEqual(['late_timer', 'inbox']);
    expect(looks.seen.symptoms[0]).toMatchObject({ about: { ticket: 12, ms: 15_000 } });
  });

  it('at the start of the process everything that was due meanwhile is overdue, and rings now', () => {
    expect(new Looks().look({ ...overdue(HOUR), steadyFrom: 9_000 }).names).toEqual([]);
  });

  it('a machine’s clock that is set forwards is said as that, and not as late timers', () => {
    const looks = new Looks().look().look(overdue(HOUR), 10_000, HOUR);
    expect(looks.names).toEqual(['clock']);
  });
});
