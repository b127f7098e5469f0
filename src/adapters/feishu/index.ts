import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { plain } from '../../conversations/card.ts';
import type { Capabilities, ChatPlatform, Receive } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import { text } from '../raw.ts';
import { Api } from './api.ts';
import { Callbacks, decodePress } from './callbacks.ts';
import { CatchUp, type Talk } from './catch-up.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { drawForm } from './draw-form.ts';
import { createIntake, type Intake } from './intake.ts';
import { threadOfItem } from './inbound-message.ts';
import { LongConnection, type LongPace } from './long.ts';
import { Lookup } from './lookup.ts';
import { Outbound } from './outbound.ts';
import { Places } from './places.ts';
import { WebhookReceiver } from './receiver.ts';
import { FeishuRooms } from './rooms.ts';
import { Urgent, type Counter, type Paid } from './urgent.ts';
import { words } from './words.ts';

export type { Diagnosis } from './diagnose.ts';

export interface FeishuOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly mode: 'ws' | 'webhook';
  /** Needed for `webhook`. */
  readonly encryptKey: string | null;
  readonly verificationToken: string | null;
  /** `https://open.feishu.cn`, `https://open.larksuite.com` */
  readonly domain: string;
  readonly receive: Receive;
  /** Whether a reaction of this name means anything here. */
  readonly isGesture: (emoji: string) => boolean;
  /** The chat of a message that our own database knows. */
  readonly chatOf: (message: string) => Promise<string | null>;
  /** Chats whose missed messages are asked for after a break. */
  readonly watched: () => readonly string[];
  /** How often they are asked for although nothing broke: a call for each chat. */
  readonly lookEveryMs: number;
  /** The same for the threads of open tickets. */
  readonly talks: () => Promise<readonly Talk[]>;
  /** Small texts kept across restarts. */
  readonly keep: {
    readonly load: (key: string) => Promise<string | null>;
    readonly save: (key: string, text: string) => Promise<void>;
  };
  /** Whether this process is to hold the long connection. */
  readonly leads: () => Promise<boolean>;
  /** Ways of ringing people that cost money. */
  readonly paid: readonly Paid[];
  /** Of what the adapter itself says. */
  readonly language: () => Language;
  readonly log: Logger;
  /** The product's clock, UTC ms: ages caches, and dates what Feishu does not date. */
  readonly now: () => number;
  /** Of the long connection. */
  readonly pace?: Partial<LongPace>;
}

export type Feishu = ChatPlatform & {
  diagnose(): Promise<Diagnosis[]>;
  /** Asks for what was missed now; it does so by itself after every break. */
  catchUp(): Promise<void>;
};

const CAPABILITIES: Capabilities = {
  reactions: true,
  ephemeral: false,
  forms: true,
  edit: true,
  findByMarker: false,
  // By `uuid`, for an hour.
  idempotentSend: true,
  urgent: true,
  slash: false,
  languages: false,
  // Five a second, of which other bots in the chat want their share.
  minGapPerChatMs: 250,
  minGapPerEditMs: 3_000,
};

/** By a ping without an answer: 150 s, and a little. */
const FOUND_DEAD_WITHIN_MS = 3 * 60_000;

/** A toast is a line or two. */
const MAX_TOAST = 120;

/** The one place where this adapter is put together. Reaches nothing before `start`. */
export const createFeishu = (options: FeishuOptions): Feishu => {
  const { appId, appSecret, domain, log, now, language } = options;
  const api = new Api({ appId, appSecret, domain, log, monotonic: () => performance.now() });
  const { account } = api;
  const lookup = new Lookup({ api, self: account, now });
  const places = new Places({
    stored: options.chatOf,
    ask: async (message) => {
      const item = await lookup.message(message);
      return item === null ? null : text(item, 'chat_id');
    },
  });
  const callbacks = new Callbacks();
  const keptNumber = async (key: string): Promise<number | null> => {
    const kept = Number((await options.keep.load(key)) ?? Number.NaN);
    return Number.isFinite(kept) ? kept : null;
  };
  const counter: Counter = {
    load: async (key) => (await keptNumber(`urgent:${key}`)) ?? 0,
    save: (key, used) => options.keep.save(`urgent:${key}`, String(used)),
  };
  const outbound = new Outbound({
    api,
    log,
    urgent: new Urgent({ api, paid: options.paid, counter, now, log }),
    sent: (message, chat) => places.learn(message, chat),
    standIn: (chat, thread) => lookup.standIn(chat, thread),
  });
  const take = createIntake({
    self: account,
    now,
    receive: options.receive,
    callbacks,
    places,
    lookup,
    isGesture: options.isGesture,
    language,
    log,
  });
  let keptTenant: string | null = null;
  /** Only events say which organization is ours; what is found by asking has to be told from others' before the first of them. */
  const keepTenant = async (): Promise<void> => {
    const { tenantKey } = account;
    if (tenantKey === null || tenantKey === keptTenant) return;
    await options.keep.save('tenant', tenantKey);
    keptTenant = tenantKey;
  };
  const intake: Intake = async (payload) => {
    try {
      const answer = await take(payload);
      await keepTenant();
      return answer;
    } catch (error) {
      // Feishu repeats it, in its own time: until then it is missing.
      catchUp.broke();
      throw error;
    }
  };
  const long =
    options.mode === 'webhook'
      ? null
      : new LongConnection({
          appId,
          appSecret,
          domain,
          intake,
          leads: options.leads,
          connected: () => {
            catchUp.broke();
            void catchUp.look();
          },
          broke: () => catchUp.broke(),
          log,
          pace: options.pace,
        });
  const catchUp = new CatchUp({
    watched: options.watched,
    talks: options.talks,
    since: (chat, sinceMs, pause) => lookup.since(chat, sinceMs, pause),
    topicSince: (root, sinceMs, pause) => lookup.topicSince(root, sinceMs, pause),
    forwarded: (message) => lookup.forwarded(message),
    everyMs: options.lookEveryMs,
    reactions: (message, pause) => lookup.reactions(message, pause),
    isGesture: options.isGesture,
    self: account,
    receive: options.receive,
    load: () => keptNumber('received-until'),
    save: (until) => options.keep.save('received-until', String(until)),
    // Whether a message is meant for the bot cannot be told before it knows who it is.
    canLook: () => account.openId !== null && (long?.isOpen ?? true),
    cause:
      long === null
        ? 'Feishu could not deliver them to the request address'
        : 'another process is connected as this app, and gets a share of the events',
    sureAfterMs: long === null ? 0 : FOUND_DEAD_WITHIN_MS,
    now,
    log,
  });
  const webhook =
    options.mode !== 'webhook' || options.encryptKey === null
      ? null
      : new WebhookReceiver({
          appId,
          encryptKey: options.encryptKey,
          verificationToken: options.verificationToken,
          intake,
          clock: Date.now,
          log,
        });
  if (long === null && webhook === null)
    throw new Error('Feishu needs FEISHU_ENCRYPT_KEY where FEISHU_MODE is webhook.');
  const paths = webhook === null ? [] : ['/feishu/events', '/feishu/cards'];

  return {
    name: 'feishu',
    capabilities: CAPABILITIES,
    webhooks: paths.map((path) => ({ path, handle: (req, res) => webhook?.handle(req, res) })),

    async start() {
      keptTenant = await options.keep.load('tenant').catch((error: unknown) => {
        log.warn({ err: error }, 'Feishu: whose organization the app is of could not be read; the next event says it');
        return null;
      });
      account.tenantKey ??= keptTenant;
      await webhook?.start();
      // Who the bot is has to be known before its own messages are told from others'.
      await account.start();
      catchUp.start();
      await long?.start();
      if (long === null) void catchUp.look();
    },
    async stop() {
      account.stop();
      await Promise.all([webhook?.stop(), long?.stop(), catchUp.stop()]);
    },
    health() {
      const [who, way] = [account.health(), long?.health() ?? { ok: true, line: 'webhook' }];
      const missed = catchUp.health();
      const lines = [who.line, way.line, ...(missed === null ? [] : [missed])];
      return { ok: who.ok && way.ok && missed === null, line: `feishu: ${lines.join('; ')}` };
    },

    send: (to, what, marker) => outbound.send(to, what, marker),
    edit: (ref, what) => outbound.edit(ref, what),
    find: () => Promise.resolve(null),
    async whisper(to, what) {
      // Feishu shows a message in a chat to everybody in it.
      await outbound.send({ kind: 'direct', user: to.user }, what, `whisper:${randomUUID()}`);
    },
    reply(token, what) {
      const press = decodePress(token);
      if (press === null || !callbacks.waits(press.id)) return Promise.resolve(false);
      const line = plain(what.text ?? []);
      // What has buttons, or is long, is said directly, and the toast says so.
      const fits = what.card === undefined && (what.actions ?? []).length === 0 && line.length <= MAX_TOAST;
      const shown = callbacks.end(press.id, {
        type: fits ? 'warning' : 'info',
        content: fits ? line : words(what.language).repliedPrivately,
      });
      return Promise.resolve(shown && fits);
    },
    settled(token) {
      const press = decodePress(token);
      if (press !== null) callbacks.end(press.id, null);
    },
    async openForm(token, form) {
      const press = decodePress(token);
      if (press === null) return false;
      const spoken = form.language ?? language();
      const card = drawForm(form, spoken, press.user);
      const place = press.message === null ? null : await threadOf(press.message);
      const to =
        press.chat === null || place === null
          ? ({ kind: 'direct', user: press.user } as const)
          : ({ kind: 'thread', chat: press.chat, thread: place } as const);
      await outbound.sendCard(to, card, `form:${press.id}`);
      callbacks.end(press.id, { type: 'info', content: words(spoken).formSent });
      return true;
    },
    rooms: new FeishuRooms(api),

    profile: (user) => lookup.profile(user),
    findPeople: (who) => lookup.findPeople(who),
    history: (chat, thread) => lookup.history(chat, thread),
    threadOf: (_chat, message) => threadOf(message),
    chatName: (chat) => lookup.chatName(chat),
    permalink: (ref) => Promise.resolve(lookup.permalink(ref.chat)),

    diagnose: () => diagnose({ api, mode: options.mode, paid: options.paid, keys: options }),
    catchUp: () => catchUp.look(),
  };

  async function threadOf(message: string): Promise<string | null> {
    const item = await lookup.message(message);
    return item === null ? null : threadOfItem(item);
  }
};
