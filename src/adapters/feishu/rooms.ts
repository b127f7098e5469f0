import { DeliveryError, type RoomRefused, type Rooms } from '../../conversations/platform.ts';
import { isRaw, text } from '../raw.ts';
import type { Api } from './api.ts';
import { codeOf, MISSING_SCOPE } from './errors.ts';
import { isId, pathId } from './ids.ts';
import { uuidOf } from './outbound.ts';

const MAX_TOPIC = 100;
/** Feishu takes so many at once. */
const AT_ONCE = 50;

/**
 * Private groups for war rooms. Feishu lets two groups have one name, and remembers our `uuid` for ten hours: within them a second call after a crash gives
 * the group of the first.
 */
export class FeishuRooms implements Rooms {
  private readonly api: Api;

  constructor(api: Api) {
    this.api = api;
  }

  async open({ name, topic, sinceMs }: Parameters<Rooms['open']>[0]): ReturnType<Rooms['open']> {
    try {
      const data: unknown = await this.api.call('im.chat.create', (client, options) =>
        client.im.chat.create(
          {
            params: { user_id_type: 'open_id', set_bot_manager: true, uuid: uuidOf(`room:${name}:${sinceMs}`) },
            data: {
              name,
              description: [...topic].slice(0, MAX_TOPIC).join(''),
              chat_mode: 'group',
              chat_type: 'private',
            },
          },
          options,
        ),
      );
      const chat = isRaw(data) ? text(data, 'chat_id') : null;
      if (chat === null) throw new DeliveryError('Feishu im.chat.create: an answer without chat_id', { unknown: true });
      return { chat };
    } catch (error) {
      return refusedBecause(error);
    }
  }

  async invite(chat: string, users: readonly string[]): Promise<readonly string[]> {
    const known = users.filter(isId);
    const refused = users.filter((user) => !isId(user));
    for (let from = 0; from < known.length; from += AT_ONCE) {
      const some = known.slice(from, from + AT_ONCE);
      try {
        const data: unknown = await this.api.call('im.chat.members.create', (client, options) =>
          client.im.chatMembers.create(
            {
              path: { chat_id: pathId(chat) },
              // 1: whoever can be let in is, and the others are named.
              params: { member_id_type: 'open_id', succeed_type: 1 },
              data: { id_list: some },
            },
            options,
          ),
        );
        refused.push(...notLetIn(data));
      } catch (error) {
        refusedBecause(error);
        refused.push(...some);
      }
    }
    return refused;
  }
}

const notLetIn = (data: unknown): string[] =>
  isRaw(data)
    ? ['invalid_id_list', 'not_existed_id_list', 'pending_approval_id_list'].flatMap((key) => {
        const ids = data[key];
        return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
      })
    : [];

/** Feishu's no, which stays one until somebody changes something. Throws what may be tried again. */
const refusedBecause = (error: unknown): RoomRefused => {
  const code = codeOf(error);
  if (!(error instanceof DeliveryError) || error.unknown || code === null) throw error;
  if (MISSING_SCOPE.has(code)) return { refused: 'scope', detail: 'im:chat:create, im:chat.members:write_only' };
  if (error.retryAfterMs !== null) throw error;
  if (!error.permanent && !(code >= 232000 && code < 233000)) throw error;
  return { refused: 'forbidden', detail: `${code}` };
};
