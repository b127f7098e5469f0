import type { Courier } from '../courier.ts';
import { envelope } from '../events.ts';
import type { SocketModeServer } from '../socketMode.ts';
import type { Json, JsonObject } from '../types.ts';
import type { World } from '../world.ts';

/** Answered as HTTP 200 `{ok:false, error}`, as Slack does. */
export class ApiError extends Error {
  readonly code: string;
  readonly extra: JsonObject;
  constructor(code: string, extra: JsonObject = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

export const invalidArguments = (lines: string[]): ApiError =>
  new ApiError('invalid_arguments', { response_metadata: { messages: lines.map((line) => `[ERROR] ${line}`) } });

export class ApiContext {
  readonly world: World;
  readonly courier: Courier;
  readonly sockets: SocketModeServer | undefined;
  readonly origin: string;

  constructor(world: World, courier: Courier, sockets: SocketModeServer | undefined, origin: string) {
    this.world = world;
    this.courier = courier;
    this.sockets = sockets;
    this.origin = origin;
  }

  /** Tells the app of what its own call did, after the call's answer is on its way (as mostly happens in reality). */
  emit(event: JsonObject): void {
    const body = envelope(this.world, event);
    const later = new Promise<void>((resolve) => setImmediate(resolve));
    void this.courier.track(later.then(() => this.courier.event(body)));
  }
}

/** Arguments as the form or JSON body gave them: in a form everything is text, so every getter converts. */
export class Args {
  readonly all: JsonObject;
  constructor(all: JsonObject) {
    this.all = all;
  }

  has(name: string): boolean {
    const value = this.all[name];
    return value !== undefined && value !== null && value !== '';
  }

  text(name: string): string | undefined {
    const value = this.all[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  /** For arguments the method table requires, which is checked before the method runs. */
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw invalidArguments([`missing required field: ${name}`]);
    return value;
  }

  flag(name: string): boolean {
    const value = this.all[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  number(name: string, fallback: number): number {
    const value = Number(this.all[name] ?? fallback);
    return Number.isFinite(value) ? value : fallback;
  }

  json(name: string): Json | undefined {
    const value = this.all[name];
    return value === null ? undefined : value;
  }
}

export type Method = (context: ApiContext, args: Args) => JsonObject | Promise<JsonObject>;
export type Methods = Record<string, Method>;
