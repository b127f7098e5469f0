import { ApiServer } from './api/server.ts';
import { Courier } from './courier.ts';
import { envelope } from './events.ts';
import { Faults } from './faults.ts';
import { HttpSender } from './httpSender.ts';
import { SocketModeServer } from './socketMode.ts';
import type {
  ApiCall,
  Delivery,
  EmulatorOptions,
  Ephemeral,
  JsonObject,
  Reaction,
  SlackMessage,
  SlackUser,
  SlackView,
} from './types.ts';
import { World } from './world.ts';

/** The wiring, and everything a test can look at. What people do is in the classes built on top. */
export abstract class Stage {
  readonly world: World;
  protected readonly courier: Courier;
  protected readonly http: HttpSender;
  protected readonly socketServer: SocketModeServer | undefined;
  protected readonly api: ApiServer;
  protected readonly faults = new Faults();
  protected readonly options: EmulatorOptions;

  protected constructor(options: EmulatorOptions) {
    this.options = options;
    this.world = new World(options);
    const deadline = options.ackDeadlineMs ?? 3000;
    this.http = new HttpSender(options.signingSecret ?? 'emulator-secret', options.signingNow ?? Date.now, deadline);
    if (options.requestUrl) this.http.setUrls(options.requestUrl);
    if (options.mode === 'socket') {
      this.socketServer = new SocketModeServer(this.world, deadline, options.pingIntervalMs ?? 5000);
    }
    const sender = this.socketServer ?? this.http;
    this.courier = new Courier(this.world, sender, options.retryDelaysMs ?? [50, 200, 500]);
    this.api = new ApiServer(this.world, this.courier, this.faults, this.socketServer);
  }

  protected async listen(): Promise<void> {
    await this.api.listen(this.options.port ?? 0, this.courier, this.socketServer);
  }

  /** For SLACK_API_URL. */
  get apiUrl(): string {
    return `${this.api.origin}/api/`;
  }

  /** Live Socket Mode connections. */
  get sockets(): number {
    return this.socketServer?.connections ?? 0;
  }

  /** Messages of a channel in order of time; with thread_ts the root and its replies, otherwise all of them. */
  messages(channel: string, where: { thread_ts?: string; from?: string } = {}): SlackMessage[] {
    const { thread_ts, from } = where;
    return this.world
      .list(channel)
      .filter((m) => thread_ts === undefined || m.ts === thread_ts || m.thread_ts === thread_ts)
      .filter((m) => from === undefined || m.user === from || (from === 'bot' && m.bot_id === this.world.bot.botId))
      .sort((a, b) => Number(a.ts) - Number(b.ts))
      .map((m) => structuredClone(m));
  }

  message(channel: string, ts: string): SlackMessage | undefined {
    return structuredClone(this.world.find(channel, ts));
  }

  ephemerals(user?: string): Ephemeral[] {
    return structuredClone(this.world.ephemerals.filter((e) => user === undefined || e.user === user));
  }

  /** The direct conversation of a person with the bot. */
  dms(user: string): SlackMessage[] {
    return this.messages(this.world.im(user).id);
  }

  /** Its channel id, to post into it or click in it. */
  dmChannel(user: string): string {
    return this.world.im(user).id;
  }

  home(user: string): SlackView | undefined {
    return structuredClone(this.world.homes.get(user));
  }

  /** The modal on top of the person's screen. */
  openView(user: string): SlackView | undefined {
    return structuredClone(this.world.modals.get(user)?.at(-1));
  }

  reactions(channel: string, ts: string): Reaction[] {
    return structuredClone(this.world.find(channel, ts)?.reactions ?? []);
  }

  pins(channel: string): string[] {
    return [...(this.world.pins.get(channel) ?? [])];
  }

  bookmarks(channel: string): JsonObject[] {
    return structuredClone(this.world.bookmarks.get(channel) ?? []);
  }

  /** Every Web API call and response_url use ('response_url') so far, failed ones included. Not copied: do not alter. */
  calls(method?: string): ApiCall[] {
    return this.world.calls.filter((call) => method === undefined || call.method === method);
  }

  /** Everything sent to the app, with the outcome of each attempt. */
  deliveries(what?: string): Delivery[] {
    return this.world.deliveries.filter((delivery) => what === undefined || delivery.what === what);
  }

  /** Deliveries given up on: the app has lost these, unless it reads the history. */
  undelivered(): Delivery[] {
    return this.world.deliveries.filter((delivery) => delivery.acked === false);
  }

  /** What Slack would let pass but a careful app avoids. */
  warnings(): string[] {
    return [...this.world.warnings];
  }

  /** Resolves when no event, re-delivery or interaction is under way. Says nothing about the app's own work. */
  async settled(): Promise<void> {
    await this.courier.settled();
  }

  /**
   * Resolves with the predicate's first truthy value. It is asked again after every API call, delivery, connection or
   * change of the workspace; a predicate about something else (the app's database) also needs `pollMs`. One that throws
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
        try {
          const value = await predicate();
          if (value) return value;
        } catch (error) {
          cause = error;
        }
        if (late)
          throw new Error(`waitFor: not within ${timeoutMs} ms: ${String(predicate)}\n${this.recent()}`, { cause });
        if (!woken) await change;
      }
    } finally {
      stop();
      clearTimeout(timer);
      clearInterval(poll);
    }
  }

  private recent(): string {
    const calls = this.world.calls.slice(-8).map((c) => `  call ${c.n} ${c.method} ${c.ok ? 'ok' : String(c.error)}`);
    const sent = this.world.deliveries.slice(-8).map((d) => {
      const tries = d.attempts.map((a) => (a.acked ? 'acked' : a.reason)).join(',');
      return `  sent ${d.n} ${d.what} ${tries === '' ? 'under way' : tries}`;
    });
    const warned = this.world.warnings.slice(-4).map((line) => `  warning ${line}`);
    return ['latest calls and deliveries:', ...calls, ...sent, ...warned].join('\n');
  }

  /** Sends an event of any shape, wrapped as the Events API does; nothing happens if the app is not subscribed. */
  async event(event: JsonObject, sender?: SlackUser): Promise<Delivery | undefined> {
    return await this.courier.event(envelope(this.world, event, sender));
  }
}
