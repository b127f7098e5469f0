import { DAY } from '../domain/instant.ts';
import type { Ailment, Facts, Seen } from './symptoms.ts';

/** What a look says of one thing that is watched. */
export interface Verdict {
  readonly name: string;
  /** `unclear`: between the two thresholds, what was goes on. */
  readonly state: 'wrong' | 'unclear' | 'well';
  readonly about: Ailment;
  readonly mark: number;
  /** How long it has been so already, ms. */
  readonly forMs: number;
  /** How long it has to be well before it is over, ms. */
  readonly calmMs: number;
}

const SECOND = 1_000;
const LATE_MS = 5 * SECOND;
const INBOX_MS = 10 * SECOND;
const OUTBOX_MS = 60 * SECOND;
const ADAPTER_MS = 60 * SECOND;
const SKEW_MS = 2 * SECOND;
/** Fewer rows are a morning's digests; more that still grow are a platform that takes none. */
const CROWD = 100;
/** So many looks in a row with more each time. */
const GROWING = 6;
const CALM_MS = 30 * SECOND;
/** A clock that is being set is often set more than once. */
const CLOCK_CALM_MS = 5 * 60 * SECOND;
/** An event that could not be handled stays for ever: it is news for a day. */
const BURIED_MS = DAY;

export function verdictsOn(
  facts: Facts,
  before: Seen,
): Omit<Seen, 'symptoms'> & { readonly verdicts: readonly Verdict[] } {
  const { monotonic } = facts;
  const drift = driftOf(facts, before);
  const jumpedAt = Math.abs(drift) > SKEW_MS ? monotonic : before.jumpedAt;
  /** Nobody can have waited longer than the clock has gone steadily: what was "due for an hour" a moment after it was moved is due now. */
  const steadyMs = monotonic - Math.max(facts.steadyFrom, jumpedAt ?? facts.steadyFrom);
  const waited = (ms: number): number => Math.max(0, Math.min(ms, steadyMs));

  const { failing: row } = facts.outbox;
  const failing = row === null ? null : before.failing?.row === row ? before.failing : { row, from: monotonic };
  const due = [...before.due, facts.outbox.due].slice(-GROWING);
  const down = facts.platforms.filter(({ ok }) => !ok).map(({ name }) => name);
  const downFrom = new Map(down.map((name) => [name, before.downFrom.get(name) ?? monotonic]));

  const outboxMs = Math.max(waited(facts.outbox.oldestMs), failing === null ? 0 : monotonic - failing.from);
  const { timers, inbox } = facts;
  const verdicts = [
    tooLong({ kind: 'late_timer', ticket: timers.ticket, ms: waited(timers.overdueMs) }, LATE_MS),
    tooLong({ kind: 'inbox', waiting: inbox.waiting, ms: waited(inbox.oldestMs) }, INBOX_MS),
    outboxOf({ kind: 'outbox', waiting: facts.outbox.due, ms: outboxMs }, due),
    deadLetters(facts),
    buriedEvents(facts),
    clockOf(facts, drift),
    ...facts.platforms.map(({ name, line }) => adapter(name, line, monotonic, downFrom.get(name))),
    ...noLongerThere(facts, before),
    ...auditOf(facts),
  ];
  return { verdicts, last: { wall: facts.wall, monotonic }, downFrom, failing, due, jumpedAt };
}

const usual = { mark: 0, forMs: 0, calmMs: CALM_MS };

/** Above the threshold, well below it, or between the two. */
const stateOf = (ms: number, limit: number): Verdict['state'] =>
  ms > limit ? 'wrong' : ms > limit / 2 ? 'unclear' : 'well';

const tooLong = (about: Extract<Ailment, { kind: 'late_timer' | 'inbox' }>, limit: number): Verdict => ({
  ...usual,
  name: about.kind,
  state: stateOf(about.ms, limit),
  about,
  forMs: about.ms,
});

function outboxOf(about: Extract<Ailment, { kind: 'outbox' }>, due: readonly number[]): Verdict {
  const grows =
    due.length === GROWING && (due[0] ?? 0) >= CROWD && due.every((count, i) => i === 0 || count > (due[i - 1] ?? 0));
  const state = grows ? 'wrong' : stateOf(about.ms, OUTBOX_MS);
  return {
    ...usual,
    name: 'outbox',
    state: state === 'well' && about.waiting >= CROWD ? 'unclear' : state,
    about,
    forMs: about.ms,
  };
}

const deadLetters = ({ deadLetters: { count, newestAt } }: Facts): Verdict => ({
  ...usual,
  name: 'dead_letters',
  state: count > 0 ? 'wrong' : 'well',
  about: { kind: 'dead_letters', count },
  mark: newestAt ?? 0,
  calmMs: 0,
});

const buriedEvents = ({ at, buriedEvents: { count, newestAt } }: Facts): Verdict => ({
  ...usual,
  name: 'buried_events',
  state: newestAt !== null && at - newestAt < BURIED_MS ? 'wrong' : 'well',
  about: { kind: 'buried_events', count },
  mark: newestAt ?? 0,
  calmMs: 0,
});

function adapter(platform: string, line: string, monotonic: number, from: number | undefined): Verdict {
  const ms = from === undefined ? 0 : monotonic - from;
  return {
    ...usual,
    name: `adapter:${platform}`,
    state: from === undefined ? 'well' : ms > ADAPTER_MS ? 'wrong' : 'unclear',
    about: { kind: 'adapter', platform, line },
    forMs: ms,
  };
}

/** A platform that was taken out of the configuration while it was down would be down for ever. */
const noLongerThere = (facts: Facts, before: Seen): readonly Verdict[] =>
  before.symptoms.flatMap(({ name, about }) =>
    about.kind === 'adapter' && !facts.platforms.some((platform) => platform.name === about.platform)
      ? [{ ...usual, name, state: 'well' as const, about, calmMs: 0 }]
      : [],
  );

function clockOf({ databaseAheadMs }: Facts, drift: number): Verdict {
  const apart = databaseAheadMs ?? 0;
  const jumped = Math.abs(drift) > SKEW_MS;
  return {
    ...usual,
    name: 'clock',
    state: jumped || Math.abs(apart) > SKEW_MS ? 'wrong' : 'well',
    about: jumped ? { kind: 'clock', against: 'itself', ms: drift } : { kind: 'clock', against: 'database', ms: apart },
    calmMs: CLOCK_CALM_MS,
  };
}

/** How far the clock on the wall went off since the last look, beyond the time that really passed. */
function driftOf({ wall, monotonic }: Facts, { last }: Seen): number {
  return last === null ? 0 : wall - last.wall - (monotonic - last.monotonic);
}

/** Mended differences are over with the next audit that finds none. */
const auditOf = ({ audit }: Facts): readonly Verdict[] =>
  audit === null
    ? []
    : [
        {
          ...usual,
          name: 'audit',
          state: audit.tickets.length > 0 ? 'wrong' : 'well',
          about: { kind: 'audit', tickets: audit.tickets },
          calmMs: 0,
        },
        {
          ...usual,
          name: 'rows',
          state: audit.rows.length > 0 ? 'wrong' : 'well',
          about: { kind: 'rows', tickets: audit.rows },
          calmMs: 0,
        },
      ];
