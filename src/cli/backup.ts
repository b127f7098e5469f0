import { existsSync, statSync } from 'node:fs';
import { databaseFile } from '../storage/locate.ts';
import { ADDRESS, databaseTool } from './database-tool.ts';
import { newFile } from './new-file.ts';
import { readServerEnv } from './server-env.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
import type { Verb } from './verb.ts';

const DUMP = ['pg_dump', '--format=custom', '--no-owner'];

export const verb: Verb = {
  name: 'backup',
  summary: 'copies the embedded database to a file, also while the server runs',
  usage: ['backup FILE [--force] [--json]'],
  example: 'itr backup /backups/itr.db        # 1234 tickets, 25.1 MB in 0.3 s: /backups/itr.db',

  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' }, force: { type: 'boolean' } });
    const [shown] = positionals;
    if (shown === undefined || positionals.length > 1) throw new WrongCall('write the name of one file');
    const env = readServerEnv(io);
    if (env === null) return 1;
    if (env.database.kind === 'postgresql') {
      const command = databaseTool(env.database.url, [...DUMP, `--file=${shown}`, ADDRESS]);
      throw new Refused(`this copies the embedded database; for PostgreSQL run: ${command}`);
    }
    const database = databaseFile(env.database.url);
    if (database === null || !existsSync(database))
      throw new Refused(`no database at ${env.database.name}; set DATABASE_URL to that of the server`);
    const file = newFile(shown, io.cwd, { force: values.force === true, database });
    const { copyDatabase } = await import('../storage/sqlite/backup.ts');
    const startedAt = performance.now();
    const { tickets, bytes } = await file.make(async (temporary) => {
      const copied = await copyDatabase(database, temporary, shown);
      return { ...copied, bytes: statSync(temporary).size };
    });
    const seconds = Number(((performance.now() - startedAt) / 1_000).toFixed(2));
    if (values.json === true) await io.out(`${JSON.stringify({ file: shown, tickets, bytes, seconds })}\n`);
    else await io.out(`${tickets} ticket${tickets === 1 ? '' : 's'}, ${megabytes(bytes)} in ${seconds} s: ${shown}\n`);
    return 0;
  },
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
