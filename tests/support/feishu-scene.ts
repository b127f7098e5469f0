import { FeishuEmulator } from '../emulators/feishu/index.ts';
import type { EmulatorOptions, Message } from '../emulators/feishu/index.ts';
import { startApp } from './app.ts';
import { HandClock } from './clock.ts';
import { Scene } from './scene.ts';
import { MORNING } from './slack-scene.ts';
import { EXAMPLE } from './world.ts';

export type FeishuMode = 'ws' | 'webhook';

const PEOPLE: readonly (readonly [key: string, name: string])[] = [
  ['lin', '林'],
  ['zhou', '周'],
  ['joe', 'Joe'],
  ['wei', '魏伟'],
  ['li', '李丽'],
  ['mei', '梅'],
  ['zhao', '赵'],
  ['sun', '孙'],
  ['chen', '陈'],
  ['admin', '管理员'],
];

export const ACME = 'oc_acme';
export const DUTY = 'oc_duty';
export const DUTY2 = 'oc_duty2';
export const BOSS = 'oc_boss';
/** Bound to nothing. */
export const LOOSE = 'oc_loose';

/** The example of the contract, with its chats on Feishu and everybody known there. */
export const FEISHU_EXAMPLE = [
  ['C0ACME', ACME],
  ['C0DUTY2', DUTY2],
  ['C0DUTY', DUTY],
  ['C0BOSS', BOSS],
].reduce(
  (yaml, [from = '', to = '']) => yaml.replaceAll(`platform: slack, id: ${from},`, `platform: feishu, id: ${to},`),
  EXAMPLE.replace(
    /(slack: U0([A-Z]+))\b(?!, feishu)/g,
    (_all, slack: string, name: string) => `${slack}, feishu: ou_${name.toLowerCase()}`,
  ),
);

/** The tenant of the example configuration, and the real program connected to it. */
export class FeishuScene extends Scene {
  readonly feishu: FeishuEmulator;
  readonly config: string;
  readonly mode: FeishuMode;
  readonly #env: Readonly<Record<string, string>>;
  readonly #database: 'sqlite' | 'postgresql' | undefined;

  private constructor(
    feishu: FeishuEmulator,
    clock: HandClock,
    options: {
      readonly mode: FeishuMode;
      readonly config: string;
      readonly env: Readonly<Record<string, string>>;
      readonly database: 'sqlite' | 'postgresql' | undefined;
    },
  ) {
    super(clock, feishu);
    this.feishu = feishu;
    this.mode = options.mode;
    this.config = options.config;
    this.#env = options.env;
    this.#database = options.database;
  }

  static async open(
    options: {
      readonly mode?: FeishuMode;
      readonly config?: string;
      readonly folder?: string;
      readonly database?: 'sqlite' | 'postgresql';
      readonly env?: Readonly<Record<string, string>>;
      readonly emulator?: EmulatorOptions;
    } = {},
  ): Promise<FeishuScene> {
    const clock = new HandClock(MORNING);
    const mode = options.mode ?? 'webhook';
    const feishu = await FeishuEmulator.start({
      clock,
      // Signatures are dated by the real time, whatever the product's own clock says.
      signingNow: Date.now,
      ...options.emulator,
      app: { delivery: mode === 'ws' ? 'socket' : 'webhook', ...options.emulator?.app },
    });
    for (const [key, name] of PEOPLE) feishu.addPerson({ key, name, openId: `ou_${key}`, email: `${key}@example.com` });
    const members = PEOPLE.map(([key]) => key);
    for (const [id, name] of [
      [ACME, 'proj-acme'],
      [DUTY, 'duty-db'],
      [DUTY2, 'duty-db2'],
      [BOSS, 'escalation'],
      [LOOSE, 'random'],
    ] as const)
      feishu.addChat({ id, name, members });
    const scene = new FeishuScene(feishu, clock, {
      mode,
      config: options.config ?? FEISHU_EXAMPLE,
      env: options.env ?? {},
      database: options.database,
    });
    await scene.startApp(options.folder);
    return scene;
  }

  async startApp(folder?: string): Promise<void> {
    const { feishu, mode } = this;
    this.app = await startApp({
      clock: this.clock,
      config: this.config,
      ...(this.#database === undefined ? {} : { database: this.#database }),
      ...(folder === undefined ? {} : { folder }),
      env: {
        FEISHU_APP_ID: feishu.app.id,
        FEISHU_APP_SECRET: feishu.app.secret,
        FEISHU_DOMAIN: feishu.url,
        FEISHU_MODE: mode,
        ...(mode === 'ws'
          ? {}
          : {
              FEISHU_ENCRYPT_KEY: feishu.app.encryptKey,
              FEISHU_VERIFICATION_TOKEN: feishu.app.verificationToken,
            }),
        ...this.#env,
      },
    });
    if (mode === 'ws') await feishu.waitFor(() => feishu.connections > 0, { timeoutMs: 10_000 });
    else feishu.setRequestUrl({ events: `${this.app.url}/feishu/events`, callbacks: `${this.app.url}/feishu/cards` });
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.feishu.stop();
  }

  /** The bot's first message in a chat whose text holds every word. */
  said(chat: string, words: readonly string[]): Message | undefined {
    return this.feishu
      .messages(chat, { from: 'bot' })
      .find((message) => words.every((word) => this.feishu.text(message.id).includes(word)));
  }

  /** The same, waited for. */
  hears(chat: string, words: readonly string[]): Promise<Message> {
    return this.until(() => this.said(chat, words));
  }

  /** Said to one person alone. */
  tells(person: string, words: readonly string[]): Promise<Message> {
    return this.hears(this.feishu.p2p(person), words);
  }

  text(message: string): string {
    return this.feishu.text(message);
  }
}
