import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import type { App } from '../support/app.ts';
import { byHand } from '../support/by-hand.ts';
import { HandClock } from '../support/clock.ts';
import { postgresIsMissing } from '../support/postgres.ts';
import { EXAMPLE } from '../support/world.ts';
import { itr } from '../cli/helpers.ts';
import { LIN, START } from '../web/raised.ts';

/** A resolved ticket is closed after so many days, and not reminded of before. */
const closing = (days: number): string =>
  EXAMPLE.replace('reminder: 1d', `reminder: ${days}d`).replace('auto_close: 3d', `auto_close: ${days}d`);

let folder: string;
let app: App;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-planning-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const start = async (config: string): Promise<void> => {
  // `itr doctor` would find fault with a PostgreSQL whose fsync is off, as the tests' is.
  app = await startApp({ folder, config, clock: new HandClock(START), env: { PLAYGROUND: 'off' }, database: 'sqlite' });
};

async function resolved(): Promise<void> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await app.api(path, { method: 'POST', body });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  };
  const fields = { title: '数据库时断时续', product: 'db', impact: '全部用户', project: 'acme-core', requester: LIN };
  await post('/api/v1/tickets', fields);
  await post('/api/v1/tickets/ITR-1/commands', { type: 'claim', as: 'wei' });
  await post('/api/v1/tickets/ITR-1/commands', { type: 'resolve', as: 'wei', solution: 'x', cause: 'defect' });
}

const closesAt = async (): Promise<readonly number[]> =>
  (await app.storage.store.read.timersOf(1)).filter(({ clock }) => clock === 'close').map(({ dueAt }) => dueAt);

const planned = (): boolean => app.logged.join('').includes('timers planned anew');

it('a file that was changed while nothing ran: timers are planned anew at the start, and the audit finds no difference', async () => {
  await start(closing(4));
  await resolved();
  const [before] = await closesAt();
  await app.stop();

  await start(closing(3));
  await expect.poll(planned).toBe(true);
  await expect.poll(() => app.watch.audit()).toMatchObject({ looked: 1, tickets: [] });
  expect((await closesAt())[0]).toBeLessThan(before ?? 0);
  await app.stop();
});

it('the same file: nothing is planned at the start', async () => {
  await start(EXAMPLE);
  await resolved();
  await app.stop();
  await start(EXAMPLE);
  expect(await app.watch.audit()).toMatchObject({ looked: 1, tickets: [] });
  expect(planned()).toBe(false);
  await app.stop();
});

const missing = postgresIsMissing();
it.skipIf(missing !== null)(
  `processes are replaced by those of a new configuration: the old ones do not put back what these plan${missing === null ? '' : ` (NOT tested: ${missing})`}`,
  async () => {
    const clock = new HandClock(START);
    const beside = join(folder, 'new');
    mkdirSync(beside);
    const env = { PLAYGROUND: 'off' };
    app = await startApp({ folder, config: closing(4), clock, env, database: 'postgresql' });
    await resolved();
    const [before] = await closesAt();
    expect(await app.watch.audit()).toMatchObject({ looked: 1, tickets: [] });

    const url = app.databaseUrl;
    const next = await startApp({ folder: beside, config: closing(3), clock, env: { ...env, DATABASE_URL: url } });
    await expect.poll(() => next.watch.audit()).toMatchObject({ looked: 1, tickets: [] });
    const [planned] = await closesAt();
    expect(planned).toBeLessThan(before ?? 0);
    expect(await app.watch.audit()).toBeNull();
    expect(await closesAt()).toEqual([planned]);
    await app.stop();
    expect(await next.watch.audit()).toMatchObject({ looked: 1, tickets: [] });
    await next.stop();
  },
);

it('a planning whose process did not end it is left to be ended, and the audit mends meanwhile', async () => {
  await start(closing(4));
  await resolved();
  const [before] = await closesAt();
  const { store } = app.storage;
  await store.write(async (tx) => {
    await tx.setKeyValue('timers_planned_for', `begun: ${(await tx.keyValue('timers_planned_for')) ?? ''}`);
  });
  await byHand(app, 'DELETE FROM timers');
  expect(await app.watch.audit()).toMatchObject({ looked: 1, tickets: [1] });
  expect(await closesAt()).toEqual([before]);
  await app.stop();
  await start(closing(4));
  await expect.poll(planned).toBe(true);
  await app.stop();
});

it('`itr doctor` compares the timers, names the ticket whose are wrong, and changes nothing', async () => {
  await start(EXAMPLE);
  await resolved();
  await app.stop();
  const env = { DATABASE_URL: app.databaseUrl, ITR_CONFIG: join(folder, 'itr.config.yaml'), PORT: '1' };
  expect((await itr(['doctor'], { env })).out).toContain('ok    timers  as they should be on 1 open ticket\n');

  await byHand(app, 'DELETE FROM timers WHERE ticket = 1');
  const wrong = await itr(['doctor'], { env });
  expect(wrong.code).toBe(1);
  expect(wrong.out).toContain('FAIL  timers  wrong on 1 of 1 open ticket: ITR-1\n      → start the program');
  await start(EXAMPLE);
  expect(await app.storage.store.read.timersOf(1)).toEqual([]);
  await app.stop();
});
