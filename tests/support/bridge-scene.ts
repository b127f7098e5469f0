import { FeishuEmulator } from '../emulators/feishu/index.ts';
import { SlackEmulator, visibleText } from '../emulators/slack/index.ts';
import { startApp } from './app.ts';
import type { App } from './app.ts';
import { HandClock } from './clock.ts';
import { ACME, BOSS, DUTY, DUTY2, FEISHU_EXAMPLE } from './feishu-scene.ts';
import { nothingWaits } from './scene.ts';
import { MORNING } from './slack-scene.ts';

export type PlatformName = 'slack' | 'feishu';
type Gesture = 'capture' | 'claim' | 'done';

/** What the bot has said, as it stands now. */
export interface Heard {
  readonly id: string;
  readonly text: string;
  /** As the platform keeps it: mentions are seen here. */
  readonly raw: string;
}

/** One chat of one platform, and what people do there. People are named alike on both. */
export interface Side {
  readonly platform: PlatformName;
  says(person: string, text: string, thread?: string): Promise<string>;
  /** A word to the bot. */
  tells(person: string, words: string, thread: string): Promise<string>;
  attaches(person: string, file: string, thread: string): Promise<void>;
  deletes(person: string, message: string): Promise<void>;
  reacts(person: string, message: string, gesture: Gesture): Promise<void>;
  unreacts(person: string, message: string, gesture: Gesture): Promise<void>;
  /** In a thread (its first message included where the bot said it), or in the whole chat. */
  heard(thread?: string): readonly Heard[];
  /** What the emulated platform holds against the bot. */
  troubles(): readonly string[];
  /** Messages by which the bot has called people, or everybody, in this chat. */
  rings(thread: string): readonly Heard[];
}

const PEOPLE: readonly (readonly [string, string])[] = [
  ['lin', '林'],
  ['wei', '魏伟'],
  ['li', '李丽'],
  ['mei', '梅'],
  ['chen', '陈'],
];

const EMOJI: Readonly<Record<Gesture, Readonly<Record<PlatformName, string>>>> = {
  capture: { slack: 'ticket', feishu: 'Loudspeaker' },
  claim: { slack: 'eyes', feishu: 'OnIt' },
  done: { slack: 'white_check_mark', feishu: 'DONE' },
};

const SLACK_ID = { [ACME]: 'C0ACME', [DUTY]: 'C0DUTY', [DUTY2]: 'C0DUTY2', [BOSS]: 'C0BOSS' };

class SlackSide implements Side {
  readonly platform = 'slack';
  private readonly slack: SlackEmulator;
  private readonly chat: string;

  constructor(slack: SlackEmulator, chat: string) {
    this.slack = slack;
    this.chat = chat;
  }

  async says(person: string, text: string, thread?: string): Promise<string> {
    const { ts } = await this.slack.post(
      user(person),
      this.chat,
      text,
      thread === undefined ? {} : { thread_ts: thread },
    );
    return ts;
  }
  async tells(person: string, words: string, thread: string): Promise<string> {
    return (await this.slack.mention(user(person), this.chat, words, { thread_ts: thread })).ts;
  }
  async attaches(person: string, name: string, thread: string): Promise<void> {
    await this.slack.post(user(person), this.chat, '', { thread_ts: thread, files: [{ name }] });
  }
  edits(person: string, message: string, text: string): Promise<void> {
    return this.slack.edit(user(person), this.chat, message, text);
  }
  deletes(person: string, message: string): Promise<void> {
    return this.slack.delete(user(person), this.chat, message);
  }
  async reacts(person: string, message: string, gesture: Gesture): Promise<void> {
    await this.slack.react(user(person), this.chat, message, EMOJI[gesture].slack);
  }
  async unreacts(person: string, message: string, gesture: Gesture): Promise<void> {
    await this.slack.unreact(user(person), this.chat, message, EMOJI[gesture].slack);
  }
  heard(thread?: string): readonly Heard[] {
    return this.slack
      .messages(this.chat, { from: 'bot', ...(thread === undefined ? {} : { thread_ts: thread }) })
      .map((one) => ({ id: one.ts, text: visibleText(one), raw: JSON.stringify([one.text, one.blocks ?? []]) }));
  }
  rings(thread: string): readonly Heard[] {
    return this.heard(thread).filter(({ raw }) => /<!(?!date)|<@|"type":"(?:user|broadcast|usergroup)"/.test(raw));
  }
  troubles(): readonly string[] {
    return this.slack.warnings();
  }
}

class FeishuSide implements Side {
  readonly platform = 'feishu';
  private readonly feishu: FeishuEmulator;
  private readonly chat: string;

  constructor(feishu: FeishuEmulator, chat: string) {
    this.feishu = feishu;
    this.chat = chat;
  }

  async says(person: string, text: string, thread?: string): Promise<string> {
    const options = thread === undefined ? {} : { replyTo: thread, inThread: true };
    return (await this.feishu.says(person, this.chat, text, options)).id;
  }
  tells(person: string, words: string, thread: string): Promise<string> {
    return this.says(person, `@bot ${words}`, thread);
  }
  async attaches(person: string, name: string, thread: string): Promise<void> {
    await this.feishu.sendsFile(person, this.chat, { name }, { replyTo: thread, inThread: true });
  }
  deletes(person: string, message: string): Promise<void> {
    return this.feishu.recalls(person, message);
  }
  async reacts(person: string, message: string, gesture: Gesture): Promise<void> {
    await this.feishu.reacts(person, message, EMOJI[gesture].feishu);
  }
  async unreacts(person: string, message: string, gesture: Gesture): Promise<void> {
    await this.feishu.unreacts(person, message, EMOJI[gesture].feishu);
  }
  heard(thread?: string): readonly Heard[] {
    const all = thread === undefined ? this.feishu.messages(this.chat) : this.feishu.thread(thread);
    return all
      .filter((one) => one.sender.kind === 'app' && !one.recalled)
      .map((one) => ({ id: one.id, text: this.feishu.text(one.id), raw: one.content }));
  }
  rings(thread: string): readonly Heard[] {
    return this.heard(thread).filter(({ raw }) => callsSomebody(JSON.parse(raw) as unknown));
  }
  troubles(): readonly string[] {
    return [...this.feishu.warnings(), ...this.feishu.violations()];
  }
}

/** In a post an `at` of its own does; in a card what its markdown reads as one. What stands in plain text is only shown. */
const callsSomebody = (content: unknown): boolean => {
  if (Array.isArray(content)) return content.some(callsSomebody);
  if (typeof content !== 'object' || content === null) return false;
  const { tag, content: words } = content as { readonly tag?: unknown; readonly content?: unknown };
  if (tag === 'at') return true;
  if ((tag === 'markdown' || tag === 'lark_md' || tag === 'md') && /<at\b/.test(String(words))) return true;
  return Object.values(content).some(callsSomebody);
};

const user = (person: string): string => `U0${person.toUpperCase()}`;

/** One program on two platforms: the project's chat on one, the team's on the other. Both know the same people. */
export class BridgeScene {
  readonly slack: SlackEmulator;
  readonly feishu: FeishuEmulator;
  readonly clock: HandClock;
  readonly app: App;
  readonly origin: Side;
  readonly work: Side;

  private constructor(
    parts: Pick<BridgeScene, 'slack' | 'feishu' | 'clock' | 'app'>,
    on: { readonly origin: PlatformName; readonly work: PlatformName },
  ) {
    this.slack = parts.slack;
    this.feishu = parts.feishu;
    this.clock = parts.clock;
    this.app = parts.app;
    const side = (platform: PlatformName, chat: typeof ACME | typeof DUTY): Side =>
      platform === 'slack' ? new SlackSide(this.slack, SLACK_ID[chat]) : new FeishuSide(this.feishu, chat);
    this.origin = side(on.origin, ACME);
    this.work = side(on.work, DUTY);
  }

  static async open(on: { readonly origin: PlatformName; readonly work: PlatformName }): Promise<BridgeScene> {
    const clock = new HandClock(MORNING);
    const slack = await SlackEmulator.start({
      mode: 'http',
      now: () => clock.now(),
      retryDelaysMs: [100, 500, 2_000, 5_000],
    });
    const feishu = await FeishuEmulator.start({ clock, signingNow: Date.now, delivery: 'webhook' });
    for (const [key, name] of PEOPLE) {
      slack.addUser({ id: user(key), name: key, realName: name, locale: 'zh-CN', tz: 'Asia/Shanghai' });
      feishu.addPerson({ key, name, openId: `ou_${key}` });
    }
    const members = PEOPLE.map(([key]) => key);
    for (const [oc, c] of Object.entries(SLACK_ID)) {
      slack.addChannel({ id: c, name: c.toLowerCase(), members: members.map(user) });
      await slack.joinBot(c).catch(() => undefined);
      feishu.addChat({ id: oc, name: oc, members });
    }
    const config = Object.entries(SLACK_ID).reduce(
      (yaml, [oc, c]) =>
        on[oc === ACME ? 'origin' : 'work'] === 'slack'
          ? yaml.replace(`platform: feishu, id: ${oc},`, `platform: slack, id: ${c},`)
          : yaml,
      FEISHU_EXAMPLE,
    );
    const app = await startApp({
      clock,
      config,
      env: {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_API_URL: slack.apiUrl,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        FEISHU_APP_ID: feishu.app.id,
        FEISHU_APP_SECRET: feishu.app.secret,
        FEISHU_DOMAIN: feishu.url,
        FEISHU_MODE: 'webhook',
        FEISHU_ENCRYPT_KEY: feishu.app.encryptKey,
        FEISHU_VERIFICATION_TOKEN: feishu.app.verificationToken,
      },
    });
    slack.setRequestUrl(`${app.url}/slack/events`);
    feishu.setRequestUrl({ events: `${app.url}/feishu/events`, callbacks: `${app.url}/feishu/cards` });
    return new BridgeScene({ slack, feishu, clock, app }, on);
  }

  async close(): Promise<void> {
    await this.app.stop();
    await Promise.all([this.slack.stop(), this.feishu.stop()]);
  }

  /** Waits until it holds; meanwhile time passes for the bot, since it may not post faster than the platforms allow. */
  until<T>(predicate: () => T | Promise<T>): Promise<NonNullable<T>> {
    return this.feishu.waitFor(
      async () => {
        try {
          return await predicate();
        } finally {
          this.clock.advance(100);
        }
      },
      { pollMs: 10, timeoutMs: 20_000 },
    );
  }

  /** The bot's first message there that holds every word, waited for. */
  hears(side: Side, words: readonly string[], thread?: string): Promise<Heard> {
    return this.until(() => side.heard(thread).find(({ text }) => words.every((word) => text.includes(word))));
  }

  async ticket(number = 1): Promise<Record<string, unknown>> {
    return (await this.app.api(`/api/v1/tickets/ITR-${number}`)).body;
  }

  untilStatus(status: string): Promise<boolean> {
    return this.until(async () => (await this.ticket())['status'] === status);
  }

  /** Until nothing is under way; then what went wrong anywhere. */
  async troubles(): Promise<readonly unknown[]> {
    await Promise.all([this.slack.settled(), this.feishu.settled()]);
    await this.until(() => nothingWaits(this.app, this.clock.now()));
    return [
      ...this.origin.troubles(),
      ...this.work.troubles(),
      ...(await this.app.storage.queues.outbox.deadLetters(10)),
    ];
  }
}
