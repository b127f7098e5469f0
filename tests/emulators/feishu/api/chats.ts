import { tellMembers } from '../events.ts';
import type { Chat, JsonObject } from '../types.ts';
import type { Call, Run } from './context.ts';
import { missing, refused } from './errors.ts';

const tenHours = 10 * 3_600_000;

function chatJson({ world, app }: Call, chat: Chat): JsonObject {
  return {
    avatar: 'https://example.com/avatar.png',
    name: chat.name,
    description: '',
    i18n_names: { zh_cn: chat.name },
    owner_id_type: 'open_id',
    ...(chat.owner === '' ? {} : { owner_id: world.openId(app.id, chat.owner) }),
    group_message_type: chat.topic ? 'thread' : 'chat',
    chat_mode: chat.kind === 'p2p' ? 'p2p' : 'group',
    chat_type: 'private',
    chat_tag: 'inner',
    external: chat.external,
    tenant_key: app.tenantKey,
    urgent_setting: chat.urgent ? 'all_members' : 'only_owner',
    moderation_permission: chat.muted ? 'only_owner' : 'all_members',
    user_count: String(chat.members.size),
    bot_count: String(chat.bots.size),
    chat_status: chat.disbanded ? 'dissolved' : 'normal',
  };
}

function chatOf(call: Call): Chat {
  const chat = call.world.chats.get(call.path[0] ?? '');
  if (!chat) throw refused(232006);
  return chat;
}

/** Once per uuid within ten hours: the second time, the first chat is the answer. */
const create: Run = (call) => {
  const { world, app, body } = call;
  const { rooms } = call.platform;
  const uuid = call.query.get('uuid') ?? '';
  if (uuid.length > 50) throw refused(232001, 'uuid must be of at most 50 characters');
  const known = rooms.get(`${app.id} ${uuid}`);
  if (uuid !== '' && known && world.now() - known.at < tenHours)
    return { data: { chat_id: known.chat, ...chatJson(call, world.chat(known.chat)) } };
  const type = call.idType();
  const people = call.texts('user_id_list', 50, 232001).map((id) => call.person(type, id)?.key);
  if (people.some((key) => key === undefined)) throw refused(232001, 'invalid user_id');
  const chat = world.addChat({
    name: typeof body.name === 'string' ? body.name : '',
    members: people.filter((key) => key !== undefined),
    bots: [app.id],
    topic: body.group_message_type === 'thread',
  });
  if (uuid !== '') rooms.set(`${app.id} ${uuid}`, { at: world.now(), chat: chat.id });
  return { data: { chat_id: chat.id, ...chatJson(call, chat) } };
};

/** Open to those outside, too: they see less, but that it is there. */
const get: Run = (call) => ({ data: chatJson(call, chatOf(call)) });

/** People only: bots are not listed. */
const members: Run = (call) => {
  const chat = call.joined(chatOf(call), 232011);
  const type = call.idType('member_id_type');
  const { items, ...more } = call.page([...chat.members], 100);
  const people = items.map((key) => call.world.person(key));
  return {
    data: {
      ...more,
      member_total: chat.members.size,
      items: people.map((person) => ({
        member_id_type: type,
        member_id: call.world.idOf(call.app.id, person, type),
        name: person.name,
        tenant_key: person.tenantKey,
      })),
    },
  };
};

const addMembers: Run = (call) => {
  const { world } = call;
  const chat = call.joined(chatOf(call), 232011);
  const type = call.idType('member_id_type');
  const ids = call.texts('id_list', 50, 232001);
  if (ids.length === 0) throw missing('id_list');
  const found = ids.map((id) => ({ id, person: call.person(type, id) }));
  const added = found.flatMap(({ person }) => (person && !person.resigned ? [person.key] : []));
  for (const key of added) chat.members.add(key);
  world.changed();
  const [first] = added;
  if (first !== undefined) call.later(() => tellMembers(world, call.platform.courier, 'added', chat, first, added));
  return {
    data: {
      invalid_id_list: found.filter(({ person }) => person?.resigned === true).map(({ id }) => id),
      not_existed_id_list: found.filter(({ person }) => !person).map(({ id }) => id),
      pending_approval_id_list: [],
    },
  };
};

export const chatApis = { create, get, members, addMembers };
