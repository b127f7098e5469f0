import { simplified } from './cardRead.ts';
import type { Courier } from './courier.ts';
import type { Chat, Delivery, FeishuApp, JsonObject, Message, Reaction, Who } from './types.ts';
import type { World } from './world.ts';

/** `user_id` only with its scope; keys that do not apply are absent, not null. */
export function idsOf(world: World, app: FeishuApp, who: Who): JsonObject {
  if (who.kind === 'app') return { open_id: world.app(who.id).openId };
  const person = world.person(who.key);
  return {
    union_id: person.unionId,
    ...(app.scopes.has('contact:user.employee_id:readonly') ? { user_id: person.userId } : {}),
    open_id: world.openId(app.id, person.key),
  };
}

const tenantOf = (world: World, who: Who): string =>
  who.kind === 'person' ? world.person(who.key).tenantKey : world.app(who.id).tenantKey;

/** A card is told and answered as title and lines, not as its JSON. */
export function contentFor(message: Message): string {
  if (message.type !== 'interactive') return message.content;
  return JSON.stringify(simplified(JSON.parse(message.content) as JsonObject));
}

export const placeOf = (message: Message): JsonObject => ({
  ...(message.root === undefined ? {} : { root_id: message.root }),
  ...(message.parent === undefined ? {} : { parent_id: message.parent }),
  ...(message.thread === undefined ? {} : { thread_id: message.thread }),
});

function received(world: World, app: FeishuApp, message: Message): JsonObject {
  const { sender, mentions } = message;
  const chat = world.chat(message.chat);
  return {
    sender: {
      sender_id: idsOf(world, app, sender),
      sender_type: sender.kind === 'person' ? 'user' : 'bot',
      tenant_key: tenantOf(world, sender),
    },
    message: {
      message_id: message.id,
      ...placeOf(message),
      create_time: String(message.createdAt),
      update_time: String(message.updatedAt),
      chat_id: chat.id,
      chat_type: chat.kind,
      message_type: message.type,
      content: contentFor(message),
      ...(mentions.length === 0
        ? {}
        : {
            mentions: mentions.map(({ key, who, name }) => ({
              key,
              id: idsOf(world, app, who),
              mentioned_type: who.kind === 'person' ? 'user' : 'bot',
              name,
              tenant_key: tenantOf(world, who),
            })),
          }),
      user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 13_2_1) Lark/7.64.6 LarkLocale/zh_CN',
    },
  };
}

const has = (app: FeishuApp, ...scopes: string[]): boolean => scopes.some((scope) => app.scopes.has(scope));

/** Does the app get to hear of it? Its bot is in the chat, and a scope covers this kind of message. */
function mayHear(app: FeishuApp, chat: Chat, message: Message): boolean {
  const { sender } = message;
  if (!chat.bots.has(app.id) || (sender.kind === 'app' && sender.id === app.id)) return false;
  if (chat.kind === 'p2p') return has(app, 'im:message.p2p_msg:readonly', 'im:message.p2p_msg');
  const mentioned = message.mentions.some(({ who }) => who.kind === 'app' && who.id === app.id);
  if (sender.kind === 'app') return mentioned && has(app, 'im:message.group_at_msg.include_bot:readonly');
  return (
    has(app, 'im:message.group_msg') ||
    (mentioned && has(app, 'im:message.group_at_msg:readonly', 'im:message.group_at_msg'))
  );
}

export async function tellMessage(world: World, courier: Courier, message: Message): Promise<Delivery[]> {
  const chat = world.chat(message.chat);
  return await tell(world, courier, 'im.message.receive_v1', (app) =>
    mayHear(app, chat, message) ? received(world, app, message) : undefined,
  );
}

/** Neither chat nor reaction id, and told of the bot's own reactions, too. */
export async function tellReaction(
  world: World,
  courier: Courier,
  what: 'created' | 'deleted',
  message: Message,
  reaction: Reaction,
): Promise<Delivery[]> {
  const chat = world.chat(message.chat);
  return await tell(world, courier, `im.message.reaction.${what}_v1`, (app) => {
    if (!chat.bots.has(app.id) || !has(app, 'im:message.reactions:read', 'im:message:readonly', 'im:message'))
      return undefined;
    const by = reaction.by.kind === 'person' ? { user_id: idsOf(world, app, reaction.by) } : { app_id: reaction.by.id };
    return {
      message_id: message.id,
      reaction_type: { emoji_type: reaction.emoji },
      operator_type: reaction.by.kind === 'person' ? 'user' : 'app',
      ...by,
      action_time: String(world.now()),
    };
  });
}

export async function tellRecalled(world: World, courier: Courier, message: Message): Promise<Delivery[]> {
  const chat = world.chat(message.chat);
  const event = {
    message_id: message.id,
    chat_id: chat.id,
    recall_time: String(world.now()),
    recall_type: 'message_owner',
  };
  return await tell(world, courier, 'im.message.recalled_v1', (app) => (chat.bots.has(app.id) ? event : undefined));
}

/** Bot added or deleted, disbanded: `only` names the app when nobody else is told. */
export async function tellChat(
  world: World,
  courier: Courier,
  type: string,
  chat: Chat,
  by: string,
  only?: string,
): Promise<Delivery[]> {
  return await tell(world, courier, type, (app) => {
    if (only === undefined ? !chat.bots.has(app.id) : only !== app.id) return undefined;
    return { ...chatEvent(world, app, chat, by) };
  });
}

export async function tellMembers(
  world: World,
  courier: Courier,
  what: 'added' | 'deleted',
  chat: Chat,
  by: string,
  members: readonly string[],
): Promise<Delivery[]> {
  return await tell(world, courier, `im.chat.member.user.${what}_v1`, (app) => {
    if (!chat.bots.has(app.id)) return undefined;
    const users = members.map((key) => ({
      name: world.person(key).name,
      tenant_key: world.person(key).tenantKey,
      user_id: idsOf(world, app, { kind: 'person', key }),
    }));
    return { ...chatEvent(world, app, chat, by), users };
  });
}

function chatEvent(world: World, app: FeishuApp, chat: Chat, by: string): JsonObject {
  return {
    chat_id: chat.id,
    operator_id: idsOf(world, app, { kind: 'person', key: by }),
    external: chat.external,
    operator_tenant_key: world.person(by).tenantKey,
    name: chat.name,
    i18n_names: { zh_cn: chat.name, en_us: '', ja_jp: '' },
  };
}

async function tell(
  world: World,
  courier: Courier,
  type: string,
  eventFor: (app: FeishuApp) => JsonObject | undefined,
): Promise<Delivery[]> {
  const sent = [...world.apps.values()].map(async (app) => {
    const event = eventFor(app);
    return event && (await courier.event(app, type, event));
  });
  return (await Promise.all(sent)).filter((delivery) => delivery !== undefined);
}
