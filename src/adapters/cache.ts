/** Remembers for a while what a platform said; forgets the oldest beyond `max`. */
export class Cache<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly until: number }>();
  private readonly ttlMs: number;
  private readonly now: () => number;
  private readonly max: number;

  constructor(ttlMs: number, now: () => number, max = 5_000) {
    this.ttlMs = ttlMs;
    this.now = now;
    this.max = max;
  }

  async get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known !== undefined && known.until > this.now()) return known.value;
    const value = await load();
    this.entries.delete(key);
    this.entries.set(key, { value, until: this.now() + this.ttlMs });
    const oldest = this.entries.keys().next();
    if (this.entries.size > this.max && oldest.done !== true) this.entries.delete(oldest.value);
    return value;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}
