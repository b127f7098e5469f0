import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { toIsoUtc } from '../domain/instant.ts';
import { databaseFile } from '../storage/locate.ts';
import { ADDRESS, databaseTool } from './database-tool.ts';
import { readServerEnv } from './server-env.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
import type { Verb } from './verb.ts';

/** Without `--clean`: that leaves what newer migrations have made, and then they cannot be applied again. */
const RESTORE = ['pg_restore', '--no-owner', '--single-transaction'];

export const verb: Verb = {
  name: 'restore',
  summary: 'puts a copy made by `itr backup` in the place of the embedded database',
  usage: ['restore FILE [--json]'],
  example: 'itr restore /backups/itr.db        # 1234 tickets, the last one changed at 2026-11-24T04:00:00Z',

  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' } });
    const [shown] = positionals;
    if (shown === undefined || positionals.length > 1) throw new WrongCall('write the name of one file');
    const env = readServerEnv(io);
    if (env === null) return 1;
    if (env.database.kind === 'postgresql') {
      const command = databaseTool(env.database.url, [...RESTORE, `--dbname=${ADDRESS}`, shown]);
      throw new Refused(
        `this restores the embedded database; for PostgreSQL stop all processes, make the database anew, then run: ${command}`,
      );
    }
    const database = databaseFile(env.database.url);
    if (database === null) throw new Refused('this database is gone when the program ends; set DATABASE_URL to a file');
    const file = resolve(io.cwd, shown);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new Refused(`there is no file ${shown}`);
    if (existsSync(database) && realpathSync(database) === realpathSync(file))
      throw new Refused(`${shown} is the database itself; write the name of a backup`);
    const { restoreDatabase } = await import('../storage/sqlite/restore.ts');
    const stamp = new Date(io.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const { tickets, changedAt, migrated, kept } = await restoreDatabase(file, database, stamp);
    const changed = changedAt === null ? null : toIsoUtc(changedAt);
    if (values.json === true) {
      await io.out(`${JSON.stringify({ database, tickets, changedAt: changed, applied: migrated, kept })}\n`);
      return 0;
    }
    const last = changed === null ? '' : `, the last one changed at ${changed}`;
    await io.out(`${database} has ${tickets} ticket${tickets === 1 ? '' : 's'}${last}\n`);
    if (migrated.length > 0) await io.out(`applied: ${migrated.join(', ')}\n`);
    if (kept !== null) await io.out(`the database of before is kept as ${kept}\n`);
    return 0;
  },
};
