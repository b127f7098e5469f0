import type { Wake } from '../../desk/ports.ts';
import { StoredInboxQueue } from '../inbox.ts';
import { StoredOutbox } from '../outbox.ts';
import { common } from '../storage.ts';
import type { Storage, StorageOptions } from '../storage.ts';
import { StoredTimers } from '../timers.ts';
import { PostgresDatabase } from './database.ts';
import { PostgresDoor } from './door.ts';
import { HeldLanes } from './lanes.ts';
import { SharedInboxQueue, SharedOutbox, SharedTimers } from './queues.ts';
import { LOCKS, Session } from './session.ts';

/** However much is told, it is looked at this often: an engine without NOTIFY, or a word that was lost, only makes it later. */
const POLL_MS = 5_000;

/** PostgreSQL, for any number of processes. */
export async function openPostgres(options: StorageOptions): Promise<Storage> {
  const { url, now, use = 'tool', failed = () => undefined } = options;
  const database = await PostgresDatabase.open(url, use, failed);
  if (use === 'server') {
    try {
      return await server(database, options);
    } catch (error) {
      await database.close();
      throw error;
    }
  }
  const { wake } = options;
  const outbox = new StoredOutbox(database, (dueAt) => {
    wake('outbox', dueAt);
  });
  return {
    ...common(database, now, wake, () => undefined),
    inbox: new PostgresDoor(database, () => {
      wake('inbox');
    }),
    queues: { inbox: new StoredInboxQueue(database, now), timers: new StoredTimers(database), outbox },
    leads: () => Promise.resolve(false),
    close: () => database.close(),
  };
}

async function server(
  database: PostgresDatabase,
  { url, now, wake, changedElsewhere = () => undefined, failed = () => undefined }: StorageOptions,
): Promise<Storage> {
  const wakeAll = (): void => {
    for (const loop of ['inbox', 'timers', 'outbox'] as const) wake(loop);
  };
  const look = (): void => {
    changedElsewhere('world');
    wakeAll();
  };
  const leading = new Set<string>();
  const session: Session = new Session(url, {
    heard: (word) => {
      hear(word, wake, changedElsewhere);
    },
    lost: () => {
      leading.clear();
      inboxLanes.forget();
      outboxLanes.forget();
    },
    // What was told meanwhile was not heard.
    back: () => {
      look();
    },
    failed,
  });
  const inboxLanes = new HeldLanes(session, LOCKS.inbox);
  const outboxLanes = new HeldLanes(session, LOCKS.outbox);
  await session.open();
  const poll = setInterval(look, POLL_MS).unref();

  /** Here and elsewhere. */
  const wakeEverybody: Wake = (loop, dueAt) => {
    wake(loop, dueAt);
    session.tell(dueAt === undefined ? loop : `${loop}@${dueAt}`);
  };
  return {
    ...common(database, now, wakeEverybody, (word) => {
      session.tell(word);
    }),
    inbox: new PostgresDoor(database, () => {
      wakeEverybody('inbox');
    }),
    queues: {
      inbox: new SharedInboxQueue(database, now, inboxLanes),
      timers: new SharedTimers(database),
      outbox: new SharedOutbox(
        database,
        (dueAt) => {
          wakeEverybody('outbox', dueAt);
        },
        now,
        outboxLanes,
      ),
    },
    async leads(name) {
      if (!leading.has(name)) for (const got of await session.tryLock(LOCKS.leader, [name])) leading.add(got);
      return leading.has(name);
    },
    async close() {
      clearInterval(poll);
      await database.close();
      await session.close();
    },
  };
}

/** A word that another process told: see {@link Session.tell}. */
function hear(word: string, wake: Wake, changedElsewhere: (what: 'world' | number) => void): void {
  const [what = '', number] = word.split('@');
  if (what === 'inbox' || what === 'timers' || what === 'outbox')
    wake(what, number === undefined ? undefined : Number(number));
  else if (what === 'world') changedElsewhere('world');
  else if (what === 'ticket') changedElsewhere(Number(number));
}
