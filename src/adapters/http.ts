import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body as it came, at most `max` bytes of it. */
export const readBody = (request: IncomingMessage, max: number): Promise<Buffer | 'too large' | 'broke off'> =>
  new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > max) {
      request.resume();
      resolve('too large');
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= max) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve('too large');
      }
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', () => resolve('broke off'));
    request.on('close', () => resolve('broke off'));
  });

/** The first of a header that came several times. */
export const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Answers once: a second answer, or one to somebody who has gone, is nothing. No body where it is undefined or empty. */
export const answer = (
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  if (response.headersSent || response.destroyed) return;
  if (body === undefined || body === '') {
    response.writeHead(status, { 'content-length': '0', ...headers }).end();
    return;
  }
  const json = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(json)),
      ...headers,
    })
    .end(json);
};
