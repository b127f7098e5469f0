import { randomUUID } from 'node:crypto';
import { isDelivered } from './events.ts';
import type {
  Attempt,
  Delivery,
  DeliveryChaos,
  Json,
  JsonObject,
  Outcome,
  Parcel,
  ParcelKind,
  RetryReason,
} from './types.ts';
import type { World } from './world.ts';

/** One way to reach the app. Makes ONE attempt and never throws. */
export interface Sender {
  send(parcel: Parcel, attempt: Attempt): Promise<Outcome>;
}

/** The app did not answer an interaction in time, or answered with an error: Slack shows the person a warning sign. */
export class AppDidNotRespond extends Error {
  readonly outcome: Outcome;
  constructor(what: string, outcome: Outcome) {
    const why = outcome.acked ? '' : `: ${outcome.reason}${outcome.status ? ` ${outcome.status}` : ''}`;
    super(`The app did not respond to ${what}${why}`);
    this.name = 'AppDidNotRespond';
    this.outcome = outcome;
  }
}

/** Carries events (with re-deliveries and, if asked, chaos) and interactions (one attempt, the answer matters). */
export class Courier {
  chaos: DeliveryChaos = {};
  retryDelaysMs: number[];
  private readonly world: World;
  private readonly sender: Sender;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  private stopped = false;

  constructor(world: World, sender: Sender, retryDelaysMs: number[]) {
    this.world = world;
    this.sender = sender;
    this.retryDelaysMs = retryDelaysMs;
  }

  /**
   * Sends an event envelope if the app is to hear of it. Resolves after the FIRST attempt, whatever came of it;
   * re-deliveries go on behind (see `settled`).
   */
  async event(envelope: JsonObject): Promise<Delivery | undefined> {
    const event = envelope.event as JsonObject | undefined;
    if (event && !isDelivered(this.world, event)) return undefined;
    const { duplicate = 0 } = this.chaos;
    const copies = duplicate > 0 && this.world.random() < duplicate ? 2 : 1;
    return await this.raw(envelope, { copies });
  }

  /** Sends an envelope as it is, `copies` times. With `retryNum` the first attempt already claims to be a retry. */
  async raw(
    envelope: JsonObject,
    options: { copies?: number; retryNum?: number; retryReason?: RetryReason } = {},
  ): Promise<Delivery> {
    const first: Attempt = options.retryNum
      ? { num: options.retryNum, reason: options.retryReason ?? 'http_timeout' }
      : { num: 0 };
    const all = Array.from({ length: Math.max(options.copies ?? 1, 1) }, async () => {
      const parcel: Parcel = { kind: 'events_api', envelopeId: randomUUID(), payload: envelope };
      const delivery = this.record(parcel, eventName(envelope));
      await this.hold();
      await this.attempt(parcel, delivery, first);
      return delivery;
    });
    const [delivery] = await this.track(Promise.all(all));
    if (!delivery) throw new Error('unreachable: at least one copy is sent');
    return delivery;
  }

  /** Sends a click, command, shortcut or submission once, and returns what the app answered. Slack never retries these. */
  async interaction(kind: Exclude<ParcelKind, 'events_api'>, payload: JsonObject): Promise<Json | undefined> {
    const parcel: Parcel = { kind, envelopeId: randomUUID(), payload };
    const what = kind === 'slash_commands' ? String(payload.command) : String(payload.type);
    const delivery = this.record(parcel, what);
    const outcome = await this.track(this.sender.send(parcel, { num: 0 }));
    delivery.attempts.push(outcome);
    delivery.acked = outcome.acked;
    this.world.changed();
    if (!outcome.acked) throw new AppDidNotRespond(what, outcome);
    return outcome.body;
  }

  /** Resolves when nothing is under way any more, re-deliveries included. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled([...this.underWay]);
  }

  /** Work behind an API call (its events) counts as under way too. */
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
    this.stopped = true;
    for (const [timer, wake] of this.timers) {
      clearTimeout(timer);
      wake();
    }
  }

  private async attempt(parcel: Parcel, delivery: Delivery, attempt: Attempt): Promise<void> {
    if (this.stopped) return;
    const sent = await this.sender.send(parcel, attempt);
    const { loseAck = 0 } = this.chaos;
    const lost = sent.acked && loseAck > 0 && this.world.random() < loseAck;
    const outcome: Outcome = lost ? { acked: false, reason: 'http_timeout', ms: sent.ms } : sent;
    delivery.attempts.push(outcome);
    const delay = this.retryDelaysMs[attempt.num];
    if (outcome.acked || outcome.noRetry || delay === undefined || this.stopped) {
      delivery.acked = outcome.acked;
      this.world.changed();
      return;
    }
    this.world.changed();
    const next: Attempt = { num: attempt.num + 1, reason: outcome.reason };
    void this.track(this.wait(delay).then(() => this.attempt(parcel, delivery, next)));
  }

  private async hold(): Promise<void> {
    if (this.chaos.shuffle) await this.wait(this.world.random() * (this.chaos.shuffleMs ?? 40));
  }

  private async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.set(timer, resolve);
    });
  }

  private record(parcel: Parcel, what: string): Delivery {
    const { event_id } = parcel.payload;
    const delivery: Delivery = {
      n: this.world.deliveries.length + 1,
      kind: parcel.kind,
      what,
      ...(typeof event_id === 'string' ? { eventId: event_id } : {}),
      payload: parcel.payload,
      attempts: [],
    };
    this.world.deliveries.push(delivery);
    return delivery;
  }
}

function eventName(envelope: JsonObject): string {
  const event = envelope.event as JsonObject | undefined;
  if (!event) return String(envelope.type);
  return event.subtype ? `${String(event.type)}.${String(event.subtype)}` : String(event.type);
}
