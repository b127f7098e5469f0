import { createGunzip } from 'node:zlib';
import { Refused } from './verb.ts';

const GZIP = [0x1f, 0x8b];
const NEWLINE = 0x0a;

/**
 * The lines of a text in UTF-8, compressed by gzip or not: its first bytes tell, since standard input has no name. Memory holds one line and one chunk.
 * @throws Refused where it is cut off, or no text.
 */
export async function* linesOf(source: AsyncIterable<string | Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const text = (bytes: readonly Buffer[]): string => decoder.decode(Buffer.concat(bytes));
  let begun: Buffer[] = [];
  try {
    for await (const chunk of plain(source)) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        yield text([...begun, chunk.subarray(from, end)]);
        begun = [];
        from = end + 1;
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
    }
    if (begun.length > 0) yield text(begun);
  } catch (error) {
    throw asRefusal(error);
  }
}

async function* plain(source: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
  const chunks = buffers(source);
  const begin = await chunks.next();
  if (begin.done === true) return;
  const first = begin.value;
  if (!GZIP.every((byte, i) => first[i] === byte)) {
    yield first;
    yield* chunks;
    return;
  }
  const { Readable } = await import('node:stream');
  const compressed = Readable.from(
    (async function* () {
      yield first;
      yield* chunks;
    })(),
  );
  const gunzip = createGunzip();
  compressed.on('error', (error) => gunzip.destroy(error));
  yield* compressed.pipe(gunzip) as AsyncIterable<Buffer>;
}

async function* buffers(source: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer, undefined> {
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk);
    if (bytes.length > 0) yield bytes;
  }
}

function asRefusal(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_') || code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return new Refused('this file is damaged or cut off; export again', { cause: error });
  return error;
}
