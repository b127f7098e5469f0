import { buttonsOf } from './cardRead.ts';
import type { CardButton } from './cardRead.ts';
import type { Platform } from './api/context.ts';
import { ApiServer } from './api/server.ts';
import { Courier } from './courier.ts';
import { Faults } from './faults.ts';
import { LongConnection } from './longConnection.ts';
import { Rates } from './rates.ts';
import { chatText, messageText } from './shows.ts';
import type {
  ApiCall,
  Buzz,
  Delivery,
  EmulatorOptions,
  FeishuApp,
  JsonObject,
  Message,
  Reaction,
  Toast,
} from './types.ts';
import { Webhook } from './webhook.ts';
import { World } from './world.ts';

/** The wiring, and everything a test can look at. What people do is in the classes built on top. */
export abstract class Stage {
  readonly world: World;
  /** The first app: the program under test. */
  readonly app: FeishuApp;
  protected readonly options: EmulatorOptions;
  protected readonly courier: Courier;
  protected readonly webhook: Webhook;
  protected readonly sockets: LongConnection;
  protected readonly server: ApiServer;
  protected readonly faults = new Faults();
  protected readonly rates: Rates;

  protected constructor(options: EmulatorOptions) {
    this.options = options;
    this.world = new World(options);
    const { delivery = 'socket', app } = options;
    this.app = this.world.addApp({ id: 'cli_0123456789abcdef', delivery, ...app });
    this.webhook = new Webhook(options.signingNow ?? this.world.now, options.ackDeadlineMs ?? 3000);
    this.sockets = new LongConnection(this.world, options);
    this.courier = new Courier(this.world, { webhook: this.webhook, socket: this.sockets }, options);
    this.rates = new Rates(this.world, options.enforceRates ?? true);
    const platform: Platform = {
      world: this.world,
      courier: this.courier,
      rates: this.rates,
      uuids: new Map(),
      rooms: new Map(),
    };
    this.server = new ApiServer(platform, this.faults, this.sockets);
  }

  /** For the SDK's `domain`. */
  get url(): string {
    return this.server.origin;
  }

  /** Live long connections. */
  get connections(): number {
    return this.sockets.connections;
  }

  /** A person's open_id as the first app knows it. */
  openId(person: string, app = this.app.id): string {
    return this.world.openId(app, person);
  }

  /** Id of the conversation of a person with the bot. */
  p2p(person: string, app = this.app.id): string {
    return this.world.p2p(app, person).id;
  }

  /** Messages of a chat in order; `from`: a person's key, or 'bot' for the first app's. */
  messages(chat: string, where: { from?: string; thread?: string } = {}): Message[] {
    const { from, thread } = where;
    return this.world
      .list(chat)
      .filter((message) => thread === undefined || message.thread === thread)
      .filter(({ sender }) => {
        if (from === undefined) return true;
        return from === 'bot'
          ? sender.kind === 'app' && sender.id === this.app.id
          : sender.kind === 'person' && sender.key === from;
      })
      .map((message) => structuredClone(message));
  }

  message(id: string): Message {
    return structuredClone(this.world.message(id));
  }

  /** The topic a message is in, its first message included; the message alone if it is in none. */
  thread(message: string): Message[] {
    const { thread, chat } = this.world.message(message);
    return thread === undefined ? [this.message(message)] : this.messages(chat, { thread });
  }

  /** What the bot and a person have said to each other. */
  direct(person: string): Message[] {
    return this.messages(this.p2p(person));
  }

  /** A message as people read it. */
  text(message: string): string {
    return messageText(this.world.message(message));
  }

  /** A chat as it is on the screen now. */
  shows(chat: string): string {
    return chatText(this.world, chat);
  }

  card(message: string): JsonObject {
    const { type, content } = this.world.message(message);
    if (type !== 'interactive') throw new Error(`feishu emulator: ${message} is no card`);
    return JSON.parse(content) as JsonObject;
  }

  buttons(message: string): CardButton[] {
    return buttonsOf(this.card(message));
  }

  reactions(message: string): Reaction[] {
    return structuredClone(this.world.message(message).reactions);
  }

  /** What flashed up on a person's screen, Feishu's own red lines included. */
  toasts(person: string): Toast[] {
    return this.world.toasts.filter((toast) => toast.person === person);
  }

  buzzes(person?: string): Buzz[] {
    return this.world.buzzes.filter((buzz) => person === undefined || buzz.person === person);
  }

  /** Every call so far, failed ones included; secrets left out. Not copied: do not alter. */
  calls(name?: string): ApiCall[] {
    return this.world.calls.filter((call) => name === undefined || call.name === name);
  }

  /** Everything sent to apps, with the outcome of each attempt. */
  deliveries(what?: string): Delivery[] {
    return this.world.deliveries.filter((delivery) => what === undefined || delivery.what === what);
  }

  /** Deliveries given up on: the app has lost these, unless it reads the history. */
  undelivered(): Delivery[] {
    return this.world.deliveries.filter((delivery) => delivery.acked === false);
  }

  /** Limits that were exceeded, one line each. */
  violations(): string[] {
    return [...this.world.violations];
  }

  /** What Feishu would let pass but a careful app avoids. */
  warnings(): string[] {
    return [...this.world.warnings];
  }

  /** Makes the redeliveries that are due: for clocks that do not say when they are moved. */
  tick(): void {
    this.courier.tick();
  }

  /** Resolves when no attempt at delivery is under way. Says nothing about the app's own work. */
  async settled(): Promise<void> {
    await this.courier.settled();
  }

  /**
   * Resolves with the predicate's first truthy value. It is asked again after every API call, delivery, connection or
   * change of the tenant; a predicate about something else (the app's database) also needs `pollMs`. One that throws
   * counts as not yet true, so `expect` may be used inside; its last error becomes the cause.
   */
  async waitFor<T>(
    predicate: () => T | Promise<T>,
    { timeoutMs = 5000, pollMs }: { timeoutMs?: number; pollMs?: number } = {},
  ): Promise<NonNullable<T>> {
    let wake = (): void => {};
    let late = false;
    const stop = this.world.onChange(() => wake());
    const poll = pollMs === undefined ? undefined : setInterval(() => wake(), pollMs);
    const timer = setTimeout(() => {
      late = true;
      wake();
    }, timeoutMs);
    try {
      for (;;) {
        let woken = false;
        const change = new Promise<void>((resolve) => {
          wake = () => {
            woken = true;
            resolve();
          };
        });
        let cause: unknown;
        this.tick();
        try {
          const value = await predicate();
          if (value) return value;
        } catch (error) {
          cause = error;
        }
        if (late) {
          throw new Error(`waitFor: not within ${timeoutMs} ms: ${String(predicate)}\n${this.recent()}`, { cause });
        }
        if (!woken) await change;
      }
    } finally {
      stop();
      clearTimeout(timer);
      clearInterval(poll);
    }
  }

  private recent(): string {
    const calls = this.world.calls
      .slice(-8)
      .map(({ n, name, code, result }) => `  call ${n} ${name} ${code === 0 ? 'ok' : `${code} ${String(result.msg)}`}`);
    const sent = this.world.deliveries.slice(-8).map((delivery) => {
      const tries = delivery.attempts.map((attempt) => (attempt.acked ? 'acked' : attempt.reason)).join(',');
      return `  sent ${delivery.n} ${delivery.what} ${tries === '' ? 'under way' : tries}`;
    });
    return ['latest calls and deliveries:', ...calls, ...sent, ...this.violations().slice(-4)].join('\n');
  }
}
