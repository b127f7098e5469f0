import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { linesOf } from './lines-of.ts';
import { readServerEnv } from './server-env.ts';
import { Refused, WrongCall, readArgs } from './verb.ts';
import type { Verb } from './verb.ts';

const LATER = new Set(['contracts', 'people']);

export const verb: Verb = {
  name: 'import',
  summary: 'fills an empty database, whichever it is, with what `itr export` wrote',
  usage: ['import FILE [--json]', 'import -        (from standard input; compressed or not)'],
  example:
    'DATABASE_URL=postgresql://itr@localhost/itr itr import all.jsonl.gz        # 5678 rows of 15 tables imported',

  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' } });
    const [shown] = positionals;
    if (shown !== undefined && LATER.has(shown))
      throw new Refused(
        `\`itr import ${shown} FILE.csv\` is not in this version yet; write them into itr.config.yaml` +
          (positionals.length > 1 ? '' : ` (for a file of that name: ./${shown})`),
      );
    if (shown === undefined || positionals.length > 1) throw new WrongCall('write the name of one file, or -');
    const env = readServerEnv(io);
    if (env === null) return 1;
    const file = resolve(io.cwd, shown);
    if (shown !== '-' && statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      throw new Refused(`there is no file ${shown}`);
    const { importAll } = await import('../storage/transfer/index.ts');
    const { counts } = await importAll(env.database.url, linesOf(shown === '-' ? io.stdin : reading(file, shown)));
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (values.json === true) await io.out(`${JSON.stringify({ rows, counts })}\n`);
    else
      await io.out(
        `${rows} row${rows === 1 ? '' : 's'} of ${Object.keys(counts).length} tables imported into ${env.database.name}\n`,
      );
    return 0;
  },
};

/** Opened when it is read, which a database that refuses never does. */
async function* reading(file: string, shown: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    throw new Refused(`${shown} may not be read by this user; give it the right to, or call this as another user`);
  }
}
