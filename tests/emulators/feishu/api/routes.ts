import { appApis } from './apps.ts';
import { chatApis } from './chats.ts';
import { contactApis } from './contact.ts';
import type { Run } from './context.ts';
import { messageApis } from './messages.ts';
import { reactionApis } from './reactions.ts';
import { urgentApis } from './urgent.ts';

export type Route = { name: string; method: string; pattern: RegExp; scopes: readonly string[]; run: Run };

const send = ['im:message', 'im:message:send_as_bot', 'im:message:send'];
const read = ['im:message', 'im:message:readonly'];
const react = ['im:message', 'im:message.reactions:write_only'];
const seeReactions = ['im:message.reactions:read', 'im:message:readonly', 'im:message'];
const contact = ['contact:contact.base:readonly', 'contact:contact:readonly', 'contact:contact:readonly_as_app'];
const urgent = (...more: string[]): string[] => more.map((word) => `im:message.urgent${word}`);

/** `:x` is one part of the path. Any one of the scopes is enough; none: no scope needed. */
function route(name: string, line: string, scopes: readonly string[], run: Run): Route {
  const [method = '', path = ''] = line.split(' ');
  return { name, method, pattern: new RegExp(`^/open-apis${path.replaceAll(/:\w+/g, '([^/]+)')}$`), scopes, run };
}

const m = messageApis;

/** The order matters: a fixed word before a variable part. */
export const routes: readonly Route[] = [
  route('bot.info', 'GET /bot/v3/info', [], appApis.botInfo),
  route('scope.list', 'GET /application/v6/scopes', [], appApis.scopes),
  route('message.create', 'POST /im/v1/messages', send, m.create),
  route('message.list', 'GET /im/v1/messages', [...read, 'im:message.history:readonly'], m.list),
  route('message.reply', 'POST /im/v1/messages/:id/reply', send, m.reply),
  route('message.patch', 'PATCH /im/v1/messages/:id', [...send, 'im:message:update'], m.patch),
  route('message.update', 'PUT /im/v1/messages/:id', [...send, 'im:message:update'], m.update),
  route('message.delete', 'DELETE /im/v1/messages/:id', [...send, 'im:message:recall'], m.recall),
  route('message.get', 'GET /im/v1/messages/:id', read, m.get),
  route('reaction.create', 'POST /im/v1/messages/:id/reactions', react, reactionApis.create),
  route('reaction.list', 'GET /im/v1/messages/:id/reactions', seeReactions, reactionApis.list),
  route('reaction.delete', 'DELETE /im/v1/messages/:id/reactions/:reaction', react, reactionApis.remove),
  route('resource.get', 'GET /im/v1/messages/:id/resources/:key', [...read, 'im:message.history:readonly'], m.resource),
  route('urgent.app', 'PATCH /im/v1/messages/:id/urgent_app', urgent('', ':app_send'), urgentApis.app),
  route('urgent.sms', 'PATCH /im/v1/messages/:id/urgent_sms', urgent(':sms', ':sms_send'), urgentApis.sms),
  route('urgent.phone', 'PATCH /im/v1/messages/:id/urgent_phone', urgent(':phone', ':phone_send'), urgentApis.phone),
  route('chat.create', 'POST /im/v1/chats', ['im:chat', 'im:chat:create'], chatApis.create),
  route('chat.get', 'GET /im/v1/chats/:id', ['im:chat', 'im:chat:read', 'im:chat:readonly'], chatApis.get),
  route(
    'chat.members',
    'GET /im/v1/chats/:id/members',
    ['im:chat', 'im:chat:readonly', 'im:chat.members:read', 'im:chat.group_info:readonly'],
    chatApis.members,
  ),
  route(
    'chat.addMembers',
    'POST /im/v1/chats/:id/members',
    ['im:chat', 'im:chat.members:write_only'],
    chatApis.addMembers,
  ),
  route('user.batch', 'GET /contact/v3/users/batch', contact, contactApis.batch),
  route('user.batchGetId', 'POST /contact/v3/users/batch_get_id', ['contact:user.id:readonly'], contactApis.batchGetId),
  route('user.get', 'GET /contact/v3/users/:id', contact, contactApis.get),
  route('card.update', 'POST /interactive/v1/card/update', [], appApis.updateCard),
];
