import { readServerEnv } from './server-env.ts';
import { readArgs } from './verb.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  name: 'migrate',
  summary: 'applies the migrations of the database, and stops',
  usage: ['migrate [--json]'],
  example: 'itr migrate        # the database is up to date',

  async run(args, io) {
    const { values } = readArgs(args, { json: { type: 'boolean' } });
    const env = readServerEnv(io);
    if (env === null) return 1;
    const { openStorage } = await import('../storage/index.ts');
    const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined });
    await storage.close();
    const applied = storage.migrated;
    if (values.json === true) await io.out(`${JSON.stringify({ applied })}\n`);
    else await io.out(applied.length === 0 ? 'the database is up to date\n' : `applied: ${applied.join(', ')}\n`);
    return 0;
  },
};
