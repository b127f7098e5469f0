/** How a column's values look in an export. An instant is ISO 8601 in UTC, a flag true or false, JSON is itself. */
export type Kind = 'int' | 'text' | 'instant' | 'flag' | 'json';

export interface Table {
  readonly name: string;
  /** Its primary key: the order in which it is read. */
  readonly key: readonly string[];
  /** `?`: may be null. */
  readonly columns: Readonly<Record<string, Kind | `${Kind}?`>>;
  /** The column that the database numbers by itself: the last number it gave stands in the first line. */
  readonly numbered?: string;
  /** A condition, where some rows are no data: only those that meet it are exported. */
  readonly only?: string;
}

/**
 * Every table of prisma/schema.prisma, in its order: what `itr export` writes and `itr import` reads. A test compares it with the schema, so that a
 * model or a column that is added there cannot be forgotten here.
 */
export const TABLES: readonly Table[] = [
  {
    name: 'tickets',
    key: ['number'],
    columns: {
      number: 'int',
      seq: 'int',
      status: 'text',
      severity: 'text',
      kind: 'text',
      priority: 'text',
      title: 'text',
      team: 'text?',
      tier: 'text?',
      assignee: 'text?',
      requester: 'text',
      project: 'text?',
      customer: 'text?',
      product: 'text?',
      opened_at: 'instant',
      updated_at: 'instant',
      state: 'json',
    },
    numbered: 'number',
  },
  {
    name: 'events',
    key: ['ticket', 'seq'],
    columns: {
      ticket: 'int',
      seq: 'int',
      type: 'text',
      at: 'instant',
      actor_id: 'text',
      actor_name: 'text',
      body: 'json',
    },
  },
  {
    name: 'timers',
    key: ['ticket', 'clock'],
    columns: {
      ticket: 'int',
      clock: 'text',
      point: 'text',
      occurrence: 'int',
      due_at: 'instant',
      try_at: 'instant',
    },
  },
  {
    name: 'thread_links',
    key: ['platform', 'chat', 'thread'],
    columns: { platform: 'text', chat: 'text', thread: 'text', ticket: 'int', role: 'text', team: 'text?' },
  },
  {
    name: 'inbox',
    key: ['position'],
    columns: {
      position: 'int',
      id: 'text',
      lane: 'text',
      platform: 'text',
      payload: 'text',
      received_at: 'instant',
      state: 'text',
      head_at: 'instant?',
      attempts: 'int',
      error: 'text?',
      ended_at: 'instant?',
    },
    numbered: 'position',
  },
  {
    name: 'outbox',
    key: ['id'],
    columns: {
      id: 'int',
      key: 'text',
      lane: 'text',
      ticket: 'int?',
      kind: 'text',
      delivery: 'json',
      state: 'text',
      due_at: 'instant',
      lease_until: 'instant?',
      attempts: 'int',
      unknown: 'flag',
      version: 'int',
      error: 'text?',
      created_at: 'instant',
      ended_at: 'instant?',
    },
    numbered: 'id',
  },
  {
    name: 'messages',
    key: ['platform', 'chat', 'message'],
    columns: {
      platform: 'text',
      chat: 'text',
      message: 'text',
      thread: 'text',
      author: 'text',
      author_name: 'text',
      user: 'text',
      at: 'instant',
      text: 'text',
      attachments: 'json',
      deleted: 'flag',
    },
  },
  {
    name: 'cards',
    key: ['platform', 'chat', 'thread'],
    columns: {
      platform: 'text',
      chat: 'text',
      thread: 'text',
      ticket: 'int',
      role: 'text',
      message: 'text',
      shows: 'text',
      edited_at: 'instant',
    },
  },
  {
    name: 'sent_messages',
    key: ['marker'],
    columns: {
      marker: 'text',
      ticket: 'int?',
      kind: 'text',
      platform: 'text',
      chat: 'text',
      thread: 'text',
      message: 'text',
      copy_of: 'json?',
      at: 'instant',
    },
  },
  {
    name: 'identities',
    key: ['platform', 'user'],
    columns: {
      platform: 'text',
      user: 'text',
      name: 'text',
      email: 'text?',
      mobile: 'text?',
      language: 'text?',
      timezone: 'text?',
      is_bot: 'flag',
      at: 'instant',
    },
  },
  {
    name: 'person_links',
    key: ['platform', 'user'],
    columns: {
      platform: 'text',
      user: 'text',
      person: 'text',
      by: 'text',
      state: 'text',
      asked_at: 'instant',
      answered_at: 'instant?',
    },
  },
  {
    name: 'chat_bindings',
    key: ['platform', 'chat'],
    columns: {
      platform: 'text',
      chat: 'text',
      role: 'text',
      project: 'text?',
      team: 'text?',
      capture: 'text',
      by: 'text',
      at: 'instant',
    },
  },
  {
    name: 'duty_overrides',
    key: ['id'],
    columns: { id: 'int', team: 'text', person: 'text', from: 'instant', until: 'instant', by: 'text', away: 'flag' },
    numbered: 'id',
  },
  { name: 'key_values', key: ['key'], columns: { key: 'text', value: 'text' } },
  { name: 'remembered_keys', key: ['key'], columns: { key: 'text', value: 'text', at: 'instant' } },
  {
    name: 'counters',
    key: ['name'],
    columns: { name: 'text', value: 'int' },
    // With SQLite this one is the last number of a ticket; PostgreSQL has a sequence for it.
    only: `name <> 'ticket'`,
  },
];

/** FROM … WHERE …: its rows that are data. */
export const dataOf = ({ name, only }: Table): string => `FROM ${quoted(name)} WHERE ${only ?? 'TRUE'}`;

/** Column names such as `from` and `user` are words of SQL. */
export const quoted = (name: string): string => `"${name}"`;
