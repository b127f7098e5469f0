import type { Courier } from '../courier.ts';
import type { Rates } from '../rates.ts';
import { isObject } from '../types.ts';
import type { Chat, FeishuApp, JsonObject, Message, Person } from '../types.ts';
import type { IdType, World } from '../world.ts';
import { missing, refused } from './errors.ts';

/** What an API may use besides the call: everything a call can change. */
export type Platform = {
  world: World;
  courier: Courier;
  rates: Rates;
  uuids: Map<string, { at: number; message: string }>;
  /** Groups made, by their uuid. */
  rooms: Map<string, { at: number; chat: string }>;
};

/** One call, already authorized. Getters throw what Feishu answers when the argument is missing or wrong. */
export class Call {
  readonly platform: Platform;
  readonly app: FeishuApp;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;

  constructor(platform: Platform, app: FeishuApp, path: readonly string[], query: URLSearchParams, body: JsonObject) {
    this.platform = platform;
    this.app = app;
    this.path = path;
    this.query = query;
    this.body = body;
  }

  get world(): World {
    return this.platform.world;
  }

  /** A required text of the body. */
  text(name: string): string {
    const value = this.body[name];
    if (value === undefined || value === null || value === '') throw missing(name);
    if (typeof value !== 'string') throw refused(230001, `${name} must be a string`);
    return value;
  }

  /** A list of texts of the body; empty if absent. */
  texts(name: string, most: number, code: number): string[] {
    const value = this.body[name] ?? [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw refused(code, `${name} must be an array`);
    if (value.length > most) throw refused(code, `the max length of ${name} is ${most}`);
    return value.map(String);
  }

  /** A required word of the query, one of those given. */
  oneOf<T extends string>(name: string, words: readonly T[], fallback?: T): T {
    const value = this.query.get(name);
    if (value === null || value === '') {
      if (fallback === undefined) throw missing(name);
      return fallback;
    }
    const word = words.find((one) => one === value);
    if (word === undefined) throw refused(230001, `${name} must be one of ${words.join(', ')}`);
    return word;
  }

  idType(name = 'user_id_type'): IdType {
    return this.oneOf(name, ['open_id', 'union_id', 'user_id'], 'open_id');
  }

  person(type: IdType, id: string): Person | undefined {
    return this.world.personBy(this.app.id, type, id);
  }

  /** The message of the path, if the bot may act there. Recalled ones are the caller's business. */
  message(code = 230002): Message {
    const id = this.path[0] ?? '';
    const message = /^om_[A-Za-z0-9_-]+$/.test(id) ? this.world.find(id) : undefined;
    if (!message) throw refused(230001, `invalid message_id ${id}`);
    this.joined(this.world.chat(message.chat), code);
    return message;
  }

  /** Throws unless the chat stands and the bot is in it. */
  joined(chat: Chat, code = 230002): Chat {
    if (chat.disbanded) throw refused(232009);
    if (!chat.bots.has(this.app.id)) throw refused(code);
    return chat;
  }

  owns(message: Message): boolean {
    return message.sender.kind === 'app' && message.sender.id === this.app.id;
  }

  /** `data.items` in pages: the token is the place to go on from. */
  page<T>(items: readonly T[], most: number): { items: T[]; has_more: boolean; page_token?: string } {
    const size = Number(this.query.get('page_size') ?? 20);
    if (!Number.isInteger(size) || size < 1 || size > most)
      throw refused(230001, `page_size must be from 1 to ${most}`);
    const token = this.query.get('page_token') ?? '';
    const from = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Number.isInteger(from)) throw refused(230001, 'invalid page_token');
    const next = from + size;
    const more = next < items.length;
    return {
      items: items.slice(from, next),
      has_more: more,
      ...(more ? { page_token: Buffer.from(String(next)).toString('base64url') } : {}),
    };
  }

  json(name: string): JsonObject {
    const value = this.body[name];
    if (!isObject(value)) throw missing(name);
    return value;
  }

  /** Tells apps what this call did, once its answer is on its way. */
  later(tell: () => Promise<unknown>): void {
    const after = new Promise<void>((resolve) => setImmediate(resolve));
    void this.platform.courier.track(after.then(tell));
  }
}

/** Bytes instead of JSON. */
export class Download {
  readonly content: Buffer;
  readonly name: string;
  constructor(content: Buffer, name: string) {
    this.content = content;
    this.name = name;
  }
}

/** What an API answers: `data`, or with `bare` what stands beside `code` (bot/v3 and the token are older). */
export type Answer = { data: object } | { bare: JsonObject; msg: string } | Download;
export type Run = (call: Call) => Answer;
