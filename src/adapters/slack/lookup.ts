import {
  DeliveryError,
  type FoundPerson,
  type HistoryMessage,
  type MessageRef,
  type Profile,
} from '../../conversations/platform.ts';
import type { Api } from './api.ts';
import { Cache } from '../cache.ts';
import { codeOf } from './errors.ts';
import type { Self } from './inbound.ts';
import { attachmentsOf, isBots, threadOf as rootOf, wordsOf } from './message.ts';
import { MARKER } from './outbound.ts';
import { at, isRaw, list, msOf, text, type Raw } from './payload.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const MAX_HISTORY = 200;
/** Slack dates messages by its own clock. */
const SKEW_MS = 2 * 60_000;
const MAX_PAGES = 10;

/** Everything the bot asks. */
export class Lookup {
  private readonly profiles: Cache<Profile | null>;
  private readonly names: Cache<string | null>;
  private readonly api: Api;
  private readonly self: Self;

  constructor(options: { readonly api: Api; readonly self: Self; readonly now: () => number }) {
    this.api = options.api;
    this.self = options.self;
    this.profiles = new Cache(TEN_MINUTES_MS, options.now);
    this.names = new Cache(TEN_MINUTES_MS, options.now);
  }

  /** The message of ours with this marker. A thread is read forwards, a channel backwards; neither further than `sinceMs`. */
  async find(chat: string, thread: string | null, marker: string, sinceMs: number): Promise<MessageRef | null> {
    const oldest = String(Math.max(0, (sinceMs - SKEW_MS) / 1000));
    for await (const page of this.pages(chat, thread, oldest)) {
      for (const message of page) {
        const metadata = at(message, 'metadata');
        const ts = text(message, 'ts');
        if (ts === null || metadata['event_type'] !== MARKER) continue;
        if (text(at(metadata, 'event_payload'), 'marker') !== marker) continue;
        return { platform: 'slack', chat, thread: rootOf(message, ts), message: ts };
      }
    }
    return null;
  }

  async history(chat: string, thread: string): Promise<readonly HistoryMessage[]> {
    const found: HistoryMessage[] = [];
    try {
      for await (const page of this.pages(chat, thread, null)) {
        found.push(...page.flatMap((message) => this.told(message)));
        if (found.length >= MAX_HISTORY) break;
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return found.slice(0, MAX_HISTORY);
  }

  /** Reactions name a message and not its thread. */
  async threadOf(chat: string, message: string): Promise<string | null> {
    try {
      const found = await this.api.call('conversations.replies', (client) =>
        client.conversations.replies({ channel: chat, ts: message, limit: 1 }),
      );
      const first: unknown = found.messages?.[0];
      return isRaw(first) ? (text(first, 'thread_ts') ?? message) : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  profile(user: string): Promise<Profile | null> {
    return this.profiles.get(user, async () => {
      try {
        const answer = await this.api.call('users.info', (client) => client.users.info({ user, include_locale: true }));
        return profileOf(answer.user, this.self);
      } catch (error) {
        // Guests and people on the other side of a Slack Connect channel may be unreadable.
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  /** One by one, for Slack takes one e-mail a call; mobiles it cannot be asked for. */
  async findPeople({ emails }: { readonly emails: readonly string[] }): Promise<readonly FoundPerson[]> {
    const found: FoundPerson[] = [];
    for (const email of emails) {
      try {
        const answer = await this.api.call('users.lookupByEmail', (client) => client.users.lookupByEmail({ email }));
        const user: unknown = answer.user;
        const id = isRaw(user) && user['deleted'] !== true && isOurs(user, this.self) ? text(user, 'id') : null;
        if (id !== null) found.push({ email, user: id });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return found;
  }

  chatName(chat: string): Promise<string | null> {
    return this.names.get(chat, async () => {
      // Asking would need a scope (im:read) for a name that does not exist.
      if (chat.startsWith('D')) return null;
      try {
        const answer = await this.api.call('conversations.info', (client) =>
          client.conversations.info({ channel: chat }),
        );
        return answer.channel?.name === undefined ? null : `#${answer.channel.name}`;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async permalink(ref: MessageRef): Promise<string | null> {
    try {
      const answer = await this.api.call('chat.getPermalink', (client) =>
        client.chat.getPermalink({ channel: ref.chat, message_ts: ref.message }),
      );
      return answer.permalink ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  forgetPerson(user: string): void {
    this.profiles.forget(user);
  }

  forgetChat(chat: string): void {
    this.names.forget(chat);
  }

  private async *pages(chat: string, thread: string | null, oldest: string | null): AsyncGenerator<readonly Raw[]> {
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const args = {
        channel: chat,
        limit: 200,
        include_all_metadata: true,
        ...(oldest === null ? {} : { oldest }),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const answer: unknown =
        thread === null
          ? await this.api.call('conversations.history', (client) => client.conversations.history(args))
          : await this.api.call('conversations.replies', (client) =>
              client.conversations.replies({ ...args, ts: thread }),
            );
      if (!isRaw(answer)) return;
      yield list(answer, 'messages');
      cursor = text(at(answer, 'response_metadata'), 'next_cursor') ?? undefined;
      if (cursor === undefined) return;
    }
  }

  private told(message: Raw): HistoryMessage[] {
    const ts = text(message, 'ts');
    const when = msOf(ts);
    if (ts === null || when === null || text(message, 'subtype') === 'tombstone') return [];
    const words = wordsOf(message, this.self.botUserId);
    return [
      {
        message: ts,
        user: text(message, 'user') ?? text(message, 'bot_id') ?? '',
        at: when,
        text: words.text,
        mentions: words.mentions,
        attachments: attachmentsOf(message),
        isBot: isBots(message),
      },
    ];
  }
}

const isMissing = (error: unknown): boolean => {
  if (!(error instanceof DeliveryError)) return false;
  return error.gone || /^(message|thread|user|users|channel)_not_found$/.test(codeOf(error.cause) ?? '');
};

/** Of another organization's people (Slack Connect) the addresses are written by their administrators: they prove nothing here. */
const isOurs = (user: Raw, self: Self): boolean => {
  const enterprise = text(at(user, 'enterprise_user'), 'enterprise_id');
  if (enterprise !== null && enterprise === self.enterpriseId) return true;
  const team = text(user, 'team_id');
  return team !== null && team === self.teamId && user['is_stranger'] !== true;
};

const profileOf = (user: unknown, self: Self): Profile | null => {
  if (!isRaw(user)) return null;
  const profile = at(user, 'profile');
  const locale = text(user, 'locale');
  return {
    name:
      text(profile, 'display_name') ??
      text(profile, 'real_name') ??
      text(user, 'real_name') ??
      text(user, 'name') ??
      '',
    // Not the telephone number: everybody writes his own.
    email: isOurs(user, self) ? text(profile, 'email') : null,
    language: locale === null ? null : /^zh\b/i.test(locale) ? 'zh-CN' : 'en',
    timezone: text(user, 'tz'),
    isBot: user['is_bot'] === true,
  };
};
