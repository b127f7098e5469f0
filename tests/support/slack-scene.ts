import { SlackEmulator, visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import { startApp } from './app.ts';
import type { App } from './app.ts';
import { HandClock } from './clock.ts';
import { EXAMPLE, at } from './world.ts';

export type Mode = 'http' | 'socket';

/** A Monday morning of the example's calendar: Wei is on duty for db-l1 until Monday the 23rd, 09:00. */
export const MORNING = at('2026-11-19T09:41+08:00');

/** The workspace of the example configuration, and the real program connected to it. */
export class SlackScene {
  readonly slack: SlackEmulator;
  readonly clock: HandClock;
  readonly config: string;
  readonly mode: Mode;
  readonly #env: Readonly<Record<string, string>>;
  readonly #database: 'sqlite' | 'postgresql' | undefined;
  app!: App;

  private constructor(
    slack: SlackEmulator,
    clock: HandClock,
    mode: Mode,
    config: string,
    env: Readonly<Record<string, string>>,
    database?: 'sqlite' | 'postgresql',
  ) {
    this.#env = env;
    this.#database = database;
    this.slack = slack;
    this.clock = clock;
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

  /** Waits until it holds; meanwhile time passes for the bot, since it may not post faster than Slack allows. */
  until<T>(predicate: () => T | Promise<T>): Promise<NonNullable<T>> {
    return this.slack.waitFor(
      async () => {
        try {
          const found = await predicate();
          if (found) return found;
        } catch (error) {
          this.clock.advance(100);
          throw error;
        }
        this.clock.advance(100);
        return null;
      },
      { pollMs: 10, timeoutMs: 20_000 },
    );
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

  /** Until nothing is under way: every event handled, everything said. */
  async quiet(): Promise<void> {
    await this.slack.settled();
    await this.until(async () => {
      const now = this.clock.now();
      const [{ inbox }, outbox] = await Promise.all([
        this.app.storage.queries.backlog(now),
        this.app.storage.queues.outbox.depth(now),
      ]);
      return inbox.waiting === 0 && outbox.waiting === 0;
    });
  }

  async ticket(number = 1): Promise<Record<string, unknown>> {
    return (await this.app.api(`/api/v1/tickets/ITR-${number}`)).body;
  }

  async untilStatus(status: string, number = 1): Promise<Record<string, unknown>> {
    return this.until(async () => {
      const ticket = await this.ticket(number);
      return ticket['status'] === status ? ticket : null;
    });
  }
}
