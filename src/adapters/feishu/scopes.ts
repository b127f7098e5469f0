import type { Paid } from './urgent.ts';

/** What the app has to be allowed, and what for. The set-up page, `manifests/feishu-scopes.json` and `itr doctor` name them. */
export const SCOPES: Readonly<Record<string, string>> = {
  'im:message:send_as_bot': 'to send messages and cards',
  'im:message:update': 'to change its cards',
  'im:message:readonly': 'to read the thread that becomes a ticket, and to hear of recalled messages',
  'im:message.p2p_msg:readonly': 'to receive direct messages',
  'im:message.group_at_msg:readonly': 'to receive messages that mention it',
  'im:message.group_msg':
    'to receive the answers of people in a thread, which mention nobody, and to catch up after a break',
  'im:message.reactions:read': 'to receive reactions: claim, done, …',
  'im:message.urgent': 'to ring people when it escalates',
  'im:chat:readonly': 'to know the names of chats, and that one was disbanded',
  'im:chat.members:bot_access': 'to know that it was added to a chat, or removed',
  'im:chat:create': 'to open a war room',
  'im:chat.members:write_only': 'to let people into a war room',
  'contact:contact.base:readonly': 'to read who somebody is, and to hear that it changed',
  'contact:user.base:readonly': 'to read their names',
  'contact:user.id:readonly': 'to find people of the configuration by e-mail or mobile',
  'contact:user.email:readonly': 'to recognize people of the configuration by e-mail when they write',
};

/** Besides, where FEISHU_URGENT allows this way of ringing. */
export const PAID_SCOPES: Readonly<Record<Paid['kind'], string>> = {
  sms: 'im:message.urgent:sms',
  phone: 'im:message.urgent:phone',
};
