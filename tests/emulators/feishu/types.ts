/** Shapes shared by the emulator's files. Wire shapes keep Feishu's snake_case; our own options use camelCase. */

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json | undefined };

export type FeishuApp = {
  /** `cli_` and 16 hex digits: the SDK's long connection silently refuses anything else. */
  id: string;
  name: string;
  secret: string;
  /** '' = no encryption and no signature. */
  encryptKey: string;
  verificationToken: string;
  tenantKey: string;
  /** Its bot's, as the app itself sees it. */
  openId: string;
  scopes: Set<string>;
  /** Asked for by a version that nobody has approved yet. */
  asked: Set<string>;
  /** Event types subscribed to; `card.action.trigger` among them means: card callbacks are configured. */
  subscriptions: Set<string>;
  /** A version is published and approved: without it nothing is delivered. */
  published: boolean;
  /** The bot ability is switched on; without it 230006. */
  botAbility: boolean;
  delivery: 'webhook' | 'socket';
};
export type NewApp = { id: string } & Partial<
  Omit<FeishuApp, 'id' | 'scopes' | 'asked' | 'subscriptions'> & {
    scopes: string[];
    asked: string[];
    subscriptions: string[];
  }
>;

export type Person = {
  /** How tests name the person; never on the wire. */
  key: string;
  name: string;
  enName: string;
  unionId: string;
  userId: string;
  email: string;
  mobile: string;
  tenantKey: string;
  /** In the contact range of the apps: otherwise the directory does not answer for them. */
  inContactRange: boolean;
  /** May use the bot: otherwise it cannot write to them (230013). */
  available: boolean;
  /** Has stopped the bot from writing to them (230053). */
  stoppedBot: boolean;
  resigned: boolean;
  /** open_id per app; those not given here are made of key and app. */
  openIds: Record<string, string>;
};
export type NewPerson = { key: string; name: string; openId?: string } & Partial<Omit<Person, 'key' | 'name'>>;

export type Chat = {
  id: string;
  name: string;
  kind: 'group' | 'p2p';
  /** Keys of people. */
  members: Set<string>;
  /** Ids of apps. */
  bots: Set<string>;
  owner: string;
  external: boolean;
  disbanded: boolean;
  /** Every message opens a topic of its own. */
  topic: boolean;
  /** false: replies in threads are refused (230071). */
  threads: boolean;
  /** false: buzzing is forbidden by the group's settings (230052). */
  urgent: boolean;
  /** true: only some may speak, the bot not among them (230035). */
  muted: boolean;
};
export type NewChat = { id?: string; name: string; members?: string[]; bots?: string[] } & Partial<
  Omit<Chat, 'id' | 'name' | 'kind' | 'members' | 'bots'>
>;

export type Who = { kind: 'person'; key: string } | { kind: 'app'; id: string };
export type Mention = { key: string; who: Who; name: string };
export type Reaction = { id: string; emoji: string; by: Who; at: number };
export type Resource = { key: string; type: 'image' | 'file'; name: string; content: Buffer; bytes: number };

export type Message = {
  id: string;
  chat: string;
  root?: string;
  parent?: string;
  /** `omt_…`, on every message of a topic, its root included. */
  thread?: string;
  sender: Who;
  /** Emulator clock, ms. */
  createdAt: number;
  updatedAt: number;
  type: string;
  /** The JSON text as it was sent; a card as it is shown now. */
  content: string;
  mentions: Mention[];
  recalled: boolean;
  /** PUTs and PATCHes so far, and cards put there by the answer to a callback. */
  edits: number;
  reactions: Reaction[];
  resources: Resource[];
  /** Ids of what a merged forward holds. */
  forwarded?: string[];
};

export type Toast = {
  person: string;
  message: string;
  /** `system`: Feishu's own red line, when the app did not answer well; its code is 2003xx or 2006xx. */
  type: 'info' | 'success' | 'error' | 'warning' | 'system';
  content: string;
  code?: number;
  at: number;
};
export type Buzz = { message: string; person: string; way: 'app' | 'sms' | 'phone'; at: number; read: boolean };

export type ApiCall = {
  n: number;
  /** 'message.create', 'reaction.delete', … (routes.ts), or 'unknown'. */
  name: string;
  method: string;
  path: string;
  app: string;
  /** Emulator clock, ms. */
  at: number;
  query: Record<string, string[]>;
  body: JsonObject;
  status: number;
  code: number;
  result: JsonObject;
  /** The fault injected into this call, if any. With `*-after-success` the world DID change. */
  fault?: Fault['kind'];
};

export type Fault = {
  /** Name of the call, or '*' for all. */
  call: string;
  /** How many matching calls are hit; default 1. */
  times?: number;
  /** Let this many matching calls through first. */
  skip?: number;
  /** Further condition; `path` without query. */
  when?: (call: { path: string; body: JsonObject }) => boolean;
} & (
  | { kind: '429'; resetSeconds?: number }
  | { kind: '5xx'; status?: number; code?: number }
  | { kind: 'error'; code: number; status?: number; msg?: string }
  /** The connection is reset, nothing was done. */
  | { kind: 'reset' }
  | { kind: 'reset-after-success' }
  /** Does the work, then keeps the answer back for `ms` of real time. */
  | { kind: 'timeout-after-success'; ms: number }
  /** Keeps the caller waiting first, then does the work. */
  | { kind: 'slow'; ms: number }
  /** 200 with a page of HTML, and nothing done. */
  | { kind: 'garbage' }
);

export type FailReason = 'timeout' | 'connection_failed' | 'http_error' | 'handler_failed' | 'bad_answer';
/** `body`: what the app answered, '' for nothing. */
export type Outcome =
  { acked: true; body: string; ms: number } | { acked: false; reason: FailReason; status?: number; ms: number };
export type Delivery = {
  n: number;
  app: string;
  /** Event type. */
  what: string;
  eventId: string;
  payload: JsonObject;
  attempts: (Outcome & { at: number })[];
  /** undefined while under way or waiting for the next attempt. */
  acked?: boolean;
};

/** A test's HandClock is one. Without `onMove`, redelivery looks at the clock only when something else happens. */
export type EmulatorClock = { now: () => number; onMove?: (moved: () => void) => void };

export type EmulatorOptions = {
  /** How the first app hears of events; default 'socket'. */
  delivery?: 'webhook' | 'socket';
  /** The first app. Default: `cli_0123456789abcdef`, all scopes and events a bot asks for, published. */
  app?: Partial<NewApp>;
  /** Message times, tokens, limits, redelivery. Deadlines run on real time. Default: the machine's. */
  clock?: EmulatorClock;
  /** For X-Lark-Request-Timestamp, ms; default: the clock. */
  signingNow?: () => number;
  port?: number;
  tenantKey?: string;
  /** Time for an answer; default 3000 of real time. */
  ackDeadlineMs?: number;
  /** Waits before attempts 2 to 5; default 15 s, 5 min, 1 h, 6 h, by the clock. */
  retryDelaysMs?: number[];
  /** Told to long connections, in seconds; default ping 120, nonce 0, interval 1. */
  clientConfig?: Partial<ClientConfig>;
  /** Payloads above this go in several frames; default 64 KiB. */
  fragmentBytes?: number;
  /** Refuse what exceeds a limit; default true. Violations are counted either way. */
  enforceRates?: boolean;
  /** For the choice of the connection an event goes to. */
  seed?: number;
};
export type ClientConfig = {
  ReconnectCount: number;
  ReconnectInterval: number;
  ReconnectNonce: number;
  PingInterval: number;
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
