import type { World } from './world.ts';

/** Feishu's limits as sliding windows on the emulator's clock. Every excess is written down, enforced or not. */
export class Rates {
  enforced: boolean;
  private readonly world: World;
  private readonly windows = new Map<string, number[]>();

  constructor(world: World, enforced: boolean) {
    this.world = world;
    this.enforced = enforced;
  }

  /** Seconds until the app may use this API again (50 a second, 1000 a minute), or 0 if it may now. */
  api(app: string, name: string): number {
    if (!this.fits(`second ${app} ${name}`, 50, 1000)) return this.exceeded(`${name}: over 50 a second`, 1);
    if (!this.fits(`minute ${app} ${name}`, 1000, 60_000)) return this.exceeded(`${name}: over 1000 a minute`, 60);
    return 0;
  }

  /** 5 messages a second to one chat, whichever bot of it sends them. True: refuse. */
  chat(chat: string): boolean {
    return !this.fits(`chat ${chat}`, 5, 1000) && this.exceeded(`chat ${chat}: over 5 a second`, 1) > 0;
  }

  /** 5 updates a second of one card. True: refuse. */
  patch(message: string): boolean {
    return !this.fits(`patch ${message}`, 5, 1000) && this.exceeded(`${message}: over 5 updates a second`, 1) > 0;
  }

  /** What other bots say in the chat counts, too. */
  spend(chat: string, messages: number): void {
    for (let n = 0; n < messages; n += 1) this.window(`chat ${chat}`, 1000).push(this.world.now());
  }

  private fits(key: string, most: number, ms: number): boolean {
    const window = this.window(key, ms);
    if (window.length >= most) return false;
    window.push(this.world.now());
    return true;
  }

  private window(key: string, ms: number): number[] {
    const since = this.world.now() - ms;
    const window = (this.windows.get(key) ?? []).filter((at) => at > since);
    this.windows.set(key, window);
    return window;
  }

  private exceeded(line: string, seconds: number): number {
    this.world.violations.push(line);
    return this.enforced ? seconds : 0;
  }
}
