import type { ChatServer } from './chat-server.ts';
import type { PlaygroundChat, PlaygroundPerson } from './model.ts';

const person = (
  id: string,
  zh: string,
  en: string,
  roles: readonly [string, string],
  aliases: readonly string[] = [],
): PlaygroundPerson => ({
  id,
  name: zh,
  aliases: [en, ...aliases],
  shown: { 'zh-CN': { name: zh, role: roles[0] }, en: { name: en, role: roles[1] } },
  language: 'zh-CN',
  timezone: 'Asia/Shanghai',
});

/** The people of the example configuration, under the ids that stand there, and two requesters whom the directory does not know. */
export const PLAYGROUND_PEOPLE: readonly PlaygroundPerson[] = [
  person('lin', '林', 'Lin', ['项目组', 'project team']),
  // She writes English, and so the bot knows her by that name.
  { ...person('zhou', '周', 'Zhou', ['项目组', 'project team'], ['周']), name: 'Zhou', language: 'en' },
  person('wei', '魏伟', 'Wei', ['数据库一线', 'Database L1'], ['小魏']),
  person('li', '李丽', 'Li', ['数据库一线', 'Database L1']),
  person('mei', '梅', 'Mei', ['一线组长', 'L1 lead']),
  person('zhao', '赵', 'Zhao', ['数据库二线', 'Database L2']),
  person('sun', '孙', 'Sun', ['二线与研发', 'L2 and R&D']),
  person('chen', '陈', 'Chen', ['项目经理', 'manager']),
  person('admin', '管理员', 'Admin', ['管理', 'administration']),
];

export const PLAYGROUND_CHATS: readonly PlaygroundChat[] = [
  {
    id: 'proj-acme',
    name: 'proj-acme',
    about: { 'zh-CN': '阿克美核心系统的项目群', en: 'The project chat of Acme core' },
  },
  { id: 'duty-db', name: 'duty-db', about: { 'zh-CN': '数据库一线值班群', en: 'Database L1 on duty' } },
  { id: 'duty-db2', name: 'duty-db2', about: { 'zh-CN': '数据库二线值班群', en: 'Database L2 on duty' } },
  { id: 'escalation', name: 'escalation', about: { 'zh-CN': '超时与升级通报群', en: 'Where breaches are told' } },
];

const MINUTE = 60_000;

/**
 * What is there at the first start: two threads that began before the bot was asked, so capturing one takes the same way as on a real platform
 * (`threadOf`, `history`). No events are delivered for them.
 */
export const seed = (server: ChatServer, now: number): void => {
  const chat = server.chats[0]?.id;
  if (chat === undefined) return;
  const say = (id: string, minutesAgo: number, text: string, thread: string | null): string =>
    server.post({
      author: { kind: 'person', id },
      chat,
      thread,
      at: now - minutesAgo * MINUTE,
      content: { text: [text], card: null, actions: [], language: server.person(id)?.language ?? 'zh-CN' },
    }).thread;

  const pool = say('zhou', 9, 'Connection pool exhausted after the 3.2.1 upgrade (staging)', null);
  say('zhou', 8, 'It began right after the upgrade; the pooler log says "no more connections allowed".', pool);
  const orders = say('lin', 4, '生产环境数据库时断时续,下单很慢', null);
  say('lin', 3, '版本好像是3.2.1', orders);
  say('zhou', 2, '我这边刷新几次才能打开订单页', orders);
};
