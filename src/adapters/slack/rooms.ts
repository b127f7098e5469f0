import { DeliveryError, type RoomRefused, type Rooms } from '../../conversations/platform.ts';
import type { Api } from './api.ts';
import { ACCESS_ERRORS, codeOf } from './errors.ts';
import type { Self } from './inbound.ts';

/** Slack dates channels by its own clock, in seconds. */
const SKEW_S = 120;
const MOST_NAMES = 5;
const MOST_PAGES = 10;
const MAX_TOPIC = 250;

const NOT_LET: ReadonlySet<string> = new Set([
  'restricted_action',
  'user_is_restricted',
  'no_permission',
  'access_denied',
  'not_allowed_token_type',
]);

/**
 * Private channels for war rooms. A name is free or taken, so that `conversations.create` is its own test: what is taken may be what an earlier call of ours
 * has made, and is then the one.
 */
export class SlackRooms implements Rooms {
  private readonly api: Api;
  private readonly self: Pick<Self, 'botUserId'>;

  constructor(options: { readonly api: Api; readonly self: Pick<Self, 'botUserId'> }) {
    this.api = options.api;
    this.self = options.self;
  }

  async open({ name, topic, sinceMs }: Parameters<Rooms['open']>[0]): ReturnType<Rooms['open']> {
    for (let n = 1; n <= MOST_NAMES; n += 1) {
      const wanted = n === 1 ? name : `${name}-${n}`;
      const made = await this.create(wanted);
      if (made !== 'taken' && 'refused' in made) return made;
      const chat = made === 'taken' ? await this.ours(wanted, sinceMs) : made.chat;
      if (chat === null) continue;
      await this.describe(chat, topic);
      return { chat };
    }
    return { refused: 'other', detail: `name_taken: ${name}` };
  }

  async invite(chat: string, users: readonly string[]): Promise<readonly string[]> {
    const refused: string[] = [];
    // One by one: of several Slack takes none if it will not take one.
    for (const user of users) {
      try {
        await this.api.call('conversations.invite', (client) =>
          client.conversations.invite({ channel: chat, users: user }),
        );
      } catch (error) {
        const code = refusalOf(error);
        if (code !== 'already_in_channel' && code !== 'cant_invite_self') refused.push(user);
      }
    }
    return refused;
  }

  private async create(name: string): Promise<{ readonly chat: string } | RoomRefused | 'taken'> {
    try {
      const made = await this.api.call('conversations.create', (client) =>
        client.conversations.create({ name, is_private: true }),
      );
      if (made.channel?.id === undefined)
        throw new DeliveryError('Slack conversations.create: an answer without channel', { unknown: true });
      return { chat: made.channel.id };
    } catch (error) {
      if (codeOfCause(error) === 'missing_scope') return { refused: 'scope', detail: 'groups:write' };
      const code = refusalOf(error);
      if (code === 'name_taken') return 'taken';
      return { refused: NOT_LET.has(code) ? 'forbidden' : 'other', detail: code };
    }
  }

  /** The channel of this name, if we made it for this ticket: by the bot, and not before the room was asked for. */
  private async ours(name: string, sinceMs: number): Promise<string | null> {
    // Slack was not there at the start. Who made it cannot be told yet, and taking it for another's would make a second.
    if (this.self.botUserId === null) throw new DeliveryError('Slack has not said yet who the bot is');
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await this.api.call('conversations.list', (client) =>
        client.conversations.list({
          types: 'private_channel',
          exclude_archived: true,
          limit: 200,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      const found = answer.channels?.find((channel) => channel.name === name);
      if (found !== undefined) {
        const mine = found.creator === this.self.botUserId && (found.created ?? 0) >= sinceMs / 1000 - SKEW_S;
        return mine ? (found.id ?? null) : null;
      }
      cursor = answer.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return null;
    }
    return null;
  }

  /** A room without a topic is a room all the same. */
  private async describe(chat: string, topic: string): Promise<void> {
    try {
      await this.api.call('conversations.setTopic', (client) =>
        client.conversations.setTopic({ channel: chat, topic: [...topic].slice(0, MAX_TOPIC).join('') }),
      );
    } catch (error) {
      refusalOf(error);
    }
  }
}

/** Slack's no, which stays one. Throws what may be tried again. */
const refusalOf = (error: unknown): string => {
  const code = codeOfCause(error);
  const passing = !(error instanceof DeliveryError) || error.unknown || code === null || ACCESS_ERRORS.has(code);
  if (passing || LATER.has(code)) throw error;
  return code;
};

const LATER: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

const codeOfCause = (error: unknown): string | null => (error instanceof DeliveryError ? codeOf(error.cause) : null);
