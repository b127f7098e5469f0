import { DeliveryError } from '../../conversations/platform.ts';
import type { ApiName } from './errors.ts';

/** Feishu: 50 a second and 1,000 a minute for each message API of an app. */
const LIMITS = [
  { most: 40, withinMs: 1_000 },
  { most: 900, withinMs: 60_000 },
] as const;

/**
 * Keeps within what Feishu allows, per API. Nothing waits here: what is too early is refused with the time to come again, and the outbox comes then.
 */
export class Pace {
  private readonly made = new Map<ApiName, number[]>();
  private readonly closedUntil = new Map<ApiName, number>();
  private readonly now: () => number;

  /** @param now monotonic, ms: Feishu's limits do not follow a clock that is moved */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Throws a `DeliveryError` that says when. */
  take(api: ApiName): void {
    const now = this.now();
    const wait = Math.max((this.closedUntil.get(api) ?? 0) - now, this.full(api, now));
    if (wait > 0)
      throw new DeliveryError(`Feishu ${api}: kept back to stay within its limits`, {
        retryAfterMs: Math.ceil(wait),
        scope: 'platform',
      });
    const made = this.made.get(api);
    if (made === undefined) this.made.set(api, [now]);
    else made.push(now);
  }

  /** Feishu said: not before. */
  close(api: ApiName, forMs: number): void {
    this.closedUntil.set(api, Math.max(this.closedUntil.get(api) ?? 0, this.now() + forMs));
  }

  private full(api: ApiName, now: number): number {
    const made = this.made.get(api);
    if (made === undefined) return 0;
    while (made[0] !== undefined && made[0] <= now - 60_000) made.shift();
    return Math.max(
      ...LIMITS.map(({ most, withinMs }) => {
        const blocking = made.at(-most);
        return blocking === undefined ? 0 : blocking + withinMs - now;
      }),
    );
  }
}
