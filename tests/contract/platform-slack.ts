import { rig } from '../adapters/slack/harness.ts';
import { visibleText, buttonsOf } from '../emulators/slack/index.ts';
import type { Json, SlackMessage } from '../emulators/slack/index.ts';
import { HandClock } from '../support/clock.ts';
import type { OpenPlatform, PlatformBench } from './platform-bench.ts';

const CHAT = 'C0ACME';
const IDS = { lin: 'U0LIN', wei: 'U0WEI' } as const;
const OTHER_BOT = 'U0ALERTS';

/** What is read as mrkdwn: the text, and the blocks' own. */
const marked = (value: Json | undefined): string[] => {
  if (Array.isArray(value)) return value.flatMap(marked);
  if (typeof value !== 'object' || value === null) return [];
  const own = value['type'] === 'mrkdwn' && typeof value['text'] === 'string' ? [value['text']] : [];
  return [...own, ...Object.values(value).flatMap(marked)];
};

const ringsOf = ({ text, blocks }: SlackMessage): string[] => {
  const rung = [text, ...marked(blocks)].flatMap((mrkdwn) =>
    [...mrkdwn.matchAll(/<(@[UW]\w+|!(?!date\^)[^<>|]+)/g)].map(([, whom = '']) =>
      whom.startsWith('@') ? whom.slice(1) : 'everybody',
    ),
  );
  return [...new Set(rung)];
};

/** Slack's adapter in front of the emulator. */
export const slackBench =
  (mode: 'http' | 'socket'): OpenPlatform =>
  async ({ start } = {}) => {
    const clock = new HandClock(Date.parse('2026-11-23T01:00:00Z'));
    const made = await rig(mode, {
      emulator: { now: clock.now, ackDeadlineMs: mode === 'http' ? 3_000 : 1_000 },
      slack: { now: clock.now },
      ...(start === undefined ? {} : { start }),
    });
    const { slack, bot } = made;
    const connected = async (): Promise<void> => {
      if (mode === 'socket') await slack.waitFor(() => slack.sockets === 2);
    };
    if (start !== false) await connected();
    slack.addUser({ id: OTHER_BOT, name: 'alerts', isBot: true });
    slack.world.channel(CHAT).members.add(OTHER_BOT);
    const found = (chat: string, ts: string): SlackMessage | undefined => slack.message(chat, ts);
    const bench: PlatformBench = {
      platform: bot,
      events: made.events,
      get receive() {
        return made.receive;
      },
      set receive(receive) {
        made.receive = receive;
      },
      clock,
      ids: IDS,
      names: { lin: 'lin', wei: 'wei' },
      nobody: 'U0NOBODY',
      chat: CHAT,
      chatTitle: 'proj-acme',
      nowhere: 'C0NOWHERE',
      noMessage: '1700000000.000100',
      atBot: `<@${slack.botUserId}>`,
      emoji: 'eyes',
      files: true,
      cuts: true,
      keys: true,

      async says(who, text, { thread, direct, file } = {}) {
        const channel = direct === true ? slack.dmChannel(IDS[who]) : CHAT;
        const { ts } = await slack.post(IDS[who], channel, text, {
          ...(thread === undefined ? {} : { thread_ts: thread }),
          ...(file === undefined ? {} : { files: [{ name: file }] }),
        });
        return ts;
      },
      reacts: (who, message) => slack.react(IDS[who], CHAT, message, 'eyes'),
      unreacts: (who, message) => slack.unreact(IDS[who], CHAT, message, 'eyes'),
      async presses(who, ref, label) {
        const button = buttonsOf(found(ref.chat, ref.message) ?? {}).find(({ text }) => text === label);
        await slack.click(IDS[who], ref.chat, ref.message, button?.action_id ?? label);
      },
      submits: async (who, values) => Object.values((await slack.submitView(IDS[who], values)).errors),
      async otherBotSays(text) {
        await slack.webhook(CHAT, text);
        await slack.post(OTHER_BOT, CHAT, `<@${slack.botUserId}> ${text}`);
      },
      async vanishes(ref) {
        await slack.delete(IDS.wei, ref.chat, ref.message);
        return ref;
      },

      acknowledged: () => slack.deliveries().filter(({ acked }) => acked).length,
      // By itself, within the second.
      comesAgain: () => undefined,
      async settled() {
        await connected();
        await slack.settled();
      },

      text: (ref) => visibleText(found(ref.chat, ref.message) ?? { text: '' }),
      shown: (chat) => slack.messages(chat).map(visibleText),
      seenBy: (who) => [...slack.dms(IDS[who]), ...slack.ephemerals(IDS[who])].map(visibleText),
      stored: (ref) => JSON.stringify(found(ref.chat, ref.message)),
      rings(ref) {
        const message = found(ref.chat, ref.message);
        return message === undefined ? [] : ringsOf(message);
      },
      members: (chat) => [...slack.world.channel(chat).members].filter((id) => id !== slack.botUserId),

      outages: [
        {
          name: 'the answer is lost',
          begin: () => slack.fault({ method: 'chat.postMessage', kind: 'drop-after-success' }),
          unknown: true,
        },
        {
          name: 'an error of its own',
          begin: () => slack.fault({ method: 'chat.postMessage', kind: '500' }),
          unknown: true,
        },
        {
          name: 'nobody listens',
          begin: () => slack.stop(),
          unknown: false,
          connections: 10,
        },
      ],
      refuseKeys: () => slack.revokeTokens(),
      acceptKeys: () => slack.reinstall(),
      down: () => slack.fault({ method: '*', kind: 'drop', times: Infinity }),
      up: () => slack.clearFaults(),
      close: () => made.stop(),
    };
    return bench;
  };
