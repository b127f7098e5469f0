import type { Context } from 'hono';
import { Problem } from './problem.ts';

/**
 * The text of a request, at most so many bytes of it. By hand: hono's `bodyLimit` builds a new Request where the length is not announced, which the
 * server's light-weight one does not allow unless the global classes are replaced for the whole process.
 */
export async function readText(c: Context, mostBytes: number): Promise<string> {
  const announced = c.req.header('content-length');
  if (announced !== undefined) {
    if (Number(announced) > mostBytes) throw tooLarge(mostBytes);
    // Node itself reads no more than was announced.
    return c.req.text();
  }
  const { body } = c.req.raw;
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tooLarge = (mostBytes: number): Problem =>
  new Problem(
    413,
    'too-large',
    'Too large',
    `The body may have at most ${mostBytes / 1024} KiB`,
    {},
    // What was not read has to be thrown away with its connection.
    { connection: 'close' },
  );
