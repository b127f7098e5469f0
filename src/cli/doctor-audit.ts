import type { Env } from '../config/env.ts';
import type { Policy } from '../domain/policy.ts';
import type { Storage } from '../storage/index.ts';
import type { Finding } from './doctor.ts';
import type { Io } from './verb.ts';

const PAGE = 100;

/** Compares the timers of all open tickets with those they should have, and changes nothing. Empty: that cannot be said now. */
export async function auditTimers(storage: Storage, env: Pick<Env, 'configFile'>, io: Io): Promise<Finding[]> {
  const [{ findConfig, loadConfig }, { isPlannedFor }] = await Promise.all([
    import('../config/source.ts'),
    import('../planning.ts'),
  ]);
  const loaded = await loadConfig(findConfig(env.configFile, io.cwd), { now: io.now() });
  // A mistake is reported already; and what was planned for another configuration is planned anew by the next start.
  if (!loaded.ok || !(await isPlannedFor(storage.store.read, loaded.policy.revision))) return [];
  const { looked, wrong } = await compare(storage, loaded.policy);
  const tickets = `${looked} open ticket${looked === 1 ? '' : 's'}`;
  if (wrong.length === 0) return [{ what: 'timers', ok: true, line: `as they should be on ${tickets}` }];
  return [
    {
      what: 'timers',
      ok: false,
      line: `wrong on ${wrong.length} of ${tickets}: ${wrong.slice(0, 5).join(', ')}`,
      fix: 'start the program: it mends them within an hour, and logs what was wrong',
    },
  ];
}

async function compare(
  { store, queries }: Storage,
  policy: Policy,
): Promise<{ readonly looked: number; readonly wrong: readonly string[] }> {
  const [{ differenceOf }, { ticketId }] = await Promise.all([
    import('../watch/auditor.ts'),
    import('../domain/words.ts'),
  ]);
  const differs = (number: number): Promise<boolean> =>
    differenceOf(store.read, number, policy).then(
      (difference) => difference !== null,
      // A ticket that cannot be read has no right timers either.
      () => true,
    );
  const wrong: string[] = [];
  let looked = 0;
  for (let above = 0; ;) {
    const numbers = await queries.openNumbers(above, PAGE);
    const last = numbers.at(-1);
    if (last === undefined) return { looked, wrong };
    for (const number of numbers) {
      looked++;
      // A server may have changed it between two reads, but hardly twice.
      if ((await differs(number)) && (await differs(number))) wrong.push(ticketId(number));
    }
    above = last;
  }
}
