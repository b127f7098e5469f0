import type { Delivery, EmulatorOptions, FeishuApp, JsonObject, Outcome } from './types.ts';
import { isObject } from './types.ts';
import type { World } from './world.ts';

/** One way to reach an app. Makes ONE attempt and never throws. */
export interface Sender {
  send(app: FeishuApp, payload: JsonObject): Promise<Outcome>;
}

const documentedDelays = [15_000, 300_000, 3_600_000, 21_600_000];

/** Carries events, with redelivery by the clock, and card callbacks, which get one attempt and whose answer matters. */
export class Courier {
  /** So many of the next acks do not arrive: the event was handled and comes again. */
  loseAcks = 0;
  private readonly world: World;
  private readonly senders: Record<FeishuApp['delivery'], Sender>;
  private readonly delays: number[];
  private readonly byTimer: boolean;
  private readonly underWay = new Set<Promise<unknown>>();
  private waiting: { at: number; run: () => void }[] = [];
  private held: (() => void)[] | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(world: World, senders: Record<FeishuApp['delivery'], Sender>, options: EmulatorOptions) {
    this.world = world;
    this.senders = senders;
    this.delays = options.retryDelaysMs ?? documentedDelays;
    this.byTimer = options.clock === undefined;
    options.clock?.onMove?.(() => this.tick());
  }

  /** Wraps an event as version 2 does. Over the long connection the token is empty. `at`: in this event's own unit. */
  envelope(app: FeishuApp, type: string, event: JsonObject, at = String(this.world.now())): JsonObject {
    return {
      schema: '2.0',
      header: {
        event_id: this.world.id(''),
        event_type: type,
        create_time: at,
        token: app.delivery === 'socket' ? '' : app.verificationToken,
        app_id: app.id,
        tenant_key: app.tenantKey,
      },
      event,
    };
  }

  /**
   * Sends an event if the app has subscribed to it and is published. Resolves after the FIRST attempt, whatever came of
   * it; later ones happen when the clock says so.
   */
  async event(app: FeishuApp, type: string, event: JsonObject): Promise<Delivery | undefined> {
    if (!app.published || !app.subscriptions.has(type)) return undefined;
    return await this.raw(app, this.envelope(app, type, event));
  }

  /** Sends an envelope as it is. */
  async raw(app: FeishuApp, payload: JsonObject): Promise<Delivery> {
    const delivery = this.record(app, payload);
    const { held } = this;
    if (held) held.push(() => void this.track(this.attempt(app, delivery)));
    else await this.track(this.attempt(app, delivery));
    return delivery;
  }

  /** Sends a callback once and returns what came of it. */
  async callback(app: FeishuApp, payload: JsonObject): Promise<Outcome> {
    const delivery = this.record(app, payload);
    const outcome = await this.track(this.senders[app.delivery].send(app, payload));
    delivery.attempts.push({ ...outcome, at: this.world.now() });
    delivery.acked = outcome.acked;
    this.world.changed();
    return outcome;
  }

  /** Makes the attempts that are due by the clock. */
  tick(): void {
    const now = this.world.now();
    const due = this.waiting.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter(({ at }) => at > now);
    for (const { run } of due) run();
  }

  /** From now on events wait for `release`: they may then come in another order, as they do in reality. */
  hold(): void {
    this.held ??= [];
  }

  async release(order: 'in order' | 'reversed'): Promise<void> {
    const runs = this.held ?? [];
    this.held = undefined;
    for (const run of order === 'reversed' ? runs.reverse() : runs) {
      run();
      await this.settled();
    }
  }

  /** Resolves when no attempt is under way. Those that wait for the clock are not waited for. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled([...this.underWay]);
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    const done = (): void => {
      this.underWay.delete(work);
      this.world.changed();
    };
    work.then(done, done);
    return work;
  }

  stop(): void {
    this.waiting = [];
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async attempt(app: FeishuApp, delivery: Delivery): Promise<void> {
    const sent = await this.senders[app.delivery].send(app, delivery.payload);
    const lost = sent.acked && this.loseAcks > 0;
    if (lost) this.loseAcks -= 1;
    const outcome: Outcome = lost ? { acked: false, reason: 'timeout', ms: sent.ms } : sent;
    const now = this.world.now();
    delivery.attempts.push({ ...outcome, at: now });
    const delay = this.delays[delivery.attempts.length - 1];
    if (outcome.acked || delay === undefined) {
      delivery.acked = outcome.acked;
      return;
    }
    this.waiting.push({ at: now + delay, run: () => void this.track(this.attempt(app, delivery)) });
    if (this.byTimer) this.timers.add(setTimeout(() => this.tick(), delay).unref());
  }

  private record(app: FeishuApp, payload: JsonObject): Delivery {
    const header = isObject(payload.header) ? payload.header : {};
    const delivery: Delivery = {
      n: this.world.deliveries.length + 1,
      app: app.id,
      what: String(header.event_type ?? payload.type),
      eventId: String(header.event_id ?? ''),
      payload,
      attempts: [],
    };
    this.world.deliveries.push(delivery);
    return delivery;
  }
}
