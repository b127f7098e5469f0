import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGNING_SECRET } from './slack-stub.ts';

/** The least that can be done: node:http, the signature, an empty 200. It does not even read the JSON. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const timestamp = request.headers['x-slack-request-timestamp'] as string;
    const theirs = Buffer.from((request.headers['x-slack-signature'] as string).slice(3), 'hex');
    const ours = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:`).update(Buffer.concat(chunks)).digest();
    response.writeHead(timingSafeEqual(ours, theirs) ? 200 : 401, { 'content-length': '0' }).end();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
