import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';

import { createFeishu } from '../../src/adapters/feishu/index.ts';
import type { Feishu } from '../../src/adapters/feishu/index.ts';
import type { ChatEvent, MessageRef } from '../../src/conversations/platform.ts';
import { defaultScopes } from '../emulators/feishu/defaults.ts';
import { FeishuEmulator } from '../emulators/feishu/index.ts';
import type { Json, Message, SayOptions } from '../emulators/feishu/index.ts';
import { HandClock } from '../support/clock.ts';
import type { OpenPlatform, PlatformBench } from './platform-bench.ts';

const CHAT = 'oc_acme';
const IDS = { lin: 'ou_lin', wei: 'ou_wei' } as const;
const NAMES = { lin: '林', wei: '魏伟' } as const;
const OTHER_BOT = 'cli_00000000000000a1';
const EMOJI = 'OnIt';

const serve = async (bot: Feishu): Promise<Server> => {
  const server = createServer((request, response) => {
    const webhook = bot.webhooks.find(({ path }) => path === request.url);
    if (webhook === undefined) response.writeHead(404).end();
    else webhook.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** Markdown rings by its tag, a rich text by an element; a plain text by nothing. */
const ringsIn = (value: Json | undefined): string[] => {
  if (Array.isArray(value)) return value.flatMap(ringsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { tag, content, text } = value;
  const inside = Object.values(value).flatMap(ringsIn);
  if (tag === 'at') return [String(value['user_id']), ...inside];
  if (!['markdown', 'lark_md', 'md'].includes(String(tag))) return inside;
  return [...`${String(content)}${String(text)}`.matchAll(/<at\s+\w+=["']?([^"'\s<>]*)/gi)].map(([, id = '']) => id);
};

/** Feishu's adapter in front of the emulator. */
export const feishuBench =
  (mode: 'webhook' | 'ws'): OpenPlatform =>
  async ({ start } = {}) => {
    const clock = new HandClock(Date.parse('2026-11-23T01:00:00Z'));
    const feishu = await FeishuEmulator.start({
      clock,
      signingNow: Date.now,
      // Its limits count by a clock that stands still here.
      enforceRates: false,
      app: {
        delivery: mode === 'ws' ? 'socket' : 'webhook',
        scopes: [...defaultScopes, 'im:message.group_at_msg.include_bot:readonly'],
      },
    });
    for (const who of ['lin', 'wei'] as const) feishu.addPerson({ key: who, name: NAMES[who], openId: IDS[who] });
    feishu.addApp({ id: OTHER_BOT, name: 'alerts' });
    feishu.addChat({ id: CHAT, name: 'proj-acme', members: ['lin', 'wei'] });
    const { app } = feishu;
    const { secret } = app;
    const events: ChatEvent[] = [];
    const platform = createFeishu({
      appId: app.id,
      appSecret: secret,
      mode,
      encryptKey: mode === 'ws' ? null : app.encryptKey,
      verificationToken: mode === 'ws' ? null : app.verificationToken,
      domain: feishu.url,
      receive: (event) => {
        events.push(event);
        return bench.receive(event);
      },
      isGesture: (emoji) => emoji === EMOJI,
      chatOf: () => Promise.resolve(null),
      watched: () => [],
      lookEveryMs: 300_000,
      talks: () => Promise.resolve([]),
      keep: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
      leads: () => Promise.resolve(true),
      paid: [],
      language: () => 'en',
      log: pino({ level: 'silent' }),
      now: clock.now,
    });
    const server = mode === 'ws' ? null : await serve(platform);
    if (server !== null) {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feishu`;
      feishu.setRequestUrl({ events: `${url}/events`, callbacks: `${url}/cards` });
    }
    const connected = async (): Promise<void> => {
      if (mode === 'ws') await feishu.waitFor(() => feishu.connections > 0);
    };
    if (start !== false) {
      await platform.start();
      await connected();
    }
    const message = ({ message: id }: MessageRef): Message | undefined => feishu.world.find(id);
    const keyOf = (id: string): string | undefined =>
      [...feishu.world.people.keys()].find((key) => feishu.openId(key) === id);
    const ringsOf = ({ content, mentions }: Message): string[] =>
      ringsIn(JSON.parse(content) as Json).map((id) => {
        if (['all', '@_all', 'all_members'].includes(id)) return 'everybody';
        const who = mentions.find(({ key }) => key === id)?.who;
        return who?.kind === 'person' ? feishu.openId(who.key) : id;
      });
    const bench: PlatformBench = {
      platform,
      events,
      receive: () => Promise.resolve({ kind: 'accepted' }),
      clock,
      ids: IDS,
      names: NAMES,
      nobody: 'ou_nobody',
      chat: CHAT,
      chatTitle: 'proj-acme',
      nowhere: 'oc_nowhere',
      noMessage: 'om_none',
      atBot: '@bot',
      emoji: EMOJI,
      files: true,
      cuts: true,
      keys: true,

      async says(who, text, { thread, direct, file } = {}) {
        const where = direct === true ? feishu.p2p(who) : CHAT;
        const how: SayOptions = thread === undefined ? {} : { replyTo: thread, inThread: true };
        if (file !== undefined) return (await feishu.sendsFile(who, where, { name: file }, how)).id;
        return (await feishu.says(who, where, text, how)).id;
      },
      async reacts(who, to) {
        await feishu.reacts(who, to, EMOJI);
      },
      async unreacts(who, to) {
        await feishu.unreacts(who, to, EMOJI);
      },
      async presses(who, ref, label) {
        await feishu.presses(who, ref.message, label);
      },
      async submits(who, values) {
        const form = feishu.messages(CHAT, { from: 'bot' }).findLast(({ content }) => content.includes('"tag":"form"'));
        const { toast } = await feishu.submits(who, form?.id ?? '', values);
        return toast?.type === 'error' ? [toast.content] : [];
      },
      async otherBotSays(text) {
        await feishu.botSays(OTHER_BOT, CHAT, `@bot ${text}`);
      },
      vanishes(ref) {
        feishu.world.message(ref.message).recalled = true;
        return Promise.resolve(ref);
      },

      acknowledged: () => feishu.deliveries().filter(({ app: to, acked }) => to === app.id && acked).length,
      comesAgain: () => clock.advance(15_000),
      async settled() {
        await connected();
        await feishu.settled();
      },

      text: (ref) => (message(ref) === undefined ? '' : feishu.text(ref.message)),
      shown: (chat) => feishu.messages(chat).map(({ id }) => feishu.text(id)),
      seenBy: (who) => [
        ...feishu.direct(who).map(({ id }) => feishu.text(id)),
        ...feishu.toasts(who).map(({ content }) => content),
      ],
      stored: (ref) => JSON.stringify(message(ref)),
      rings(ref) {
        const sent = message(ref);
        return sent === undefined ? [] : [...new Set(ringsOf(sent))];
      },
      members: (chat) =>
        [...feishu.world.chat(chat).members].flatMap((key) => (keyOf(feishu.openId(key)) ? [feishu.openId(key)] : [])),

      outages: [
        {
          name: 'the answer is lost',
          begin: () => feishu.fault({ call: 'message.create', kind: 'reset-after-success' }),
          unknown: true,
        },
        {
          name: 'an error of its own',
          begin: () => feishu.fault({ call: 'message.create', kind: '5xx' }),
          unknown: true,
        },
        {
          name: 'nobody listens',
          begin: () => feishu.stop(),
          unknown: false,
          connections: 10,
        },
      ],
      refuseKeys() {
        app.secret = 'another';
        feishu.revokeTokens();
      },
      acceptKeys() {
        app.secret = secret;
      },
      down: () => feishu.away(true),
      up: () => feishu.away(false),
      async close() {
        await platform.stop();
        server?.closeAllConnections();
        server?.close();
        await feishu.stop();
      },
    };
    return bench;
  };
