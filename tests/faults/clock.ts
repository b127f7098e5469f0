import { until } from '../../bench/support/numbers.ts';
import { below, exactly } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { startApp } from '../support/app.ts';
import type { App } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';
import { dueBy, hoursOf } from './calendar-by-hand.ts';
import { set, suspended } from './clock-real.ts';
import type { Scenario } from './scenario.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

interface Case {
  readonly name: string;
  readonly project: keyof typeof CALENDARS;
  /** When the ticket is raised. */
  readonly from: string;
}

/** Each with the open time that `resolve` allows. */
const CALENDARS = {
  berlin: { zone: 'Europe/Berlin', days: 'mon-sun', open: '00:00-06:00', target: 11 * HOUR },
  newyork: { zone: 'America/New_York', days: 'mon-sun', open: '00:00-06:00', target: 11 * HOUR },
  sydney: { zone: 'Australia/Sydney', days: 'mon-sun', open: '00:00-06:00', target: 11 * HOUR },
  office: { zone: 'Europe/Berlin', days: 'mon-fri', open: '09:00-17:00', target: 12 * HOUR },
  long: { zone: 'UTC', days: 'mon-sun', open: '00:00-24:00', target: 30 * DAY },
} as const;

/** In the order of time, which only moves on from one to the next. */
const CASES: readonly Case[] = [
  { name: 'New York, an hour less', project: 'newyork', from: '2027-03-13T02:00-05:00' },
  { name: 'Berlin, an hour less', project: 'berlin', from: '2027-03-27T02:00+01:00' },
  { name: 'Sydney, an hour more', project: 'sydney', from: '2027-04-03T02:00+11:00' },
  { name: 'Sydney, an hour less', project: 'sydney', from: '2027-10-02T02:00+10:00' },
  { name: 'Berlin, an hour more', project: 'berlin', from: '2027-10-30T02:00+02:00' },
  { name: 'New York, an hour more', project: 'newyork', from: '2027-11-06T02:00-04:00' },
  { name: '29 February', project: 'office', from: '2028-02-28T13:00+01:00' },
  { name: 'longer than 24.8 days', project: 'long', from: '2028-03-02T09:00+01:00' },
];

const CONFIG = `version: 1
calendars:
${each(({ zone, days, open }, name) => `  ${name}: { timezone: ${zone}, hours: { ${days}: ["${open}"] } }`)}
sla_policies:
${each(
  ({ target }, name) =>
    `  ${name}: { calendar: ${name}, targets: { S3: { resolve: ${target / HOUR}h } }, pause_on: [customer], points: [{ at: 50%, remind: duty }, { at: 100%, remind: duty }] }`,
)}
forms: { incident: { required: [title], ask: [title] } }
people: { wei: { name: Wei, roles: [engineer], teams: [one] } }
teams: { one: { tier: L1, assign: manual } }
customers:
${each((_, name) => `  ${name}: {}`)}
projects:
${each((_, name) => `  ${name}: { customer: ${name} }`)}
contracts:
${each((_, name) => `  - { id: ${name}, project: ${name}, from: "2026-01-01", until: "2030-12-31", sla: ${name} }`)}
silent_owner: off
`;

function each(line: (calendar: (typeof CALENDARS)[keyof typeof CALENDARS], name: string) => string): string {
  return Object.entries(CALENDARS)
    .map(([name, calendar]) => line(calendar, name))
    .join('\n');
}

/** The clock is moved by hand: over the ends of summer time, a leap day and a month, and to and fro while tickets are being raised. */
export const clock: Scenario = async (form) => {
  const hand = new HandClock(Date.parse('2027-03-01T00:00Z'));
  const app = await startApp({ clock: hand, config: CONFIG });
  const desk = new Desk(app, hand, looksOf(app));
  try {
    const figures: Figure[] = [];
    for (const one of CASES) figures.push(...(await follow(desk, one)));
    figures.push(...(await jumps(desk, form === 'short' ? 20 : 200)));
    if (form === 'full') figures.push(await setByHand(desk));
    return [...figures, ...(await suspended(form)), ...(await set(form))];
  } finally {
    await app.stop();
  }
};

/** Somebody sets the machine's clock, and nothing tells the program: it looks once a minute, by a clock that nobody sets. */
async function setByHand(desk: Desk): Promise<Figure> {
  const number = await desk.raise('office');
  await desk.settled();
  desk.hand.set(14 * DAY);
  const setAt = performance.now();
  const isSaid = async (): Promise<boolean> => (await desk.fired(number)).length > 0;
  await until('the point', isSaid, { withinMs: 90_000, everyMs: 100 }).catch(() => undefined);
  return below(
    'clock: set by two weeks: noticed after',
    performance.now() - setAt,
    { name: 'limit', value: 61_000 },
    'ms',
  );
}

interface Fired {
  readonly type: string;
  readonly clock: string;
  readonly point: string;
  readonly at: number;
  readonly dueAt: number;
}

interface Looks {
  /** The instant at which the loop found no timer due when it looked last; NaN: it found some, or has not looked. */
  foundNothingAt: number;
}

/** Counts what the loop asks of the queue. */
function looksOf({ storage }: App): Looks {
  const looks = { foundNothingAt: NaN };
  const { timers } = storage.queues;
  const due = timers.due.bind(timers);
  timers.due = async (now, limit) => {
    const found = await due(now, limit);
    looks.foundNothingAt = found.length === 0 ? now : NaN;
    return found;
  };
  return looks;
}

class Desk {
  readonly hand: HandClock;
  readonly #app: App;
  readonly #looks: Looks;

  constructor(app: App, hand: HandClock, looks: Looks) {
    this.#app = app;
    this.hand = hand;
    this.#looks = looks;
  }

  async raise(project: string): Promise<string> {
    const { body } = await this.#app.api('/api/v1/tickets', {
      method: 'POST',
      body: { title: 'The orders page is slow', project, severity: 'S3' },
    });
    return String(body['number']);
  }

  async give(number: string, command: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, body } = await this.#app.api(`/api/v1/tickets/${number}/commands`, {
      method: 'POST',
      body: { as: 'wei', ...command },
    });
    if (status !== 200) throw new Error(`${number}: ${JSON.stringify(body)}`);
  }

  /** The points that were said of it. */
  async fired(number: string): Promise<readonly Fired[]> {
    const { body } = await this.#app.api(`/api/v1/tickets/${number}`);
    return (body['timeline'] as readonly Record<string, string>[])
      .filter(({ type, clock: of }) => type === 'point_reached' && of === 'resolve')
      .map(
        (event) => ({ ...event, at: Date.parse(event['at']!), dueAt: Date.parse(event['dueAt']!) }) as unknown as Fired,
      );
  }

  /** When it was due to be over, as the program says; null: its clock stands still. */
  async dueAt(number: string): Promise<number | null> {
    const { body } = await this.#app.api(`/api/v1/tickets/${number}`);
    const found = (body['clocks'] as readonly { metric: string; dueAt: string | null }[]).find(
      ({ metric }) => metric === 'resolve',
    );
    return found?.dueAt == null ? null : Date.parse(found.dueAt);
  }

  /** Moves the clock there, and lets everything that is due then be acted on. */
  async moveTo(instant: number): Promise<void> {
    this.hand.advance(instant - this.hand.now());
    await this.settled();
  }

  /** Until the loop of the timers has looked at this instant, and has found nothing: one that is ahead of its time would have acted. */
  async settled(): Promise<void> {
    await until('the timers that are due', () => this.#looks.foundNothingAt === this.hand.now(), { withinMs: 20_000 });
  }
}

/** One ticket, up to its last second, a second further, and to and fro. */
async function follow(desk: Desk, { name, project, from }: Case): Promise<readonly Figure[]> {
  const calendar = CALENDARS[project];
  const start = Date.parse(from);
  await desk.moveTo(start);
  const number = await desk.raise(project);
  const hours = hoursOf(calendar);
  const [half, whole] = [0.5, 1].map((share) => dueBy(hours, start, calendar.target * share)) as [number, number];
  const wrong = { early: 0, late: 0 };
  for (const [at, before, after] of [
    [half, 0, 1],
    [whole, 1, 2],
  ] as const) {
    await desk.moveTo(at - SECOND);
    if ((await desk.fired(number)).length !== before) wrong.early += 1;
    await desk.moveTo(at);
    if ((await desk.fired(number)).length !== after) wrong.late += 1;
    // What was said is not said again when the time comes a second time.
    await desk.moveTo(at - HOUR);
    await desk.moveTo(at + 2 * HOUR);
  }
  const fired = await desk.fired(number);
  const expected = new Map([
    ['50%', half],
    ['100%', whole],
  ]);
  await desk.give(number, { type: 'cancel', as: undefined });
  return [
    exactly(`clock: ${name}: early`, wrong.early, 0),
    exactly(`clock: ${name}: not at its instant`, wrong.late, 0),
    exactly(
      `clock: ${name}: other than once each`,
      [...expected.keys()].filter((point) => fired.filter((one) => one.point === point).length !== 1).length,
      0,
    ),
    exactly(
      `clock: ${name}: another due instant than by hand`,
      fired.filter(({ point, dueAt }) => dueAt !== expected.get(point)).length,
      0,
    ),
  ];
}

/** While tickets are raised and acted on the clock jumps two hours ahead and one back, again and again; every third ticket is waiting. */
async function jumps(desk: Desk, count: number): Promise<readonly Figure[]> {
  const numbers: string[] = [];
  let jumped = 0;
  const jump = (): void => {
    desk.hand.advance(jumped++ % 2 === 0 ? 2 * HOUR : -HOUR);
  };
  /** While it is under way, each time a few turns of the event loop further on. */
  const duringWhich = async <T>(work: Promise<T>): Promise<T> => {
    for (let turn = 0; turn < jumped % 12; turn++) await new Promise((resolve) => setImmediate(resolve));
    jump();
    return work;
  };
  for (let n = 0; n < count; n++) numbers.push(await duringWhich(desk.raise('office')));
  const paused = numbers.filter((_, n) => n % 3 === 0);
  for (const number of paused) {
    await duringWhich(desk.give(number, { type: 'claim' }));
    await duringWhich(desk.give(number, { type: 'pend', reason: 'customer' }));
  }
  if (jumped % 2 === 1) jump();
  await desk.settled();
  const before = await Promise.all(paused.map((number) => desk.fired(number)));
  for (const hours of [48, 2, -1, 2, 24 * 14]) await desk.moveTo(desk.hand.now() + hours * HOUR);

  const all = await Promise.all(numbers.map((number) => desk.fired(number)));
  const running = all.filter((_, n) => n % 3 !== 0);
  const count100 = (fired: readonly Fired[], point: string): number =>
    fired.filter((one) => one.point === point).length;
  const stillAfter = await Promise.all(paused.map((number) => desk.fired(number)));
  const moved = await Promise.all(paused.map((number) => desk.dueAt(number)));
  for (const number of paused) await desk.give(number, { type: 'resume' });
  await desk.settled();
  await desk.moveTo(desk.hand.now() + 14 * DAY);
  const resumed = await Promise.all(paused.map((number) => desk.fired(number)));
  const ended = [...running, ...resumed];
  return [
    exactly(
      'clock: jumps: points said before their instant',
      ended.flat().filter(({ at, dueAt }) => at < dueAt).length,
      0,
    ),
    exactly(
      `clock: jumps: tickets not said to be over once, of ${count}`,
      ended.filter((fired) => count100(fired, '100%') !== 1).length,
      0,
    ),
    exactly('clock: jumps: a point said twice', ended.filter((fired) => count100(fired, '50%') > 1).length, 0),
    exactly('clock: jumps: said while the clock stood still', stillAfter.flat().length - before.flat().length, 0),
    exactly('clock: jumps: paused clocks that run', moved.filter((due) => due !== null).length, 0),
  ];
}
