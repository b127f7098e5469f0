import { contentFor, placeOf, tellMessage, tellRecalled } from '../events.ts';
import type { Chat, JsonObject, Message } from '../types.ts';
import { contentOf, goodCard, isShared } from './content.ts';
import { Download } from './context.ts';
import type { Answer, Call, Run } from './context.ts';
import { ApiError, missing, refused } from './errors.ts';

const hour = 3_600_000;
const fourteenDays = 14 * 24 * hour;
const receiverTypes = ['open_id', 'union_id', 'user_id', 'email', 'chat_id'] as const;

/** A message as the API shows it: mentioned ids are texts here, objects in events. */
export function messageJson(call: Call, message: Message): JsonObject {
  const { world, app } = call;
  const { sender, mentions } = message;
  const raw = call.query.get('card_msg_content_type') === 'user_card_content';
  const content = raw ? message.content : contentFor(message);
  return {
    message_id: message.id,
    ...placeOf(message),
    msg_type: message.type,
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    deleted: message.recalled,
    updated: message.edits > 0,
    chat_id: message.chat,
    sender: {
      id: sender.kind === 'person' ? world.openId(app.id, sender.key) : sender.id,
      id_type: sender.kind === 'person' ? 'open_id' : 'app_id',
      sender_type: sender.kind === 'person' ? 'user' : 'app',
      tenant_key: sender.kind === 'person' ? world.person(sender.key).tenantKey : world.app(sender.id).tenantKey,
    },
    body: { content: message.recalled ? 'This message was recalled' : content },
    ...(mentions.length === 0
      ? {}
      : {
          mentions: mentions.map(({ key, who, name }) => ({
            key,
            id: who.kind === 'person' ? world.openId(app.id, who.key) : world.app(who.id).openId,
            id_type: 'open_id',
            name,
            tenant_key: who.kind === 'person' ? world.person(who.key).tenantKey : world.app(who.id).tenantKey,
          })),
        }),
  };
}

const create: Run = (call) => {
  const type = call.oneOf('receive_id_type', receiverTypes);
  const chat = receiver(call, type, call.text('receive_id'));
  return post(call, chat, () => (chat.topic ? { thread: call.world.id('omt_', 16) } : {}));
};

function receiver(call: Call, type: (typeof receiverTypes)[number], id: string): Chat {
  const { world, app } = call;
  if (type === 'chat_id') {
    const chat = world.chats.get(id);
    if (!chat) throw refused(230034);
    const [person] = chat.kind === 'p2p' ? chat.members : [];
    if (person !== undefined) mayWriteTo(call, person);
    return chat;
  }
  const person =
    type === 'email' ? [...world.people.values()].find(({ email }) => email === id) : world.personBy(app.id, type, id);
  if (!person) throw refused(230034);
  mayWriteTo(call, person.key);
  return world.p2p(app.id, person.key);
}

function mayWriteTo({ world, app }: Call, key: string): void {
  const person = world.person(key);
  if (person.tenantKey !== app.tenantKey) throw refused(230038);
  if (person.resigned) throw refused(230029);
  if (!person.available) throw refused(230013);
  if (person.stoppedBot) throw refused(230053);
}

const reply: Run = (call) => {
  const { world } = call;
  const target = call.message();
  if (target.recalled) throw refused(230011);
  const chat = world.chat(target.chat);
  const inThread = call.body.reply_in_thread === true || target.thread !== undefined;
  if (inThread && !chat.threads) {
    throw new ApiError(230071, 'The group to which the message belongs does not support reply in thread.');
  }
  return post(call, chat, () =>
    answerTo(world.message(target.root ?? target.id), target, inThread, () => world.id('omt_', 16)),
  );
};

/** Where a reply stands. In a thread its parent is always the thread's first message. */
export function answerTo(root: Message, target: Message, inThread: boolean, newThread: () => string): Partial<Message> {
  if (!inThread) return { root: root.id, parent: target.id };
  root.thread ??= newThread();
  return { root: root.id, parent: root.id, thread: root.thread };
}

/** Sends once per uuid and hour: the second time, the first message is the answer. */
function post(call: Call, chat: Chat, place: () => Partial<Message>): Answer {
  const { world, app, platform } = call;
  if (!app.botAbility) throw refused(230006);
  const uuid = uuidOf(call);
  const known = platform.uuids.get(uuid);
  if (uuid !== '' && known && world.now() - known.at < hour)
    return { data: messageJson(call, world.message(known.message)) };
  call.joined(chat);
  if (chat.muted) throw refused(230035);
  const type = call.text('msg_type');
  const written = contentOf(call, type, call.text('content'));
  if (platform.rates.chat(chat.id)) throw refused(230020);
  const now = world.now();
  const message = world.add({
    id: world.id('om_'),
    chat: chat.id,
    sender: { kind: 'app', id: app.id },
    createdAt: now,
    updatedAt: now,
    type,
    ...written,
    recalled: false,
    edits: 0,
    reactions: [],
    resources: [],
    ...place(),
  });
  if (uuid !== '') platform.uuids.set(uuid, { at: now, message: message.id });
  call.later(() => tellMessage(world, platform.courier, message));
  return { data: messageJson(call, message) };
}

function uuidOf(call: Call): string {
  const { uuid } = call.body;
  if (uuid === undefined || uuid === '') return '';
  if (typeof uuid !== 'string' || uuid.length > 50)
    throw refused(230001, 'uuid must be a string of at most 50 characters');
  return `${call.app.id} ${uuid}`;
}

/** A card is replaced: the app's own, not older than 14 days, shared before and after. */
const patch: Run = (call) => {
  const { world, platform } = call;
  const message = call.message();
  if (message.recalled) throw refused(230011);
  if (message.type !== 'interactive') throw refused(230001, 'This message is NOT a card.');
  if (!call.owns(message)) throw refused(230001, 'the card was not sent by this app');
  if (world.now() - message.createdAt > fourteenDays) throw refused(230031);
  const card = goodCard(call.text('content'));
  if (!isShared(message.content) || !isShared(card)) {
    throw refused(230001, 'config.update_multi must be true before and after');
  }
  if (platform.rates.patch(message.id)) throw refused(230020);
  changeTo(call, message, card);
  return { data: {} };
};

/** A text or post is edited; the numbers of its refusals mean something else on other APIs. */
const update: Run = (call) => {
  const { world } = call;
  const message = call.message();
  const type = call.text('msg_type');
  if (message.recalled) throw refused(230011);
  if (!['text', 'post'].includes(message.type) || !['text', 'post'].includes(type)) {
    throw new ApiError(230054, 'This operation is not supported for this message type.');
  }
  if (!call.owns(message)) throw new ApiError(230071, 'The operator is not the sender of the message.');
  if (message.edits >= 20) {
    throw new ApiError(230072, 'The message has reached the number of times it can be edited.');
  }
  const { content, mentions } = contentOf(call, type, call.text('content'));
  Object.assign(message, { type, mentions });
  changeTo(call, message, content);
  return { data: messageJson(call, world.message(message.id)) };
};

function changeTo({ world }: Call, message: Message, content: string): void {
  Object.assign(message, { content, updatedAt: world.now(), edits: message.edits + 1 });
  world.changed();
}

const recall: Run = (call) => {
  const message = call.message();
  if (message.recalled) throw refused(230110);
  if (!call.owns(message)) throw refused(230026);
  message.recalled = true;
  call.world.changed();
  call.later(() => tellRecalled(call.world, call.platform.courier, message));
  return { data: {} };
};

/** A merged forward answers with itself and what is in it. */
const get: Run = (call) => {
  const message = call.message();
  // People forward from one chat into another.
  const inside = (message.forwarded ?? []).map((id) => call.world.message(id));
  const items = [
    messageJson(call, message),
    ...inside.map((other) => ({ ...messageJson(call, other), upper_message_id: message.id })),
  ];
  return { data: { items } };
};

/** Of topics, a chat's list holds the first messages only; the rest is listed by thread. */
const list: Run = (call) => {
  const { world, app } = call;
  const kind = call.oneOf('container_id_type', ['chat', 'thread']);
  const id = call.query.get('container_id') ?? '';
  if (id === '') throw missing('container_id');
  const [from, until] = ['start_time', 'end_time'].map((name) => seconds(call, name, kind));
  const found =
    kind === 'chat' ? world.list(id).filter((m) => m.thread === undefined || m.root === undefined) : world.inThread(id);
  const chat = kind === 'chat' ? world.chats.get(id) : found[0] && world.chat(found[0].chat);
  if (!chat) throw refused(230001, `invalid container_id ${id}`);
  call.joined(chat);
  if (chat.kind === 'group' && !app.scopes.has('im:message.group_msg')) throw refused(230027, 'im:message.group_msg');
  const within = found.filter(
    ({ createdAt }) => createdAt >= (from ?? 0) * 1000 && createdAt < ((until ?? Infinity) + 1) * 1000,
  );
  const order = call.oneOf('sort_type', ['ByCreateTimeAsc', 'ByCreateTimeDesc'], 'ByCreateTimeAsc');
  const sorted = order === 'ByCreateTimeAsc' ? within : within.reverse();
  const { items, ...more } = call.page(sorted, 50);
  return { data: { ...more, items: items.map((message) => messageJson(call, message)) } };
};

/** In seconds. Milliseconds, the classic mistake, would silently find nothing: they are refused here. */
function seconds(call: Call, name: string, kind: string): number | undefined {
  const value = call.query.get(name);
  if (value === null || value === '') return undefined;
  if (kind === 'thread') throw refused(230001, `${name} is not supported for threads`);
  if (!/^\d{1,10}$/.test(value)) throw refused(230001, `${name} must be in seconds`);
  return Number(value);
}

const resource: Run = (call) => {
  const [, key = ''] = call.path;
  const type = call.query.get('type');
  if (type !== 'image' && type !== 'file') throw refused(234001, 'type must be image or file');
  const message = call.message(234004);
  if (['interactive', 'merge_forward'].includes(message.type)) throw refused(234043);
  const found = message.resources.find((one) => one.key === key && one.type === type);
  if (!found || message.recalled) throw refused(234003);
  if (found.bytes > 100 * 1024 * 1024) throw refused(234037);
  return new Download(found.content, found.name);
};

export const messageApis = { create, reply, patch, update, recall, get, list, resource };
