import { DeliveryError, type FoundPerson, type HistoryMessage, type Profile } from '../../conversations/platform.ts';
import { Cache } from '../cache.ts';
import { isRaw, list, text, type Raw } from '../raw.ts';
import type { Api } from './api.ts';
import { isRefused } from './errors.ts';
import { forwardedWords, isForward } from './forwarded.ts';
import { isId, pathId } from './ids.ts';
import type { Self } from './inbound.ts';
import { historyMessage, isSaid, threadOfItem } from './inbound-message.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const MAX_HISTORY = 200;
const PAGE = 50;
/** Ends what never says that it ends. */
const MAX_PAGES = 1_000;
/** Who quotes, quotes soon: of all that a chat has said since a message, answers to it are looked for among the first thousand. */
const MAX_QUOTING_PAGES = 20;
/** A pause that Feishu asks for is kept, up to this long, by whoever has the time. */
const MAX_PAUSE_MS = 60_000;

type Container =
  | { readonly kind: 'chat'; readonly chat: string; readonly sinceMs: number; readonly pages?: number }
  | { readonly kind: 'thread'; readonly thread: string; readonly newestFirst?: true };

/** Everything the bot asks. */
export class Lookup {
  private readonly profiles: Cache<Profile | null>;
  private readonly names: Cache<string | null>;
  /** Topics, by the message that opened them. */
  private readonly topics = new Map<string, string>();
  private readonly api: Api;
  private readonly self: Self;

  constructor(options: { readonly api: Api; readonly self: Self; readonly now: () => number }) {
    this.api = options.api;
    this.self = options.self;
    this.profiles = new Cache(TEN_MINUTES_MS, options.now);
    this.names = new Cache(TEN_MINUTES_MS, options.now);
  }

  /** Feishu's topics are asked for by an id of their own; a quoting reply is in none, and is found among the chat's messages. */
  async history(chat: string, thread: string): Promise<readonly HistoryMessage[]> {
    const root = await this.message(thread);
    if (root === null) return [];
    const found: Raw[] = [root];
    const isTopic = text(root, 'thread_id') !== null;
    try {
      for await (const page of this.pages(containerOf(chat, root))) {
        found.push(
          ...page.filter((item) => text(item, 'message_id') !== thread && (isTopic || threadOfItem(item) === thread)),
        );
        if (found.length >= MAX_HISTORY) break;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const history: HistoryMessage[] = [];
    for (const item of found.slice(0, MAX_HISTORY)) {
      const one = historyMessage(item, this.self);
      if (one === null) continue;
      const inside = isForward(item) ? await this.forwarded(one.message) : null;
      history.push(inside === null ? one : { ...one, text: inside });
    }
    return history;
  }

  /** What the messages say that were forwarded in this one; null: nothing, or not to us. */
  async forwarded(message: string): Promise<string | null> {
    return forwardedWords(await this.messages(message), this.self);
  }

  /** The newest message of a topic, or the first that quotes in a chat without topics, besides the thread's first; null: there is none, or none to be seen. */
  async standIn(chat: string, thread: string): Promise<string | null> {
    const root = await this.message(thread);
    if (root === null) return null;
    try {
      for await (const page of this.pages(containerOf(chat, root, 'newest first'))) {
        const other = page.find((item) => isSaid(item) && text(item, 'root_id') === thread);
        if (other !== undefined) return text(other, 'message_id');
      }
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
    return null;
  }

  /** Messages of a chat since an instant, oldest first, as the API has them. `pause` waits so long, and says whether to go on: a limit reached is no end. */
  async *since(chat: string, sinceMs: number, pause: (ms: number) => Promise<boolean>): AsyncGenerator<readonly Raw[]> {
    yield* this.pages({ kind: 'chat', chat, sinceMs }, pause);
  }

  /** The same of the topic that a message opened: the list of a chat has of a topic its first message only, and a topic's list cannot begin at an instant. */
  async *topicSince(
    root: string,
    sinceMs: number,
    pause: (ms: number) => Promise<boolean>,
  ): AsyncGenerator<readonly Raw[]> {
    const thread = this.topics.get(root) ?? text((await this.message(root)) ?? {}, 'thread_id');
    if (thread === null) return;
    this.topics.set(root, thread);
    const found: Raw[] = [];
    for await (const page of this.pages({ kind: 'thread', thread, newestFirst: true }, pause)) {
      const late = page.filter((item) => Number(text(item, 'create_time') ?? 0) >= sinceMs);
      found.push(...late);
      if (late.length < page.length) break;
    }
    yield found.reverse();
  }

  /** The reactions that a message has now, oldest first. */
  async *reactions(message: string, pause: (ms: number) => Promise<boolean>): AsyncGenerator<readonly Raw[]> {
    let page_token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const params = {
        user_id_type: 'open_id' as const,
        page_size: PAGE,
        ...(page_token === undefined ? {} : { page_token }),
      };
      const data = await patiently(pause, () =>
        this.api.call<unknown>('im.message.reaction.list', (client, options) =>
          client.im.messageReaction.list({ path: { message_id: pathId(message) }, params }, options),
        ),
      );
      if (!isRaw(data)) return;
      yield list(data, 'items');
      page_token = data['has_more'] === true ? (text(data, 'page_token') ?? undefined) : undefined;
      if (page_token === undefined) return;
    }
  }

  /** Null: Feishu does not know it, or will not show it to us. */
  async message(message: string): Promise<Raw | null> {
    return (await this.messages(message))[0] ?? null;
  }

  /** The message, and behind it those that were forwarded in it. */
  async messages(message: string): Promise<readonly Raw[]> {
    if (!isId(message)) return [];
    try {
      const data: unknown = await this.api.call('im.message.get', (client, options) =>
        client.im.message.get({ path: { message_id: message } }, options),
      );
      return isRaw(data) ? list(data, 'items') : [];
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  profile(user: string): Promise<Profile | null> {
    return this.profiles.get(user, async () => {
      if (!isId(user)) return null;
      try {
        const data: unknown = await this.api.call('contact.user.batch', (client, options) =>
          client.contact.user.batch({ params: { user_ids: [user], user_id_type: 'open_id' } }, options),
        );
        // Whoever is outside of what the app may see is left out without a word.
        const found = isRaw(data) ? list(data, 'items')[0] : undefined;
        return found === undefined ? null : profileOf(found);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  /** At most 50 of each kind. Those who have left, or are outside of what the app may see, are not found. */
  async findPeople(who: {
    readonly emails: readonly string[];
    readonly mobiles: readonly string[];
  }): Promise<readonly FoundPerson[]> {
    // Feishu writes numbers of the mainland without their country, and answers with what it was asked.
    const mobiles = new Map(who.mobiles.map((mobile) => [mobile.replace(/^\+86(?=1\d{10}$)/, ''), mobile]));
    const data: unknown = await this.api.call('contact.user.batch_get_id', (client, options) =>
      client.contact.user.batchGetId(
        { data: { emails: [...who.emails], mobiles: [...mobiles.keys()] }, params: { user_id_type: 'open_id' } },
        options,
      ),
    );
    return (isRaw(data) ? list(data, 'user_list') : []).flatMap((one): FoundPerson[] => {
      const [user, email, mobile] = [text(one, 'user_id'), text(one, 'email'), text(one, 'mobile')];
      if (user === null) return [];
      if (email !== null) return [{ email, user }];
      return mobile === null ? [] : [{ mobile: mobiles.get(mobile) ?? mobile, user }];
    });
  }

  chatName(chat: string): Promise<string | null> {
    return this.names.get(chat, async () => {
      if (!isId(chat)) return null;
      try {
        const data: unknown = await this.api.call('im.chat.get', (client, options) =>
          client.im.chat.get({ path: { chat_id: pathId(chat) } }, options),
        );
        return isRaw(data) ? text(data, 'name') : null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  /** Opens the chat: a link to a single message Feishu does not have. */
  permalink(chat: string): string | null {
    if (!isId(chat)) return null;
    const host = /larksuite\.com$/.test(new URL(this.api.domain).hostname)
      ? 'applink.larksuite.com'
      : 'applink.feishu.cn';
    return `https://${host}/client/chat/open?openChatId=${chat}`;
  }

  forgetPerson(user: string): void {
    this.profiles.forget(user);
  }

  private async *pages(container: Container, pause?: (ms: number) => Promise<boolean>): AsyncGenerator<readonly Raw[]> {
    const newestFirst = container.kind === 'thread' && container.newestFirst === true;
    const most = (container.kind === 'chat' ? container.pages : undefined) ?? MAX_PAGES;
    let page_token: string | undefined;
    for (let page = 0; page < most; page += 1) {
      const params = {
        ...(container.kind === 'chat'
          ? {
              container_id_type: 'chat',
              container_id: pathId(container.chat),
              // Seconds; and refused for a topic.
              start_time: String(Math.floor(container.sinceMs / 1000)),
            }
          : { container_id_type: 'thread', container_id: pathId(container.thread) }),
        sort_type: newestFirst ? ('ByCreateTimeDesc' as const) : ('ByCreateTimeAsc' as const),
        page_size: PAGE,
        ...(page_token === undefined ? {} : { page_token }),
      };
      const data = await patiently(pause, () =>
        this.api.call<unknown>('im.message.list', (client, options) => client.im.message.list({ params }, options)),
      );
      if (!isRaw(data)) return;
      yield list(data, 'items');
      if (data['has_more'] !== true) return;
      page_token = text(data, 'page_token') ?? undefined;
      if (page_token === undefined) return;
    }
  }
}

/** Where the rest of a thread stands: in its topic, or, quoting, among what the chat said after its first message. */
const containerOf = (chat: string, root: Raw, order?: 'newest first'): Container => {
  const topic = text(root, 'thread_id');
  if (topic === null) {
    const sinceMs = Number(text(root, 'create_time') ?? 0);
    return { kind: 'chat', chat, sinceMs, pages: MAX_QUOTING_PAGES };
  }
  return { kind: 'thread', thread: topic, ...(order === undefined ? {} : { newestFirst: true }) };
};

const patiently = async <T>(
  pause: ((ms: number) => Promise<boolean>) | undefined,
  ask: () => Promise<T>,
): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const wait = error instanceof DeliveryError && !error.permanent ? error.retryAfterMs : null;
      if (pause === undefined || wait === null || wait > MAX_PAUSE_MS || !(await pause(wait))) throw error;
    }
  }
};

const isMissing = (error: unknown): boolean => error instanceof DeliveryError && (error.gone || error.permanent);

const profileOf = (user: Raw): Profile | null => {
  const name = text(user, 'name') ?? text(user, 'en_name');
  // Without the scope for names Feishu answers with ids only.
  if (name === null) return null;
  const email = text(user, 'email') ?? text(user, 'enterprise_email');
  return { name, email, mobile: text(user, 'mobile'), language: null, timezone: null, isBot: false };
};
