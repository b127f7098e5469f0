import type { Buzz } from '../types.ts';
import type { Run } from './context.ts';
import { missing, refused } from './errors.ts';

const maxUnread = 200;

/** Buzzes the people named, as far as they are in the chat; the others come back, with HTTP 200. */
const urgent =
  (way: Buzz['way']): Run =>
  (call) => {
    const { world } = call;
    const message = call.message();
    if (!call.query.has('user_id_type')) throw missing('user_id_type');
    const type = call.idType();
    const ids = call.texts('user_id_list', 200, 230001);
    if (ids.length === 0) throw missing('user_id_list');
    if (!call.owns(message)) throw refused(230012);
    if (message.recalled) throw refused(230110);
    const chat = world.chat(message.chat);
    if (chat.external) throw refused(230027);
    if (!chat.urgent) throw refused(230052);
    const people = ids.map((id) => ({ id, person: call.person(type, id) }));
    const there = people.flatMap(({ person }) => (person && chat.members.has(person.key) ? [person] : []));
    const unread = (key: string): number => world.buzzes.filter(({ person, read }) => person === key && !read).length;
    if (there.some(({ key }) => unread(key) >= maxUnread)) throw refused(230023);
    if (world.quota[way] < there.length) throw refused(230024);
    world.quota[way] -= there.length;
    for (const { key } of there)
      world.buzzes.push({ message: message.id, person: key, way, at: world.now(), read: false });
    world.changed();
    const invalid = people.filter(({ person }) => !person || !chat.members.has(person.key)).map(({ id }) => id);
    return { data: { invalid_user_id_list: invalid } };
  };

export const urgentApis = { app: urgent('app'), sms: urgent('sms'), phone: urgent('phone') };
