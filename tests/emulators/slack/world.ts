import { randomBytes } from 'node:crypto';
import { defaultScopes, defaultSubscriptions } from './manifest.ts';
import type {
  ApiCall,
  Bot,
  Delivery,
  EmulatorOptions,
  Ephemeral,
  JsonObject,
  NewChannel,
  NewUser,
  SlackChannel,
  SlackFile,
  SlackMessage,
  SlackUser,
  SlackView,
  Team,
  Usergroup,
} from './types.ts';

export type Trigger = { user: string; at: number; used: boolean };
export type ResponseUrl = {
  at: number;
  uses: number;
  user: string;
  channel: string;
  /** The message the click was on; absent for slash commands. */
  ts?: string;
  ephemeral: boolean;
  thread_ts?: string;
};

/** The workspace: who and what is in it. Knows nothing of HTTP; every change calls `changed()`, which wakes waiters. */
export class World {
  readonly team: Team;
  readonly appId: string;
  readonly bot: Bot;
  readonly now: () => number;
  readonly users = new Map<string, SlackUser>();
  readonly channels = new Map<string, SlackChannel>();
  readonly usergroups = new Map<string, Usergroup>();
  readonly files = new Map<string, { file: SlackFile; content: Buffer }>();
  readonly views = new Map<string, SlackView>();
  /** The stack of modals each user has open, top last. */
  readonly modals = new Map<string, SlackView[]>();
  readonly homes = new Map<string, SlackView>();
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly ephemerals: Ephemeral[] = [];
  readonly pins = new Map<string, Set<string>>();
  readonly bookmarks = new Map<string, JsonObject[]>();
  readonly calls: ApiCall[] = [];
  readonly deliveries: Delivery[] = [];
  /** Things Slack would let pass but a careful app avoids: unknown arguments, blocks without fallback text. */
  readonly warnings: string[] = [];
  readonly scopes: Set<string>;
  readonly subscriptions: Set<string>;
  botToken: string;
  appToken: string;
  /** Set when the token is dead: the error every call gets. */
  authError: 'token_revoked' | 'account_inactive' | undefined;
  enforceRates: boolean;

  /** Unlike the counters, differs from run to run: an app database that outlives the emulator must not see an id twice. */
  private readonly run = randomBytes(3).toString('hex').toUpperCase();
  private readonly messageLists = new Map<string, SlackMessage[]>();
  private readonly messageIndex = new Map<string, SlackMessage>();
  private readonly threads = new Map<string, SlackMessage[]>();
  private readonly deleted = new Set<string>();
  private readonly waiters = new Set<() => void>();
  private notifying = false;
  private count = 0;
  private lastMicros = 0;
  private dice: number;

  constructor(options: EmulatorOptions) {
    this.team = { id: 'T0ITR', name: 'Acme Support', domain: 'acme', ...options.team };
    this.appId = options.appId ?? 'A0ITR';
    this.bot = { userId: 'U0BOT', botId: 'B0BOT', name: 'itr', realName: 'ITR', ...options.bot };
    this.now = options.now ?? Date.now;
    this.scopes = new Set(options.scopes ?? defaultScopes);
    this.subscriptions = new Set(options.subscriptions ?? defaultSubscriptions);
    this.botToken = options.botToken ?? 'xoxb-emulator';
    this.appToken = options.appToken ?? 'xapp-emulator';
    this.enforceRates = options.enforceRates ?? false;
    this.dice = options.seed ?? 20261121;
    const { userId, name, realName, botId } = this.bot;
    this.addUser({ id: userId, name, realName, isBot: true, botId, appId: this.appId });
  }

  addUser(user: NewUser): SlackUser {
    const full: SlackUser = {
      realName: user.name,
      locale: 'en-US',
      tz: 'Asia/Shanghai',
      isBot: false,
      deleted: false,
      ...user,
    };
    if (full.isBot) full.botId ??= `B${full.id.slice(1)}`;
    if (full.isBot) full.appId ??= `A${full.id.slice(1)}`;
    this.users.set(full.id, full);
    this.changed();
    return full;
  }

  addChannel(channel: NewChannel): SlackChannel {
    const members = new Set(channel.members ?? []);
    for (const id of members) this.user(id);
    if (channel.botIsMember ?? true) members.add(this.bot.userId);
    const full: SlackChannel = {
      id: channel.id,
      name: channel.name,
      kind: channel.private ? 'group' : 'channel',
      members,
      archived: false,
      created: Math.floor(this.now() / 1000),
      creator: channel.members?.[0] ?? this.bot.userId,
      topic: channel.topic ?? '',
    };
    this.channels.set(full.id, full);
    this.changed();
    return full;
  }

  /** The direct conversation between the bot and a person; made on first use, as conversations.open does. */
  im(userId: string): SlackChannel {
    this.user(userId);
    const id = `D${userId.slice(1)}`;
    const existing = this.channels.get(id);
    if (existing) return existing;
    const im: SlackChannel = {
      id,
      name: '',
      kind: 'im',
      members: new Set([userId, this.bot.userId]),
      archived: false,
      created: Math.floor(this.now() / 1000),
      creator: userId,
      topic: '',
    };
    this.channels.set(id, im);
    return im;
  }

  /** Throws: for what a test asks for. The Web API uses `users.get` and answers user_not_found. */
  user(id: string): SlackUser {
    const user = this.users.get(id);
    if (!user) throw new Error(`slack emulator: there is no user ${id}; call addUser first`);
    return user;
  }

  channel(id: string): SlackChannel {
    const channel = this.channels.get(id);
    if (!channel) throw new Error(`slack emulator: there is no channel ${id}; call addChannel first`);
    return channel;
  }

  list(channelId: string): SlackMessage[] {
    const known = this.messageLists.get(channelId);
    if (known) return known;
    const fresh: SlackMessage[] = [];
    this.messageLists.set(channelId, fresh);
    return fresh;
  }

  find(channelId: string, ts: string): SlackMessage | undefined {
    return this.messageIndex.get(`${channelId}:${ts}`);
  }

  wasDeleted(channelId: string, ts: string): boolean {
    return this.deleted.has(`${channelId}:${ts}`);
  }

  /** Stores a message and, for a reply, brings the thread's root up to date. */
  add(channelId: string, message: SlackMessage): SlackMessage {
    this.list(channelId).push(message);
    this.messageIndex.set(`${channelId}:${message.ts}`, message);
    if (message.thread_ts && message.thread_ts !== message.ts) {
      this.replies(channelId, message.thread_ts).push(message);
      this.recount(channelId, message.thread_ts);
    }
    this.changed();
    return message;
  }

  remove(channelId: string, ts: string): void {
    const list = this.list(channelId);
    const at = list.findIndex((m) => m.ts === ts);
    const [gone] = at >= 0 ? list.splice(at, 1) : [];
    this.messageIndex.delete(`${channelId}:${ts}`);
    this.deleted.add(`${channelId}:${ts}`);
    if (gone?.thread_ts && gone.thread_ts !== ts) {
      const replies = this.replies(channelId, gone.thread_ts);
      replies.splice(replies.indexOf(gone), 1);
      this.recount(channelId, gone.thread_ts);
    }
    this.changed();
  }

  replies(channelId: string, rootTs: string): SlackMessage[] {
    const key = `${channelId}:${rootTs}`;
    const known = this.threads.get(key);
    if (known) return known;
    const fresh: SlackMessage[] = [];
    this.threads.set(key, fresh);
    return fresh;
  }

  private recount(channelId: string, rootTs: string): void {
    const root = this.find(channelId, rootTs);
    if (!root) return;
    const replies = this.replies(channelId, rootTs);
    const authors = [...new Set(replies.map((m) => m.user ?? m.bot_id ?? ''))].filter((id) => id !== '');
    root.thread_ts = rootTs;
    root.reply_count = replies.length;
    root.reply_users = authors.slice(0, 5);
    root.reply_users_count = authors.length;
    root.is_locked = false;
    const latest = replies.at(-1)?.ts;
    if (latest) root.latest_reply = latest;
    if (replies.length === 0) {
      for (const key of ['thread_ts', 'reply_count', 'reply_users', 'reply_users_count', 'latest_reply'] as const) {
        delete root[key];
      }
    }
  }

  /** `seconds.micros`, unique and rising even when the clock of a test stands still. */
  nextTs(): string {
    const micros = Math.max(Math.floor(this.now()) * 1000, this.lastMicros + 100);
    this.lastMicros = micros;
    return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
  }

  id(prefix: string): string {
    this.count += 1;
    return `${prefix}${this.run}${String(this.count).padStart(5, '0')}`;
  }

  /** mulberry32: chance that a failed test can replay. */
  random(): number {
    this.dice = (this.dice + 0x6d2b79f5) | 0;
    let t = Math.imul(this.dice ^ (this.dice >>> 15), 1 | this.dice);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  trigger(user: string): string {
    const id = `${Math.floor(this.now())}.${this.id('')}.${randomBytes(6).toString('hex')}`;
    this.triggers.set(id, { user, at: this.now(), used: false });
    return id;
  }

  /** Wakes every waitFor. Coalesced, so that a burst of changes evaluates each predicate once. */
  changed(): void {
    if (this.notifying) return;
    this.notifying = true;
    setImmediate(() => {
      this.notifying = false;
      for (const wake of [...this.waiters]) wake();
    });
  }

  onChange(wake: () => void): () => void {
    this.waiters.add(wake);
    return () => this.waiters.delete(wake);
  }
}
