import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A network between the program and its database, which can be made to fail as networks do. */
export interface Proxy {
  readonly url: string;
  /** From now on nothing goes through what is open, in either direction, and nobody is told; what is opened later is well. */
  freeze(): void;
  /** What is open stays so; nothing new is let through while `refusing` says so. */
  refusing: boolean;
  close(): Promise<void>;
}

/** @param replaced texts of what goes to the database, by others of the same length */
export async function startProxy(url: string, replaced: Readonly<Record<string, string>> = {}): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  const pass = (from: Socket, to: Socket, change: (data: Buffer) => Buffer): void => {
    sockets.add(from);
    from.on('data', (data: Buffer) => {
      if (!frozen.has(from)) to.write(change(data));
    });
    // A network that is cut carries no farewell.
    from.on('close', () => {
      if (!frozen.has(from)) to.destroy();
    });
    from.on('error', () => undefined);
  };
  const server = createServer((client) => {
    if (proxy.refusing) {
      client.destroy();
      return;
    }
    const database = connect(Number(target.port), target.hostname);
    pass(client, database, (data) => {
      let text = data.toString('latin1');
      for (const [old, other] of Object.entries(replaced)) text = text.replaceAll(old, other);
      return Buffer.from(text, 'latin1');
    });
    pass(database, client, (data) => data);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  const proxy: Proxy = {
    url: own.href,
    refusing: false,
    freeze() {
      for (const socket of sockets) frozen.add(socket);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
