import { existsSync } from 'node:fs';
import { databaseFile } from '../storage/locate.ts';
import { findServer } from './running-server.ts';
import type { RunningServer } from './running-server.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { ticketId } from '../domain/words.ts';
import { toIsoUtc } from '../domain/instant.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
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
    if (id === undefined || values.all === true || !/^\d{1,15}$/.test(id)) {
      throw new WrongCall('retry needs the id of one dead letter (see `itr outbox list`), or --all');
    }
    return withOutbox(io, (outbox) => retryOne(outbox, Number(id), asJson, io));
  },
};

/** As the API shows it. */
interface Letter {
  readonly id: number;
  readonly lane: string;
  readonly ticket: string | null;
  readonly kind: string;
  readonly attempts: number;
  readonly diedAt: string;
  readonly error: string;
}

interface Outbox {
  list(): Promise<readonly Letter[]>;
  /** How many are due again. */
  retry(what: { readonly id: number } | { readonly all: true }): Promise<number>;
}

async function list(outbox: Outbox, asJson: boolean, io: Io): Promise<0> {
  const letters = await outbox.list();
  if (asJson) await io.out(`${JSON.stringify(letters)}\n`);
  else if (letters.length === 0) await io.out('no dead letters\n');
  else for (const letter of letters) await io.out(`${lineOf(letter)}\n`);
  return 0;
}

const lineOf = ({ id, ticket, kind, lane, attempts, diedAt, error }: Letter): string =>
  [id, ticket ?? '-', kind, lane, `${attempts} tries`, diedAt, error].join('  ');

async function retryOne(outbox: Outbox, id: number, asJson: boolean, io: Io): Promise<0 | 1> {
  const retried = await outbox.retry({ id });
  if (asJson) await io.out(`${JSON.stringify({ retried })}\n`);
  else if (retried > 0) await io.out(`${id} is tried again\n`);
  if (retried === 0) io.err(`there is no dead letter ${id}; \`itr outbox list\` shows them\n`);
  return retried > 0 ? 0 : 1;
}

async function retryAll(outbox: Outbox, asJson: boolean, io: Io): Promise<0> {
  const retried = await outbox.retry({ all: true });
  await io.out(asJson ? `${JSON.stringify({ retried })}\n` : `${retried} tried again\n`);
  return 0;
}

async function withOutbox<T>(io: Io, work: (outbox: Outbox) => Promise<T>): Promise<T | 1> {
  const env = readServerEnv(io);
  if (env === null) return 1;
  const server = await findServer(env);
  return server === null ? withDatabase(env, io, work) : work(ofServer(server));
}

/** One process writes, so the one that runs is asked; it also begins to deliver at once. */
const ofServer = (server: RunningServer): Outbox => ({
  list: async () => ((await server.ask('GET', '/api/v1/outbox')) as { readonly items: readonly Letter[] }).items,
  async retry(what) {
    const answer = await server.ask('POST', '/api/v1/outbox/retry', what, [404]);
    return (answer as { readonly retried?: number }).retried ?? 0;
  },
});

async function withDatabase<T>(env: ServerEnv, io: Io, work: (outbox: Outbox) => Promise<T>): Promise<T> {
  const file = env.database.kind === 'sqlite' ? databaseFile(env.database.url) : null;
  if (env.database.kind === 'sqlite' && (file === null || !existsSync(file)))
    throw new Refused(`no database at ${env.database.name}; set DATABASE_URL to that of the server`);
  const { openStorage } = await import('../storage/index.ts');
  const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined });
  const { outbox } = storage.queues;
  try {
    return await work({
      async list() {
        const letters = await outbox.deadLetters(MOST);
        return letters.map((letter) => ({
          ...letter,
          ticket: letter.ticket === null ? null : ticketId(letter.ticket),
          diedAt: toIsoUtc(letter.diedAt),
        }));
      },
      async retry(what) {
        if ('all' in what) return outbox.reviveAll(io.now());
        return (await outbox.revive(what.id, io.now())) ? 1 : 0;
      },
    });
  } finally {
    await storage.close();
  }
}
