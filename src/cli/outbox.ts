import type { DeadLetter, OutboxQueue } from '../scheduler/ports.ts';
import { toIsoUtc } from '../domain/instant.ts';
import { findServer } from './running-server.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { WrongCall, readArgs } from './verb.ts';
import type { Io, Verb } from './verb.ts';

const MOST = 1_000;

export const verb: Verb = {
  name: 'outbox',
  summary: 'shows what could not be delivered, and tries it again',
  usage: ['outbox list [--json]', 'outbox retry ID [--json]', 'outbox retry --all [--json]'],
  example: 'itr outbox retry --all        # 3 tried again',

  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' }, all: { type: 'boolean' } });
    const [action, id] = positionals;
    const asJson = values.json === true;
    if (action === 'list' && positionals.length === 1) return withOutbox(io, (outbox) => list(outbox, asJson, io));
    if (action !== 'retry') throw new WrongCall('say what to do: list, or retry');
    if (values.all === true && id === undefined) return withOutbox(io, (outbox) => retryAll(outbox, asJson, io));
    if (id === undefined || values.all === true || !/^\d+$/.test(id)) {
      throw new WrongCall('retry needs the id of one dead letter (see `itr outbox list`), or --all');
    }
    return withOutbox(io, (outbox) => retryOne(outbox, Number(id), asJson, io));
  },
};

type Outbox = Pick<OutboxQueue, 'deadLetters' | 'revive' | 'reviveAll'>;

async function list(outbox: Outbox, asJson: boolean, io: Io): Promise<0> {
  const letters = await outbox.deadLetters(MOST);
  if (asJson) await io.out(`${JSON.stringify(letters)}\n`);
  else if (letters.length === 0) await io.out('no dead letters\n');
  else for (const letter of letters) await io.out(`${lineOf(letter)}\n`);
  return 0;
}

const lineOf = (letter: DeadLetter): string =>
  [
    letter.id,
    letter.ticket === null ? '-' : `ITR-${letter.ticket}`,
    letter.kind,
    letter.lane,
    `${letter.attempts} tries`,
    toIsoUtc(letter.diedAt),
    letter.error,
  ].join('  ');

async function retryOne(outbox: Outbox, id: number, asJson: boolean, io: Io): Promise<0 | 1> {
  const revived = await outbox.revive(id, io.now());
  if (asJson) await io.out(`${JSON.stringify({ retried: revived ? 1 : 0 })}\n`);
  else if (revived) await io.out(`${id} is tried again\n`);
  if (!revived) io.err(`there is no dead letter ${id}; \`itr outbox list\` shows them\n`);
  return revived ? 0 : 1;
}

async function retryAll(outbox: Outbox, asJson: boolean, io: Io): Promise<0> {
  const retried = await outbox.reviveAll(io.now());
  await io.out(asJson ? `${JSON.stringify({ retried })}\n` : `${retried} tried again\n`);
  return 0;
}

async function withOutbox<T>(io: Io, work: (outbox: Outbox) => Promise<T>): Promise<T | 1> {
  const env = readServerEnv(io);
  if (env === null) return 1;
  const server = await findServer(env);
  if (server !== null) {
    return work({
      deadLetters: async () => (await server.ask('GET', '/api/v1/outbox')) as DeadLetter[],
      revive: async (id) => (await retry(server, { id })) > 0,
      reviveAll: () => retry(server, { all: true }),
    });
  }
  return withDatabase(env, io, work);
}

async function retry(server: { ask: (method: 'POST', path: string, body: unknown) => Promise<unknown> }, what: object) {
  return ((await server.ask('POST', '/api/v1/outbox/retry', what)) as { retried: number }).retried;
}

async function withDatabase<T>(env: ServerEnv, io: Io, work: (outbox: Outbox) => Promise<T>): Promise<T> {
  const { openStorage } = await import('../storage/index.ts');
  const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined });
  try {
    return await work(storage.queues.outbox);
  } finally {
    await storage.close();
  }
}
