import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENCRYPT_KEY } from './feishu-stub.ts';

/** The least that can be done for Feishu: node:http, the signature, an empty answer. It does not even decrypt the event. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const header = (name: string): string => request.headers[`x-lark-${name}`] as string;
    const ours = createHash('sha256')
      .update(`${header('request-timestamp')}${header('request-nonce')}${ENCRYPT_KEY}`)
      .update(Buffer.concat(chunks))
      .digest();
    const right = timingSafeEqual(ours, Buffer.from(header('signature'), 'hex'));
    response.writeHead(right ? 200 : 401, { 'content-length': '2' }).end('{}');
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
