import { methodTable } from './methodTable.ts';

type Bucket = { tokens: number; at: number };

/** Slack's limits as token buckets on the emulator's clock: 1 message/s/channel with a burst of 3, tiers per minute. */
export class Rates {
  private readonly buckets = new Map<string, Bucket>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Seconds to wait, or 0 when the call may pass. */
  retryAfter(method: string, channel: string): number {
    if (method === 'chat.postMessage') return this.spend(`${method} ${channel}`, 3, 1);
    const perMinute = methodTable[method]?.perMinute ?? 0;
    return perMinute === 0 ? 0 : this.spend(method, perMinute, perMinute / 60);
  }

  private spend(key: string, burst: number, perSecond: number): number {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= 1;
    return 0;
  }
}
