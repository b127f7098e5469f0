import { Conflict } from '../desk/ports.ts';
import type { Identity, OutboxDraft, SentCard, SentMessage, StoredMessage, Tx } from '../desk/ports.ts';
import type { DutyOverride } from '../domain/duty.ts';
import type { ChatBinding } from '../domain/policy.ts';
import type { MessageKey, Ticket } from '../domain/ticket.ts';
import type { Timer } from '../domain/timers.ts';
import { at, eventValues, TICKET_COLUMNS, ticketValues } from './convert.ts';
import type { Source } from './database.ts';
import type { Connection } from './driver.ts';
import { Prisma } from './generated/client.ts';
import { finishInbox } from './inbox.ts';
import { enqueue } from './outbox.ts';
import { SourceReads } from './reads.ts';
import { finishTimer, replaceTimers } from './timers.ts';

const INSERT_TICKET = `INSERT INTO tickets (${TICKET_COLUMNS.join(', ')})
  VALUES (${TICKET_COLUMNS.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`;
const UPDATE_TICKET = `UPDATE tickets SET ${TICKET_COLUMNS.slice(0, -1)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE number = ? AND seq = ?`;
const INSERT_EVENT = `INSERT INTO events (ticket, seq, type, at, actor_id, actor_name, body) VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** What must be told to the loops after the commit: the earliest instant for each; null: nothing. */
export interface Wakes {
  inbox: boolean;
  timers: number | null;
  outbox: number | null;
}

/** One open transaction of the write queue. */
export class StorageTx extends SourceReads implements Tx {
  readonly wakes: Wakes = { inbox: false, timers: null, outbox: null };
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #underWay = new Set<Promise<unknown>>();
  #ended = false;

  constructor(source: Source, connection: Connection, now: () => number) {
    super(source);
    this.#connection = connection;
    this.#now = now;
  }

  /** Called before the commit or the rollback: a statement that nobody awaited must not become part of the next transaction. */
  async end(): Promise<void> {
    this.#ended = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  nextNumber(): Promise<number> {
    return this.#do((connection) => {
      const [row] = connection.all(
        `INSERT INTO counters (name, value) VALUES ('ticket', 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`,
      );
      return row?.[0] as number;
    });
  }

  count(name: string): Promise<void> {
    return this.#do((connection) => {
      connection.run(
        'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1',
        [name],
      );
    });
  }

  saveTicket({ ticket, expectedSeq, events, timers }: Parameters<Tx['saveTicket']>[0]): Promise<void> {
    return this.#do((connection) => {
      if (this.#saveRow(connection, ticket, expectedSeq, events.length > 0) === 0) throw new Conflict(ticket.number);
      for (const event of events) connection.run(INSERT_EVENT, eventValues(ticket.number, event));
      // A thread joins with an event that says so: looking at every thread of every change costs as much as the change.
      if (expectedSeq === 0 || events.some(({ type }) => type === 'linked')) this.#linkThreads(connection, ticket);
      const earliest = replaceTimers(connection, ticket.number, timers);
      if (earliest !== null) this.wakes.timers = Math.min(this.wakes.timers ?? earliest, earliest);
    });
  }

  enqueue(rows: readonly OutboxDraft[]): Promise<void> {
    return this.#do((connection) => {
      for (const row of rows) {
        if (enqueue(connection, row, this.#now())) {
          this.wakes.outbox = Math.min(this.wakes.outbox ?? row.dueAt, row.dueAt);
        }
      }
    });
  }

  saveMessage(message: StoredMessage): Promise<void> {
    return this.#do((connection) => {
      connection.run(
        `INSERT INTO messages (platform, chat, message, thread, author, author_name, user, at, text, attachments, deleted)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (platform, chat, message) DO UPDATE SET thread = excluded.thread, author = excluded.author,
           author_name = excluded.author_name, user = excluded.user, at = excluded.at, text = excluded.text,
           attachments = excluded.attachments, deleted = excluded.deleted`,
        [
          message.platform,
          message.chat,
          message.message,
          message.thread,
          message.author,
          message.authorName,
          message.user,
          at(message.at),
          message.text,
          JSON.stringify(message.attachments),
          message.deleted,
        ],
      );
    });
  }

  editMessage({ platform, chat, message }: MessageKey, text: string): Promise<void> {
    return this.#cold((prisma) => prisma.message.updateMany({ where: { platform, chat, message }, data: { text } }));
  }

  deleteMessage({ platform, chat, message }: MessageKey): Promise<void> {
    return this.#cold((prisma) =>
      prisma.message.updateMany({ where: { platform, chat, message }, data: { deleted: true } }),
    );
  }

  saveCard({ platform, chat, thread, ...rest }: SentCard): Promise<void> {
    const data = { ...rest, editedAt: at(rest.editedAt) };
    return this.#cold((prisma) =>
      prisma.card.upsert({
        where: { platform_chat_thread: { platform, chat, thread } },
        create: { platform, chat, thread, ...data },
        update: data,
      }),
    );
  }

  saveSent({ marker, ...rest }: SentMessage): Promise<void> {
    const data = { ...rest, copyOf: rest.copyOf === null ? Prisma.DbNull : { ...rest.copyOf }, at: at(rest.at) };
    return this.#cold((prisma) =>
      prisma.sentMessage.upsert({ where: { marker }, create: { marker, ...data }, update: data }),
    );
  }

  saidWith(keys: readonly string[], when: number): Promise<void> {
    return this.#cold((prisma) =>
      prisma.outboxRow.updateMany({
        where: { key: { in: [...keys] }, state: 'waiting' },
        data: { state: 'sent', endedAt: at(when) },
      }),
    );
  }

  saveIdentity({ platform, user, ...rest }: Identity): Promise<void> {
    const data = { ...rest, at: at(rest.at) };
    return this.#cold((prisma) =>
      prisma.identity.upsert({
        where: { platform_user: { platform, user } },
        create: { platform, user, ...data },
        update: data,
      }),
    );
  }

  saveBinding(binding: ChatBinding & { readonly by: string; readonly at: number }): Promise<void> {
    const { platform, id: chat, role, project, team, capture, by } = binding;
    const data = { role, project, team, capture, by, at: at(binding.at) };
    return this.#cold((prisma) =>
      prisma.chatBinding.upsert({
        where: { platform_chat: { platform, chat } },
        create: { platform, chat, ...data },
        update: data,
      }),
    );
  }

  removeBinding(platform: string, chat: string): Promise<boolean> {
    return this.#do(
      async () => (await this.source.prisma.chatBinding.deleteMany({ where: { platform, chat } })).count > 0,
    );
  }

  saveOverride({ team, person, from, until, by, away = false }: DutyOverride & { readonly by: string }): Promise<void> {
    return this.#cold((prisma) =>
      prisma.dutyOverride.create({ data: { team, person, from: at(from), until: at(until), by, away } }),
    );
  }

  setKeyValue(key: string, value: string | null): Promise<void> {
    return this.#do((connection) => {
      if (value === null) connection.run('DELETE FROM key_values WHERE key = ?', [key]);
      else
        connection.run(
          'INSERT INTO key_values (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
          [key, value],
        );
    });
  }

  remember(key: string, value: string): ReturnType<Tx['remember']> {
    return this.#do((connection) => {
      const first = connection.run(
        'INSERT INTO remembered_keys (key, value, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        [key, value, at(this.#now())],
      );
      if (first === 1) return { first: true };
      const [row] = connection.all('SELECT value FROM remembered_keys WHERE key = ?', [key]);
      return { first: false, value: row?.[0] as string };
    });
  }

  finishInbox(id: string): Promise<boolean> {
    return this.#do((connection) => {
      const finished = finishInbox(connection, id, { state: 'done', now: this.#now() });
      this.wakes.inbox ||= finished;
      return finished;
    });
  }

  finishTimer(ticket: number, timer: Timer): Promise<boolean> {
    return this.#do((connection) => finishTimer(connection, ticket, timer));
  }

  /** The row is the fold of the events: without a new one only the lock is looked at. Returns how many rows there were. */
  #saveRow(connection: Connection, ticket: Ticket, expectedSeq: number, isChanged: boolean): number {
    if (expectedSeq === 0) return connection.run(INSERT_TICKET, ticketValues(ticket));
    if (isChanged) return connection.run(UPDATE_TICKET, [...ticketValues(ticket), expectedSeq]);
    return connection.all('SELECT 1 FROM tickets WHERE number = ? AND seq = ?', [ticket.number, expectedSeq]).length;
  }

  /** A thread belongs to one ticket for ever; that another one has it means that somebody captured it first. */
  #linkThreads(connection: Connection, ticket: Parameters<Tx['saveTicket']>[0]['ticket']): void {
    for (const { platform, chat, thread, role, team } of ticket.threads) {
      const added = connection.run(
        'INSERT INTO thread_links (platform, chat, thread, ticket, role, team) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        [platform, chat, thread, ticket.number, role, team],
      );
      if (added === 1) continue;
      const [row] = connection.all('SELECT ticket FROM thread_links WHERE platform = ? AND chat = ? AND thread = ?', [
        platform,
        chat,
        thread,
      ]);
      if (row?.[0] !== ticket.number) throw new Conflict(ticket.number);
    }
  }

  async #cold(work: (prisma: Source['prisma']) => Promise<unknown>): Promise<void> {
    // Prisma's promises are lazy and none of the language's: only an async function begins one here and now.
    await this.#do(async () => {
      await work(this.source.prisma);
    });
  }

  async #do<T>(work: (connection: Connection) => Promise<T> | T): Promise<T> {
    if (this.#ended) throw new Error('the transaction has ended');
    const outcome = work(this.#connection);
    if (!(outcome instanceof Promise)) return outcome;
    this.#underWay.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#underWay.delete(outcome);
    }
  }
}
