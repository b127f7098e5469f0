import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ItrProcess } from '../support/process.ts';

/** So many processes of the program on one database, behind a load balancer that passes over the dead. */
export class Fleet {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #members: (ItrProcess | null)[];
  readonly #server = createServer((incoming, answer) => void this.#pass(incoming, answer));
  #turn = 0;
  kills = 0;

  private constructor(folder: string, env: Readonly<Record<string, string>>, size: number) {
    this.#folder = folder;
    this.#env = env;
    this.#members = Array.from({ length: size }, () => null);
  }

  static async start(folder: string, env: Readonly<Record<string, string>>, size: number): Promise<Fleet> {
    const fleet = new Fleet(folder, env, size);
    fleet.#server.listen(0, '127.0.0.1');
    await once(fleet.#server, 'listening');
    // One after the other: the first one migrates.
    for (let i = 0; i < size; i++) fleet.#members[i] = await ItrProcess.start(folder, env);
    return fleet;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `kill -9` of one of them, and another in its place. */
  async killOne(which: number): Promise<void> {
    const index = which % this.#members.length;
    const victim = this.#members[index];
    if (victim === null || victim === undefined) return;
    this.#members[index] = null;
    this.kills += 1;
    await victim.kill();
    this.#members[index] = await ItrProcess.start(this.#folder, this.#env);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(async (member) => member?.stop()));
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    for (const _ of this.#members) {
      const member = this.#members[this.#turn++ % this.#members.length];
      if (member != null && (await forward(member.url, incoming, body, answer))) return;
    }
    answer.writeHead(503).end();
  }
}

/** False: nobody has answered; whether it was understood is not known, as with any load balancer. */
function forward(url: string, incoming: IncomingMessage, body: Buffer, answer: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const { method = 'GET', headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? '/', url), { method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      response.once('close', () => {
        resolve(true);
      });
    });
    outgoing.once('error', () => {
      resolve(false);
    });
    outgoing.end(body);
  });
}
