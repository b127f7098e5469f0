import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sleep, until } from '../../bench/support/numbers.ts';
import { exactly, notRun } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { CONFIG, Load, TEAMS } from './kill.ts';
import { withProgram } from './program.ts';
import type { Form } from './scenario.ts';

const ASLEEP_S = { short: 3, full: 20 };
/** It looks once a minute, whatever its clock says. */
const NOTICED_MS = 61_000;
const HOUR = 3_600_000;

/** The whole process stands still under load, as on a laptop that is closed: points become due meanwhile, leases and calls grow old. */
export async function suspended(form: Form): Promise<readonly Figure[]> {
  return withProgram(
    TEAMS,
    async ({ slack, itr }) => {
      const load = new Load(slack);
      await load.raise(8);
      const raising = [load.raise(8)];
      // Some have just been acknowledged then, some are on their way to Slack.
      await sleep(300);
      process.kill(itr.pid, 'SIGSTOP');
      raising.push(load.raise(8));
      await sleep(ASLEEP_S[form] * 1_000);
      process.kill(itr.pid, 'SIGCONT');
      await Promise.all(raising);
      await until('all of it', () => load.isDone(itr.url), { withinMs: 60_000, everyMs: 250 }).catch(() => undefined);
      // Whatever would come twice has time to come.
      await sleep(3_000);
      const result = await load.result(itr.url);
      const name = `clock: suspended for ${ASLEEP_S[form]} s`;
      return [
        exactly(`${name}: threads without a ticket, of ${load.threads}`, result.lost, 0),
        exactly(`${name}: tickets more than threads`, result.double, 0),
        exactly(`${name}: points not said once`, result.reminders, 0),
        exactly(`${name}: cards missing or doubled`, result.cards + result.workCards, 0),
        exactly(`${name}: claims lost`, result.claims, 0),
        exactly(`${name}: events that Slack gave up`, slack.undelivered().length, 0),
      ];
    },
    { config: CONFIG },
  );
}

/** Under a clock that is set while it runs; null: there is no such library here. */
function libfaketime(): string | null {
  for (const folder of ['/usr/lib', ...foldersOf('/usr/lib')])
    if (foldersOf(folder).includes(join(folder, 'faketime'))) return join(folder, 'faketime', 'libfaketime.so.1');
  return null;
}

const foldersOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));

interface Point {
  readonly type: string;
  readonly clock: string;
  readonly at: string;
  readonly dueAt: string;
}

/** The clock of the machine, as the process and its SQLite see it, is set two hours ahead and one back while tickets are raised. */
export async function set(form: Form): Promise<readonly Figure[]> {
  const name = 'clock: set under the process';
  const library = process.platform === 'linux' ? libfaketime() : null;
  if (library === null) return [notRun(name, 'faketime is missing')];
  if (form === 'short') return [notRun(name, 'in full only: it is noticed within a minute')];
  const clockIn = (folder: string): string => join(folder, 'clock');
  return withProgram(
    1,
    async ({ folder, itr }) => {
      const setTo = (hours: number): void => writeFileSync(clockIn(folder), `+${hours}h\n`);
      const numbers: string[] = [];
      const raise = async (count: number): Promise<void> => {
        for (let n = 0; n < count; n++) {
          const response = await fetch(`${itr.url}/api/v1/tickets`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ title: `Ticket ${numbers.length}`, project: 'project0', severity: 'S3' }),
          });
          numbers.push(((await response.json()) as { number: string }).number);
        }
      };
      const points = async (): Promise<readonly (readonly Point[])[]> =>
        Promise.all(
          numbers.map(async (number) => {
            const { timeline } = (await (await fetch(`${itr.url}/api/v1/tickets/${number}`)).json()) as {
              timeline: readonly Point[];
            };
            return timeline.filter(({ type }) => type === 'point_reached');
          }),
        );
      const missing = (all: readonly (readonly Point[])[], clock: string): number =>
        all.filter((said) => !said.some((point) => point.clock === clock)).length;
      const noticed = async (clock: string): Promise<number> => {
        await until(clock, async () => missing(await points(), clock) === 0, {
          withinMs: NOTICED_MS,
          everyMs: 500,
        }).catch(() => undefined);
        return missing(await points(), clock);
      };

      await raise(20);
      const raising = raise(20);
      setTo(2);
      await raising;
      setTo(1);
      await raise(20);
      const tooEarly = (await points()).flat().filter(({ clock }) => clock === 'resolve').length;
      setTo(4);
      const afterHours = await noticed('response');
      setTo(3);
      await raise(1);
      numbers.pop();
      setTo(30);
      const afterDay = await noticed('resolve');
      const all = (await points()).flat();
      return [
        exactly(`${name}: response not said within ${NOTICED_MS / 1_000} s, of ${numbers.length}`, afterHours, 0),
        exactly(`${name}: resolve not said within ${NOTICED_MS / 1_000} s, of ${numbers.length}`, afterDay, 0),
        exactly(`${name}: said more than once`, all.length - 2 * numbers.length + afterHours + afterDay, 0),
        exactly(
          `${name}: said before its instant`,
          tooEarly + all.filter(({ at, dueAt }) => Date.parse(at) < Date.parse(dueAt)).length,
          0,
        ),
        exactly(`${name}: it was set (hours)`, Math.round(((await clockOf(itr.url)) - Date.now()) / HOUR), 30),
      ];
    },
    {
      env(folder) {
        writeFileSync(clockIn(folder), '+0\n');
        return {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clockIn(folder),
          FAKETIME_NO_CACHE: '1',
          // What the loops sleep by goes on as it does when somebody sets a clock.
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        };
      },
    },
  );
}

/** As the process says it in its answers. */
const clockOf = async (url: string): Promise<number> =>
  Date.parse((await fetch(`${url}/readyz`)).headers.get('date') ?? '');
