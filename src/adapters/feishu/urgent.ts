import type { Logger } from 'pino';
import { DeliveryError } from '../../conversations/platform.ts';
import { isRaw } from '../raw.ts';
import type { Api } from './api.ts';
import { codeOf, MISSING_SCOPE } from './errors.ts';
import { pathId } from './ids.ts';

/** Ways of ringing that the tenant pays for: how many a month may be used. */
export interface Paid {
  readonly kind: 'sms' | 'phone';
  readonly perMonth: number;
}

export interface Counter {
  /** How many were used under this key. */
  load(key: string): Promise<number>;
  save(key: string, used: number): Promise<void>;
}

/**
 * “Buzz”: makes a message of our own ring on the phone. By the app always; by text message or call besides, where the configuration allows it and says how
 * many a month, since Feishu does not tell how many are left.
 *
 * Feishu leaves those it cannot ring out without an error (`invalid_user_id_list`). Where nothing rang, a permanent `DeliveryError` says so: the message is
 * there, but nobody heard it.
 */
export class Urgent {
  private readonly api: Api;
  private readonly paid: readonly Paid[];
  private readonly counter: Counter;
  private readonly now: () => number;
  private readonly log: Logger;
  /** One counts after the other: two at once would both take the last. */
  private paying: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly api: Api;
    readonly paid: readonly Paid[];
    readonly counter: Counter;
    readonly now: () => number;
    readonly log: Logger;
  }) {
    this.api = options.api;
    this.paid = options.paid;
    this.counter = options.counter;
    this.now = options.now;
    this.log = options.log;
  }

  async push(message: string, user: string): Promise<void> {
    const refused = await this.ring('app', message, user).then(
      (rang) =>
        rang ? null : new DeliveryError('Feishu im.message.urgent_app: this person is not rung', { permanent: true }),
      (error: unknown) => {
        if (isFinal(error)) return error;
        throw error;
      },
    );
    const louder = await this.louder(message, user);
    if (refused !== null && !louder)
      throw new DeliveryError(refused.message, { permanent: true, unreached: true, cause: refused });
  }

  /** True: one of the paid ways rang. None of them is tried twice: it costs money, and may have rung although the answer was lost. */
  private async louder(message: string, user: string): Promise<boolean> {
    const month = new Date(this.now()).toISOString().slice(0, 7);
    let rang = false;
    for (const { kind, perMonth } of this.paid) {
      const key = `${kind}:${month}`;
      try {
        if (!(await this.allowed(key, perMonth))) continue;
        rang = (await this.ring(kind, message, user)) || rang;
      } catch (error) {
        this.log.error({ err: error }, `Feishu did not ring by ${kind}`);
      }
    }
    return rang;
  }

  /** Counts one more, if one more is allowed. */
  private allowed(key: string, perMonth: number): Promise<boolean> {
    const counted = this.paying.then(async () => {
      const used = await this.counter.load(key);
      if (used >= perMonth) return false;
      await this.counter.save(key, used + 1);
      return true;
    });
    this.paying = counted.catch(() => undefined);
    return counted;
  }

  private async ring(kind: 'app' | Paid['kind'], message: string, user: string): Promise<boolean> {
    const payload = {
      path: { message_id: pathId(message) },
      params: { user_id_type: 'open_id' as const },
      data: { user_id_list: [pathId(user)] },
    };
    const data: unknown = await this.api.call(`im.message.urgent_${kind}`, (client, options) => {
      const { urgentApp, urgentSms, urgentPhone } = client.im.message;
      return { app: urgentApp, sms: urgentSms, phone: urgentPhone }[kind](payload, options);
    });
    const left = isRaw(data) ? data['invalid_user_id_list'] : [];
    return !(Array.isArray(left) && left.includes(user));
  }
}

/** Trying again would not ring, and after an hour would say the message twice. */
const isFinal = (error: unknown): error is DeliveryError =>
  error instanceof DeliveryError && (error.permanent || MISSING_SCOPE.has(codeOf(error) ?? 0));
