import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { databaseFile } from '../storage/locate.ts';
import { newFile } from './new-file.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  name: 'export',
  summary: 'writes all data of the database, whichever it is, as lines of JSON',
  usage: ['export FILE [--force] [--json]', 'export -        (to standard output; FILE.gz is compressed)'],
  example: 'itr export all.jsonl.gz        # 5678 rows of 15 tables: all.jsonl.gz',

  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' }, force: { type: 'boolean' } });
    const [shown] = positionals;
    if (shown === undefined || positionals.length > 1) throw new WrongCall('write the name of one file, or -');
    if (shown === '-' && values.json === true)
      throw new WrongCall('with - the data is the answer, and JSON already; leave out --json');
    const env = readServerEnv(io);
    if (env === null) return 1;
    const database = existing(env);
    const file = shown === '-' ? null : newFile(shown, io.cwd, { force: values.force === true, database });
    const { openExport } = await import('../storage/transfer/index.ts');
    const all = await openExport(env.database.url, io.now());
    try {
      if (file === null) for await (const some of all.lines) await io.out(some);
      else await file.make((temporary) => write(all.lines, temporary, shown.endsWith('.gz')));
    } finally {
      await all.close();
    }
    const { counts } = all.first;
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const said = `${rows} row${rows === 1 ? '' : 's'} of ${Object.keys(counts).length} tables: ${shown}\n`;
    if (file === null) io.err(said);
    else await io.out(values.json === true ? `${JSON.stringify({ file: shown, rows, counts })}\n` : said);
    return 0;
  },
};

/** The embedded database's file; null: PostgreSQL. To open one that is not there would make it. */
function existing(env: ServerEnv): string | null {
  if (env.database.kind === 'postgresql') return null;
  const file = databaseFile(env.database.url);
  if (file === null || !existsSync(file))
    throw new Refused(`no database at ${env.database.name}; set DATABASE_URL to that of the server`);
  return file;
}

async function write(lines: AsyncIterable<string>, file: string, compressed: boolean): Promise<void> {
  const out = createWriteStream(file, { flags: 'wx' });
  if (compressed) await pipeline(Readable.from(lines), createGzip(), out);
  else await pipeline(Readable.from(lines), out);
}
