import type { ChatBinding, Policy } from '../domain/policy.ts';

interface BindingConflict {
  readonly binding: ChatBinding;
  readonly message: string;
}

/**
 * The policy with the chats that were bound at run time (`/itr bind`). The file is authoritative: a chat that is bound in
 * both stays as the file has it, and is reported, naming both. Pure; the owner of the stored bindings calls it again on
 * every change of either side.
 */
export const withBindings = (
  policy: Policy,
  bindings: readonly ChatBinding[],
): { policy: Policy; conflicts: BindingConflict[] } => {
  const inFile = new Map(policy.chats.map((chat) => [keyOf(chat), chat]));
  const conflicts: BindingConflict[] = [];
  const added: ChatBinding[] = [];
  for (const binding of bindings) {
    const other = inFile.get(keyOf(binding));
    if (other === undefined) added.push(Object.freeze({ ...binding, source: 'chat' }));
    else conflicts.push({ binding, message: conflict(binding, other) });
  }
  return { policy: Object.freeze({ ...policy, chats: Object.freeze([...policy.chats, ...added]) }), conflicts };
};

const keyOf = (chat: ChatBinding): string => `${chat.platform}:${chat.id}`;

const conflict = (stored: ChatBinding, file: ChatBinding): string =>
  `the ${stored.platform} chat "${stored.id}" is bound twice: in the configuration file (${show(file)}), which counts, ` +
  `and in the database (${show(stored)}); unbind it in chat, or delete it from chats in the file`;

const show = (chat: ChatBinding): string =>
  [
    chat.role,
    ...(chat.project === null ? [] : [`project ${chat.project}`]),
    ...(chat.team === null ? [] : [`team ${chat.team}`]),
  ].join(', ');
