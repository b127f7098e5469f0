import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Capabilities, ChatEvent, ChatPlatform, Receive } from '../../conversations/platform.ts';
import { Account } from './account.ts';
import { Api } from './api.ts';
import { createApp } from './app.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { createIntake } from './intake.ts';
import { Lookup } from './lookup.ts';
import { Outbound } from './outbound.ts';
import { at, text, type Raw } from './payload.ts';
import { HttpReceiver } from './receiver.ts';
import { SlackRooms } from './rooms.ts';
import { clientOptions } from './sdk.ts';
import { SocketReceiver } from './socket.ts';

export type { Diagnosis } from './diagnose.ts';

export interface SlackOptions {
  readonly botToken: string;
  /** Slack over HTTP. */
  readonly signingSecret?: string;
  /** Slack over Socket Mode; used where both are given. */
  readonly appToken?: string;
  /** `https://slack.com/api/` */
  readonly apiUrl: string;
  readonly receive: Receive;
  readonly log: Logger;
  /** The product's clock, UTC ms: dates what Slack does not date, and ages tokens and caches. */
  readonly now: () => number;
  readonly socketConnections?: number;
}

export type Slack = ChatPlatform & { diagnose(): Promise<Diagnosis[]> };

const CAPABILITIES: Capabilities = {
  reactions: true,
  ephemeral: true,
  forms: true,
  edit: true,
  findByMarker: true,
  // chat.postMessage knows no key.
  idempotentSend: false,
  urgent: false,
  slash: true,
  languages: true,
  minGapPerChatMs: 1_000,
  minGapPerEditMs: 3_000,
};

/** The one place where this adapter is put together. Reaches nothing before `start`. */
export const createSlack = (options: SlackOptions): Slack => {
  const { botToken, apiUrl, log, now } = options;
  const newClientOptions = () => clientOptions({ apiUrl, log });
  const client = new WebClient(botToken, newClientOptions());
  const account = new Account(client, log);
  const api = new Api(client, account);
  const outbound = new Outbound({ api, apiUrl, log, now });
  const lookup = new Lookup({ api, self: account, now });
  const rooms = new SlackRooms({ api, self: account });
  const observe = (payload: Raw, event: ChatEvent | null): void => {
    if (event?.type === 'person_changed') lookup.forgetPerson(event.user);
    if (event?.type === 'platform_trouble' && event.trouble !== 'rate_limited') account.lost(event.detail);
    const inner = at(payload, 'event');
    if (text(inner, 'type')?.endsWith('_rename')) lookup.forgetChat(text(at(inner, 'channel'), 'id') ?? '');
  };
  const intake = createIntake({ self: account, now, receive: options.receive, observe, log });
  const socket =
    options.appToken === undefined
      ? null
      : new SocketReceiver({
          appToken: options.appToken,
          connections: options.socketConnections ?? 2,
          client: newClientOptions,
          intake,
          log,
        });
  const http =
    socket !== null || options.signingSecret === undefined
      ? null
      : new HttpReceiver({ signingSecret: options.signingSecret, intake, clock: Date.now, log });
  const receiver = socket ?? http;
  if (receiver === null) throw new Error('Slack needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode).');
  const app = createApp({ receiver, intake, botToken, client: newClientOptions() });

  return {
    name: 'slack',
    capabilities: CAPABILITIES,
    webhooks: http === null ? [] : [{ path: '/slack/events', handle: (req, res) => http.handle(req, res) }],

    async start() {
      // Side by side: what comes in needs no answer of Slack's first.
      await Promise.all([account.start(), app.start()]);
    },
    async stop() {
      account.stop();
      await app.stop();
    },
    health() {
      const [who, way] = [account.health(), socket?.health() ?? { ok: true, line: 'HTTP' }];
      return { ok: who.ok && way.ok, line: `slack: ${who.line}; ${way.line}` };
    },

    send: (to, what, marker) => outbound.send(to, what, marker),
    edit: (ref, what) => outbound.edit(ref, what),
    whisper: (to, what) => outbound.whisper(to, what),
    reply: (token, what) => outbound.reply(token, what),
    openForm: (token, form) => outbound.openForm(token, form),
    publishHome: (user, sections, language) => outbound.publishHome(user, sections, language),
    async find(to, marker, sinceMs) {
      return lookup.find(await outbound.chatOf(to), to.kind === 'thread' ? to.thread : null, marker, sinceMs);
    },

    rooms,

    profile: (user) => lookup.profile(user),
    findPeople: (who) => lookup.findPeople(who),
    history: (chat, thread) => lookup.history(chat, thread),
    threadOf: (chat, message) => lookup.threadOf(chat, message),
    chatName: (chat) => lookup.chatName(chat),
    permalink: (ref) => lookup.permalink(ref),

    diagnose: () =>
      diagnose({
        client,
        apiUrl,
        signingSecret: options.signingSecret ?? null,
        socket: options.appToken === undefined ? null : new WebClient(options.appToken, newClientOptions()),
        clock: Date.now,
      }),
  };
};
