import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { intakeOf, REQUESTER } from '../../bench/support/config.ts';
import { sleep, until } from '../../bench/support/numbers.ts';
import { below, exactly } from '../../bench/support/report.ts';
import { visibleText } from '../emulators/slack/index.ts';
import { withProgram } from './program.ts';
import { acknowledgements } from './scene.ts';
import type { Scenario } from './scenario.ts';

const HOLDER = fileURLToPath(new URL('../storage/holds-lock.mjs', import.meta.url));
const SECONDS = { short: 5, full: 10 };
const TEAMS = 20;
/** Between two threads. */
const EVERY_MS = 100;

/** Another process holds SQLite's write lock while people raise tickets. */
export const lock: Scenario = async (form) => {
  const heldMs = SECONDS[form] * 1_000;
  return withProgram(TEAMS, async ({ slack, folder, itr }) => {
    const threads: { readonly channel: string; readonly title: string; readonly ts: string }[] = [];
    const raising: Promise<void>[] = [];
    const raise = (): void => {
      const n = threads.length + raising.length;
      const channel = intakeOf(n % TEAMS);
      const title = `Trouble ${n}.`;
      raising.push(
        slack.post(REQUESTER.user, channel, title).then(({ ts }) => void threads.push({ channel, title, ts })),
      );
    };
    for (let n = 0; n < 10; n++) raise();
    await Promise.all(raising.splice(0));
    const heard = slack.deliveries().length;
    const lag = await lagOf(itr.url);

    const holder = spawn(process.execPath, [HOLDER, join(folder, 'itr.db'), String(heldMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const released = once(holder, 'exit');
    const held = await Promise.race([once(holder.stdout, 'data').then(() => true), released.then(() => false)]);
    if (!held) throw new Error('the lock could not be taken');
    await lag();
    const end = performance.now() + heldMs - 500;
    while (performance.now() < end) {
      raise();
      await sleep(EVERY_MS);
    }
    const longestGapMs = await lag();
    await released;
    await Promise.all(raising);
    const acks = acknowledgements(slack, heard);
    await slack.settled();

    const isThere = ({ channel, ts }: (typeof threads)[number]): boolean =>
      slack.messages(channel, { thread_ts: ts, from: 'bot' }).some((one) => visibleText(one).includes('ITR-'));
    await until('every card', () => threads.every(isThere), { withinMs: 60_000, everyMs: 100 }).catch(() => undefined);
    const ready = await fetch(`${itr.url}/readyz`);
    return [
      exactly('lock: events were refused meanwhile', Math.min(1, acks.refused), 1),
      below('lock: longest gap of the event loop', longestGapMs, { name: 'limit', value: 100 }, 'ms'),
      below('lock: slowest answer to the platform', acks.slowestMs, { name: 'limit', value: 3_000 }, 'ms'),
      exactly('lock: events that the platform gave up', slack.undelivered().length, 0),
      exactly(`lock: threads without a ticket, of ${threads.length}`, threads.filter((one) => !isThere(one)).length, 0),
      exactly('lock: ready afterwards (HTTP status)', ready.status, 200),
    ];
  });
};

/** The longest gap, in ms, since it was asked last: the program's own gauge, which begins anew each time. */
async function lagOf(url: string): Promise<() => Promise<number>> {
  const ask = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1] ?? NaN) * 1_000;
  };
  await ask();
  return ask;
}
