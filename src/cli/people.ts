import { existsSync } from 'node:fs';
import { standings, withLinks } from '../domain/identity.ts';
import type { KnownPerson, PersonLink } from '../domain/identity.ts';
import { toIsoUtc } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { databaseFile } from '../storage/locate.ts';
import { policyFor } from './policy.ts';
import { findServer } from './running-server.ts';
import type { RunningServer } from './running-server.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
import type { Io, Verb } from './verb.ts';

const OPTIONS = { json: { type: 'boolean' }, 'ask-again': { type: 'boolean' } } as const;

export const verb: Verb = {
  name: 'people',
  summary: 'shows who is known on which platform, and takes back who somebody said he is',
  usage: [
    'people list [--json]',
    'people unlink PLATFORM USER [--ask-again] [--json]    without --ask-again he is not asked again whether he is that person',
  ],
  example: [
    '$ itr people list',
    'wei  魏伟  数据库一线  slack configured U0WEI  feishu confirmed ou_7dab 2026-11-20T01:12:00Z',
    'li  李丽  数据库一线  slack configured U0LI  feishu unmatched',
  ].join('\n'),

  async run(args, io) {
    const { values, positionals } = readArgs(args, OPTIONS);
    const [action, platform, user, ...more] = positionals;
    const asJson = values.json === true;
    if (action === 'list' && platform === undefined && values['ask-again'] === undefined)
      return withPeople(io, (people) => list(people, asJson, io));
    if (action !== 'unlink') throw new WrongCall('say what to do: list, or unlink');
    if (platform === undefined || user === undefined || more.length > 0)
      throw new WrongCall('unlink needs a platform and the id of a user there (see `itr people list`)');
    return withPeople(io, async (people) => {
      const unlinked = await people.unlink(platform, user, values['ask-again'] === true);
      if (asJson) await io.out(`${JSON.stringify({ unlinked })}\n`);
      else if (unlinked) await io.out(`${user} on ${platform} is nobody of the configuration any more\n`);
      if (!unlinked) io.err(`nobody asked ${user} on ${platform} who he is; \`itr people list\` shows who is linked\n`);
      return unlinked ? 0 : 1;
    });
  },
};

/** As the API shows it. */
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly teams: readonly string[];
  readonly on: Readonly<Record<string, { readonly state: string; readonly user?: string; readonly at?: string }>>;
}

interface People {
  /** Null: why not has been said. */
  list(): Promise<readonly Shown[] | null>;
  unlink(platform: string, user: string, askAgain: boolean): Promise<boolean>;
}

async function list(people: People, asJson: boolean, io: Io): Promise<0 | 1> {
  const items = await people.list();
  if (items === null) return 1;
  if (asJson) await io.out(`${JSON.stringify(items)}\n`);
  else if (items.length === 0) await io.out('the configuration has no people\n');
  else for (const person of items) await io.out(`${lineOf(person)}\n`);
  return 0;
}

const lineOf = ({ id, name, teams, on }: Shown): string => {
  const places = Object.entries(on).map(([platform, { state, user, at }]) =>
    [platform, state, ...(user === undefined ? [] : [user]), ...(at === undefined ? [] : [at])].join(' '),
  );
  return [id, name, teams.join(', ') || '-', ...places].join('  ');
};

async function withPeople<T>(io: Io, work: (people: People) => Promise<T>): Promise<T | 1> {
  const env = readServerEnv(io);
  if (env === null) return 1;
  const server = await findServer(env);
  return server === null ? withDatabase(env, io, work) : work(ofServer(server));
}

/** Its decisions read the links from memory, so the one that runs is asked. */
const ofServer = (server: RunningServer): People => ({
  list: async () => ((await server.ask('GET', '/api/v1/people')) as { readonly items: readonly Shown[] }).items,
  async unlink(platform, user, askAgain) {
    const answer = await server.ask('POST', '/api/v1/people/unlink', { platform, user, askAgain }, [404]);
    return (answer as { readonly unlinked?: boolean }).unlinked === true;
  },
});

async function withDatabase<T>(env: ServerEnv, io: Io, work: (people: People) => Promise<T>): Promise<T> {
  const file = env.database.kind === 'sqlite' ? databaseFile(env.database.url) : null;
  if (env.database.kind === 'sqlite' && (file === null || !existsSync(file)))
    throw new Refused(`no database at ${env.database.name}; set DATABASE_URL to that of the server`);
  const { openStorage } = await import('../storage/index.ts');
  const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined });
  const { store } = storage;
  try {
    return await work({
      async list() {
        const policy = await policyFor(undefined, io);
        if (policy === null) return null;
        const links = await store.read.personLinks();
        return standings(withLinks(policy, links), links, platformsOf(env, policy, links)).map(shown);
      },
      unlink: (platform, user, askAgain) =>
        store.write((tx) => tx.unlinkPerson(platform, user, { askAgain, at: io.now() })),
    });
  } finally {
    await storage.close();
  }
}

const shown = ({ on, ...person }: KnownPerson): Shown => ({
  ...person,
  on: Object.fromEntries(
    Object.entries(on).map(([platform, standing]) => [
      platform,
      'at' in standing ? { ...standing, at: toIsoUtc(standing.at) } : standing,
    ]),
  ),
});

/** Those whose keys are set; else those that somebody has an id on. */
const platformsOf = (env: ServerEnv, policy: Policy, links: readonly PersonLink[]): readonly string[] => {
  const connected = (['slack', 'feishu', 'wecom'] as const).filter((name) => env[name] !== null);
  if (connected.length > 0) return connected;
  const named = [...policy.people.values()].flatMap(({ identities }) => Object.keys(identities));
  return [...new Set([...named, ...links.map(({ platform }) => platform)])].sort();
};
