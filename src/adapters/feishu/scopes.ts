/** What the app has to be allowed, and what for. The set-up page and `itr doctor` name them. */
export const SCOPES: Readonly<Record<string, string>> = {
  'im:message:send_as_bot': 'to send messages and cards',
  'im:message:update': 'to change its cards',
  'im:message:readonly': 'to read the thread that becomes a ticket',
  'im:message.p2p_msg:readonly': 'to receive direct messages',
  'im:message.group_at_msg:readonly': 'to receive messages that mention it',
  'im:message.group_msg': 'to receive the answers of people in a thread, which mention nobody, and to catch up after a break',
  'im:message.reactions:read': 'to receive reactions: claim, done, …',
  'im:message.urgent': 'to ring people when it escalates',
  'im:chat:readonly': 'to know the names of chats',
  'im:chat.members:bot_access': 'to know that it was added to a chat, or removed',
  'im:chat:create': 'to open a war room',
  'im:chat.members:write_only': 'to let people into a war room',
  'contact:contact.base:readonly': 'to read who somebody is',
  'contact:user.base:readonly': 'to read their names',
  'contact:user.email:readonly': 'to recognize people of the configuration by e-mail',
  'contact:user.id:readonly': 'to find people of the configuration by e-mail',
};
