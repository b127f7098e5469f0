import { StorageBusy, StorageUnusable } from '../errors.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Two transactions waited for each other, or met otherwise: nothing was done, and to run it again is right. */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

const UNREACHABLE =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0[123]|08\w\w\w|53300)$/;

/** The engine has no such statement, setting or function. */
export const isUnknownToEngine = (error: unknown): boolean =>
  ['0A000', '42601', '42704', '42883'].includes(codeOf(error));

/** The server is away, starting, stopping, or full. */
export const isAway = (error: unknown): boolean =>
  UNREACHABLE.test(codeOf(error)) ||
  (error instanceof Error &&
    /terminated|Connection ended|timeout exceeded when trying to connect|Query read timeout|not queryable/i.test(
      error.message,
    ));

/** As the loops and the door know it: trying later is right. */
export const duringWork = (error: unknown): unknown =>
  isAway(error) ? new StorageBusy('the database cannot be reached', { cause: error }) : error;

/** At the start: one sentence that says what to do, without the password. */
export function atStart(error: unknown, url: string): unknown {
  const where = placeOf(url);
  const sentence = sentenceOf(codeOf(error), where) ?? (isAway(error) ? unreachable(where) : null);
  return sentence === null ? error : new StorageUnusable(sentence, { cause: error });
}

const unreachable = ({ host }: Where): string =>
  `no PostgreSQL answers at ${host}; start it, or set DATABASE_URL to where it is`;

function sentenceOf(code: string, where: Where): string | null {
  switch (code) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${where.host} refuses the user ${where.user}; set DATABASE_URL to a user and password that may connect`;
    case '3D000':
      return `PostgreSQL at ${where.host} has no database ${where.database}; make it with: createdb ${where.database}`;
    case '42501':
      return `the user ${where.user} may not create tables in ${where.database}; grant it: GRANT CREATE ON SCHEMA public TO "${where.user}"`;
    // Only migrations make anything. `pg_restore --clean` leaves what the dump did not know yet, too.
    case '42P07':
    case '42701':
    case '42710':
      return `the database ${where.database} has tables of another program, or of a newer itr-bot, where ours have to be; set DATABASE_URL to an empty database, and put a dump back into that`;
    case '25006':
      return `PostgreSQL at ${where.host} takes no writes (a standby?); set DATABASE_URL to the primary`;
    default:
      return null;
  }
}

interface Where {
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

function placeOf(url: string): Where {
  const { host, username, pathname } = new URL(url);
  return { host, user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)) };
}
