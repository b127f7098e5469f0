import { Conflict } from '../desk/ports.ts';
import type {
  DueTimer,
  Identity,
  OutboxDraft,
  SentCard,
  SentMessage,
  StoredMessage,
  TimerClaim,
  Tx,
} from '../desk/ports.ts';
import type { DutyOverride } from '../domain/duty.ts';
import type { ChatBinding } from '../domain/policy.ts';
import type { MessageKey, Ticket } from '../domain/ticket.ts';
import { at, CARD_COLUMNS, IDENTITY_COLUMNS, json, MESSAGE_COLUMNS, SENT_COLUMNS, ticketOf } from './convert.ts';
import { finishInbox } from './inbox.ts';
import { SourceReads } from './reads.ts';
import type { Database, Sql, Value } from './sql.ts';
import { earlier } from './writes.ts';
import type { Save, Writes } from './writes.ts';

/** What must be told to the loops after the commit: the earliest instant for each; null: nothing. */
export interface Wakes {
  inbox: boolean;
  timers: number | null;
  outbox: number | null;
  /** Bindings, overrides or who people are, which every process keeps in memory. */
  world: boolean;
  readonly tickets: Set<number>;
}

export const noWakes = (): Wakes => ({ inbox: false, timers: null, outbox: null, world: false, tickets: new Set() });

/**
 * One open transaction of the write queue. Tickets and rows of the outbox are written late, many of them with one statement: before anything else is asked
 * or written, and before the commit.
 */
export class StorageTx extends SourceReads implements Tx {
  readonly wakes: Wakes = noWakes();
  readonly #now: () => number;
  readonly #writes: Writes;
  /** Tickets that came with another answer, locked, and not changed since. */
  readonly #held = new Map<number, Ticket>();
  readonly #underWay = new Set<Promise<unknown>>();
  #saves: Save[] = [];
  #drafts: OutboxDraft[] = [];
  #flushed: Promise<void> = Promise.resolve();
  readonly #late: Sql;
  #ended = false;

  constructor(sql: Sql, { dialect, writes }: Pick<Database, 'dialect' | 'writes'>, now: () => number) {
    const flushed = (): Promise<void> => this.flush();
    super(
      {
        all: async (statement, values) => flushed().then(() => sql.all(statement, values)),
        run: async (statement, values) => flushed().then(() => sql.run(statement, values)),
      },
      dialect,
    );
    this.#late = sql;
    this.#writes = writes;
    this.#now = now;
  }

  /** Writes what was put off. */
  flush(): Promise<void> {
    const [saves, drafts] = [this.#saves, this.#drafts];
    if (saves.length === 0 && drafts.length === 0) return this.#flushed;
    [this.#saves, this.#drafts] = [[], []];
    return (this.#flushed = this.#under(this.#flushed.then(() => this.#write(saves, drafts))));
  }

  async #write(saves: readonly Save[], drafts: readonly OutboxDraft[]): Promise<void> {
    if (saves.length > 0) {
      const { refused, earliest } = await this.#writes.saveTickets(this.#late, saves);
      if (refused !== null) throw new Conflict(refused);
      for (const { ticket } of saves) this.wakes.tickets.add(ticket.number);
      this.wakes.timers = earlier(this.wakes.timers, earliest);
    }
    if (drafts.length > 0)
      this.wakes.outbox = earlier(this.wakes.outbox, await this.#writes.enqueue(this.#late, drafts, this.#now()));
  }

  /** Called before the commit or the rollback: a statement that nobody awaited must not become part of the next transaction. */
  async end(): Promise<void> {
    this.#ended = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Read to be changed: whoever comes second sees what the first one did. */
  override async ticket(number: number): Promise<Ticket | null> {
    const held = this.#held.get(number);
    if (held !== undefined) return held;
    const [row] = await this.sql.all(`SELECT state FROM tickets WHERE number = ?${this.dialect.forUpdate}`, [number]);
    return row === undefined ? null : ticketOf(row[0]);
  }

  nextNumber(): Promise<number> {
    return this.#do((sql) => this.#writes.nextNumber(sql));
  }

  takeTurns(): Promise<boolean> {
    const { lockTurns } = this.dialect;
    if (lockTurns === null) return Promise.resolve(false);
    return this.#do(async (sql) => {
      await sql.all(lockTurns);
      return true;
    });
  }

  count(name: string): Promise<void> {
    return this.#do(async (sql) => {
      await sql.run(
        'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1',
        [name],
      );
    });
  }

  async saveTicket(save: Parameters<Tx['saveTicket']>[0]): Promise<void> {
    this.#refuseWhenEnded();
    const { ticket, expectedSeq, events } = save;
    this.#held.delete(ticket.number);
    // A thread joins with an event that says so: looking at every thread of every change costs as much as the change.
    const threads = expectedSeq === 0 || events.some(({ type }) => type === 'linked') ? ticket.threads : [];
    if (this.#saves.some((other) => other.ticket.number === ticket.number)) await this.flush();
    this.#saves.push({ ...save, threads });
  }

  async enqueue(rows: readonly OutboxDraft[]): Promise<void> {
    this.#refuseWhenEnded();
    this.#drafts.push(...rows);
  }

  saveMessage(message: StoredMessage): Promise<void> {
    return this.#upsert('messages', MESSAGE_COLUMNS, 'platform, chat, message', [
      message.platform,
      message.chat,
      message.thread,
      message.message,
      message.author,
      message.authorName,
      message.user,
      at(message.at),
      message.text,
      json(message.attachments),
      message.deleted,
    ]);
  }

  editMessage({ platform, chat, message }: MessageKey, text: string): Promise<void> {
    return this.#run('UPDATE messages SET text = ? WHERE platform = ? AND chat = ? AND message = ?', [
      text,
      platform,
      chat,
      message,
    ]);
  }

  deleteMessage({ platform, chat, message }: MessageKey): Promise<void> {
    return this.#run('UPDATE messages SET deleted = TRUE WHERE platform = ? AND chat = ? AND message = ?', [
      platform,
      chat,
      message,
    ]);
  }

  saveCard({ platform, chat, thread, ticket, role, message, shows, editedAt }: SentCard): Promise<void> {
    return this.#upsert('cards', CARD_COLUMNS, 'platform, chat, thread', [
      platform,
      chat,
      thread,
      ticket,
      role,
      message,
      shows,
      at(editedAt),
    ]);
  }

  saveSent(sent: SentMessage): Promise<void> {
    return this.#upsert('sent_messages', SENT_COLUMNS, 'marker', [
      sent.marker,
      sent.ticket,
      sent.kind,
      sent.platform,
      sent.chat,
      sent.thread,
      sent.message,
      sent.copyOf === null ? null : json(sent.copyOf),
      at(sent.at),
    ]);
  }

  async saidWith(keys: readonly string[], when: number): Promise<void> {
    if (keys.length === 0) return;
    await this.#run(
      `UPDATE outbox SET state = 'sent', ended_at = ? WHERE state = 'waiting' AND key IN (${keys.map(() => '?').join(', ')})`,
      [at(when), ...keys],
    );
  }

  saveIdentity(identity: Identity): Promise<void> {
    const { platform, user, name, email, mobile, language, timezone, isBot } = identity;
    const values = [platform, user, name, email, mobile, language, timezone, isBot, at(identity.at)];
    return this.#upsert('identities', IDENTITY_COLUMNS, 'platform, "user"', values);
  }

  askPerson({ platform, user, person, by, askedAt }: Parameters<Tx['askPerson']>[0]): Promise<boolean> {
    // What was confirmed before may have had an effect elsewhere.
    this.wakes.world = true;
    return this.#do(async (sql) => {
      const asked = await sql.run(
        `INSERT INTO person_links (platform, "user", person, by, state, asked_at) VALUES (?, ?, ?, ?, 'asked', ?)
         ON CONFLICT (platform, "user") DO UPDATE
         SET person = excluded.person, by = excluded.by, state = 'asked', asked_at = excluded.asked_at, answered_at = NULL
         WHERE person_links.person <> excluded.person`,
        [platform, user, person, by, at(askedAt)],
      );
      return asked > 0;
    });
  }

  answerPerson({ platform, user, person, state, at: when }: Parameters<Tx['answerPerson']>[0]): Promise<boolean> {
    this.wakes.world = true;
    return this.#do(async (sql) => {
      const answered = await sql.run(
        `UPDATE person_links SET state = ?, answered_at = ? WHERE platform = ? AND "user" = ? AND person = ? AND state = 'asked'`,
        [state, at(when), platform, user, person],
      );
      return answered > 0;
    });
  }

  unlinkPerson(platform: string, user: string, how: Parameters<Tx['unlinkPerson']>[2]): Promise<boolean> {
    this.wakes.world = true;
    const [change, values] = how.askAgain
      ? ['DELETE FROM person_links', []]
      : [`UPDATE person_links SET state = 'refused', answered_at = ?`, [at(how.at)]];
    return this.#do(
      async (sql) => (await sql.run(`${change} WHERE platform = ? AND "user" = ?`, [...values, platform, user])) > 0,
    );
  }

  saveBinding(binding: ChatBinding & { readonly by: string; readonly at: number }): Promise<void> {
    const { platform, id: chat, role, project, team, capture, by } = binding;
    const columns = 'platform, chat, role, project, team, capture, by, at';
    const values = [platform, chat, role, project, team, capture, by, at(binding.at)];
    this.wakes.world = true;
    return this.#upsert('chat_bindings', columns, 'platform, chat', values);
  }

  removeBinding(platform: string, chat: string): Promise<boolean> {
    this.wakes.world = true;
    return this.#do(
      async (sql) => (await sql.run('DELETE FROM chat_bindings WHERE platform = ? AND chat = ?', [platform, chat])) > 0,
    );
  }

  saveOverride({ team, person, from, until, by, away = false }: DutyOverride & { readonly by: string }): Promise<void> {
    this.wakes.world = true;
    return this.#run('INSERT INTO duty_overrides (team, person, "from", until, by, away) VALUES (?, ?, ?, ?, ?, ?)', [
      team,
      person,
      at(from),
      at(until),
      by,
      away,
    ]);
  }

  setKeyValue(key: string, value: string | null): Promise<void> {
    return value === null
      ? this.#run('DELETE FROM key_values WHERE key = ?', [key])
      : this.#upsert('key_values', 'key, value', 'key', [key, value]);
  }

  remember(key: string, value: string): ReturnType<Tx['remember']> {
    return this.#do(async (sql) => {
      const first = await sql.run(
        'INSERT INTO remembered_keys (key, value, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        [key, value, at(this.#now())],
      );
      if (first === 1) return { first: true };
      const [row] = await sql.all('SELECT value FROM remembered_keys WHERE key = ?', [key]);
      return { first: false, value: row?.[0] as string };
    });
  }

  finishInbox(id: string): Promise<boolean> {
    return this.#do(async (sql) => {
      const finished = await finishInbox(sql, this.dialect, id, { state: 'done', now: this.#now() });
      this.wakes.inbox ||= finished;
      return finished;
    });
  }

  finishTimers(rows: readonly DueTimer[]): Promise<readonly TimerClaim[]> {
    return this.#do(async (sql) => {
      const { claims, tickets } = await this.#writes.finishTimers(sql, rows);
      for (const ticket of tickets) this.#held.set(ticket.number, ticket);
      return claims;
    });
  }

  /** @param key the columns by which a row is known; all others are replaced. */
  #upsert(table: string, columns: string, key: string, values: readonly Value[]): Promise<void> {
    const keys = key.split(', ');
    const replaced = columns
      .split(', ')
      .filter((column) => !keys.includes(column))
      .map((column) => `${column} = excluded.${column}`);
    return this.#run(
      `INSERT INTO ${table} (${columns}) VALUES (${values.map(() => '?').join(', ')})
       ON CONFLICT (${key}) DO UPDATE SET ${replaced.join(', ')}`,
      values,
    );
  }

  #run(statement: string, values: readonly Value[]): Promise<void> {
    return this.#do(async (sql) => {
      await sql.run(statement, values);
    });
  }

  async #do<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    this.#refuseWhenEnded();
    return this.#under(work(this.sql));
  }

  #refuseWhenEnded(): void {
    if (this.#ended) throw new Error('the transaction has ended');
  }

  async #under<T>(outcome: Promise<T>): Promise<T> {
    this.#underWay.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#underWay.delete(outcome);
    }
  }
}
