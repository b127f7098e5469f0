import { SlackEmulator, visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import { startApp } from './app.ts';
import { HandClock } from './clock.ts';
import { Scene } from './scene.ts';
import { EXAMPLE, at } from './world.ts';

export type Mode = 'http' | 'socket';

/** A Monday morning of the example's calendar: Wei is on duty for db-l1 until Monday the 23rd, 09:00. */
export const MORNING = at('2026-11-19T09:41+08:00');

/** The workspace of the example configuration, and the real program connected to it. */
export class SlackScene extends Scene {
  readonly slack: SlackEmulator;
  readonly config: string;
  readonly mode: Mode;
  readonly #env: Readonly<Record<string, string>>;
  readonly #database: 'sqlite' | 'postgresql' | undefined;

  private constructor(
    slack: SlackEmulator,
    clock: HandClock,
    mode: Mode,
    config: string,
    env: Readonly<Record<string, string>>,
    database?: 'sqlite' | 'postgresql',
  ) {
    super(clock, slack);
    this.#env = env;
    this.#database = database;
    this.slack = slack;
    this.mode = mode;
    this.config = config;
  }

  static async open(
    options: {
      readonly mode?: Mode;
      readonly config?: string;
      readonly folder?: string;
      readonly database?: 'sqlite' | 'postgresql';
      /** More of the environment: `PUBLIC_URL`. */
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<SlackScene> {
    const clock = new HandClock(MORNING);
    const mode = options.mode ?? 'http';
    const slack = await SlackEmulator.start({ mode, now: () => clock.now(), retryDelaysMs: [100, 500, 2_000, 5_000] });
    const people: readonly (readonly [string, string, string])[] = [
      ['U0LIN', '林', 'zh-CN'],
      ['U0ZHOU', '周', 'zh-CN'],
      ['U0JOE', 'Joe', 'en-US'],
      ['U0WEI', '魏伟', 'zh-CN'],
      ['U0LI', '李丽', 'zh-CN'],
      ['U0MEI', '梅', 'zh-CN'],
      ['U0ZHAO', '赵', 'zh-CN'],
      ['U0SUN', '孙', 'zh-CN'],
      ['U0CHEN', '陈', 'zh-CN'],
      ['U0ADMIN', '管理员', 'zh-CN'],
    ];
    for (const [id, name, locale] of people) {
      slack.addUser({ id, name: id.slice(2).toLowerCase(), realName: name, locale, tz: 'Asia/Shanghai' });
    }
    const everybody = people.map(([id]) => id);
    for (const [id, name] of [
      ['C0ACME', 'proj-acme'],
      ['C0DUTY', 'duty-db'],
      ['C0DUTY2', 'duty-db2'],
      ['C0BOSS', 'escalation'],
      ['C0LOOSE', 'random'],
    ] as const) {
      slack.addChannel({ id, name, members: everybody });
      await slack.joinBot(id).catch(() => undefined);
    }
    const scene = new SlackScene(slack, clock, mode, options.config ?? EXAMPLE, options.env ?? {}, options.database);
    await scene.startApp(options.folder);
    return scene;
  }

  async startApp(folder?: string): Promise<void> {
    const { slack } = this;
    this.app = await startApp({
      clock: this.clock,
      config: this.config,
      ...(this.#database === undefined ? {} : { database: this.#database }),
      ...(folder === undefined ? {} : { folder }),
      env: {
        ...this.#env,
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_API_URL: slack.apiUrl,
        ...(this.mode === 'http' ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN: slack.appToken }),
      },
    });
    if (this.mode === 'http') slack.setRequestUrl(`${this.app.url}/slack/events`);
    else await slack.waitFor(() => slack.sockets >= 2, { timeoutMs: 10_000 });
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.slack.stop();
  }

  /** The bot's first message in a thread (or channel) whose text holds every word. */
  said(channel: string, words: readonly string[], thread?: string): SlackMessage | undefined {
    return this.slack
      .messages(channel, { from: 'bot', ...(thread === undefined ? {} : { thread_ts: thread }) })
      .find((message) => words.every((word) => visibleText(message).includes(word)));
  }

  /** The same, waited for. */
  hears(channel: string, words: readonly string[], thread?: string): Promise<SlackMessage> {
    return this.until(() => this.said(channel, words, thread));
  }

  text(channel: string, ts: string): string {
    const message = this.slack.message(channel, ts);
    return message === undefined ? '' : visibleText(message);
  }
}
