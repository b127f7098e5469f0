import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { createFeishu, type Feishu, type FeishuOptions } from '../../../src/adapters/feishu/index.ts';
import { DeliveryError, type ChatEvent, type Immediate, type Outgoing } from '../../../src/conversations/platform.ts';
import { FeishuEmulator, type EmulatorOptions } from '../../emulators/feishu/index.ts';

export const ACME = 'oc_acme';
export const DUTY = 'oc_duty';

export interface Scene {
  readonly feishu: FeishuEmulator;
  readonly bot: Feishu;
  /** What was handed in, in order; also what `receive` then refused, and doubles. */
  readonly events: ChatEvent[];
  /** What was stored: each id once. */
  readonly stored: ChatEvent[];
  readonly logged: string[];
  /** Stands in for the database's small texts; outlives an adapter. */
  readonly kept: Map<string, string>;
  /** Where the adapter's webhooks are mounted; '' in the other mode. */
  readonly url: string;
  /** Happens before an event is stored; may refuse it. */
  before: (event: ChatEvent) => Promise<unknown>;
  stop(): Promise<void>;
}

/** An inbox: what is stored once is a duplicate after that. */
export const inbox = (): {
  readonly stored: ChatEvent[];
  readonly take: (event: ChatEvent) => Immediate;
} => {
  const stored: ChatEvent[] = [];
  return {
    stored,
    take(event) {
      if (stored.some(({ id }) => id === event.id)) return { kind: 'duplicate' };
      stored.push(event);
      return { kind: 'accepted' };
    },
  };
};

export const tenant = async (mode: 'ws' | 'webhook', options: EmulatorOptions = {}): Promise<FeishuEmulator> => {
  const feishu = await FeishuEmulator.start({
    delivery: mode === 'ws' ? 'socket' : 'webhook',
    ...options,
  });
  feishu.addPerson({ key: 'lin', name: '林', openId: 'ou_lin', email: 'lin@acme.example' });
  feishu.addPerson({ key: 'wei', name: '魏伟', openId: 'ou_wei' });
  feishu.addChat({ id: ACME, name: 'proj-acme', members: ['lin', 'wei'] });
  feishu.addChat({ id: DUTY, name: 'duty-db', members: ['wei'] });
  return feishu;
};

export const collect = (): { readonly logged: string[]; readonly log: Logger } => {
  const logged: string[] = [];
  return { logged, log: pino({ level: 'debug' }, { write: (line) => void logged.push(line) }) };
};

export const optionsFor = (feishu: FeishuEmulator, mode: 'ws' | 'webhook', log: Logger): FeishuOptions => ({
  appId: feishu.app.id,
  appSecret: feishu.app.secret,
  mode,
  encryptKey: mode === 'webhook' ? feishu.app.encryptKey : null,
  verificationToken: mode === 'webhook' ? feishu.app.verificationToken : null,
  domain: feishu.url,
  receive: () => Promise.resolve({ kind: 'accepted' }),
  isGesture: (emoji) => emoji === 'OnIt' || emoji === 'DONE',
  chatOf: () => Promise.resolve(null),
  watched: () => [ACME, DUTY],
  lookEveryMs: 300_000,
  talks: () => Promise.resolve([]),
  keep: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
  leads: () => Promise.resolve(true),
  paid: [],
  language: () => 'en',
  log,
  now: Date.now,
});

/** The adapter as the program runs it, over real HTTP and WebSocket, against the emulator: two people, two groups. */
export const scene = async (
  mode: 'ws' | 'webhook',
  options: {
    readonly feishu?: FeishuEmulator;
    readonly emulator?: EmulatorOptions;
    readonly bot?: Partial<FeishuOptions>;
    readonly kept?: Map<string, string>;
    readonly start?: boolean;
  } = {},
): Promise<Scene> => {
  const feishu = options.feishu ?? (await tenant(mode, options.emulator));
  const { logged, log } = collect();
  const events: ChatEvent[] = [];
  const { stored, take } = inbox();
  const kept = options.kept ?? new Map<string, string>();
  const bot = createFeishu({
    ...optionsFor(feishu, mode, log),
    receive: async (event) => {
      events.push(event);
      await made.before(event);
      return take(event);
    },
    keep: {
      load: (key) => Promise.resolve(kept.get(key) ?? null),
      save: (key, text) => Promise.resolve(void kept.set(key, text)),
    },
    ...options.bot,
  });
  const server = mode === 'webhook' ? await serve(bot) : null;
  const url = server === null ? '' : `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (server !== null) feishu.setRequestUrl({ events: `${url}/feishu/events`, callbacks: `${url}/feishu/cards` });
  const made: Scene = {
    feishu,
    bot,
    events,
    stored,
    logged,
    kept,
    url,
    before: () => Promise.resolve(),
    async stop() {
      await bot.stop();
      server?.closeAllConnections();
      server?.close();
      if (options.feishu === undefined) await feishu.stop();
    },
  };
  if (options.start !== false) {
    await bot.start();
    if (mode === 'ws') await feishu.waitFor(() => feishu.connections > 0);
  }
  return made;
};

const serve = async (bot: Feishu): Promise<Server> => {
  const server = createServer((request, response) => {
    const webhook = bot.webhooks.find(({ path }) => path === new URL(request.url ?? '/', 'http://x').pathname);
    if (webhook === undefined) response.writeHead(404).end();
    else webhook.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

export const types = (events: readonly ChatEvent[]): string[] => events.map((event) => event.type);

export const said = (words: string): Outgoing => ({ text: [words], language: 'en' });

/** A card with one button. */
export const asked = (words: string, more: Partial<Outgoing> = {}): Outgoing => ({
  card: {
    head: 'ITR-1 · incident · S2',
    title: words,
    tone: 'warning',
    lines: [],
    fields: [],
    actions: [{ action: 'claim', value: '1', label: 'Claim' }],
  },
  language: 'en',
  ...more,
});

/** What a call fails with. */
export const failing = async (call: Promise<unknown>): Promise<DeliveryError> => {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof DeliveryError) return error;
  throw error;
};

/** Resolves when the test says so. */
export const gate = (): { readonly passed: Promise<void>; readonly open: () => void } => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
};
