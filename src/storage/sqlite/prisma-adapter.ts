import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  ArgType,
  ColumnType,
  MappedError,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  SqlResultSet,
  Transaction,
} from '@prisma/driver-adapter-utils';

import { Connection, isBusy, sqliteCode } from './driver.ts';
import type { Value } from '../sql.ts';

const ABOUT = { provider: 'sqlite', adapterName: 'itr-sqlite' } as const;

/**
 * Prisma on a connection of ours (docs/adr/0002-sqlite.md). Prisma begins and ends no transactions here, and writes nothing: the write queue does
 * (writer.ts). What Prisma calls a transaction is a savepoint.
 */
export function prismaOn(connection: Connection): SqlDriverAdapterFactory {
  return { ...ABOUT, connect: () => Promise.resolve(new Adapter(connection)) };
}

/** For the schema engine, which compares schemas on scratch databases (scripts/migration.ts). */
export function scratchDatabases(): SqlMigrationAwareDriverAdapterFactory {
  const connect = (): Promise<SqlDriverAdapter> => Promise.resolve(new Scratch(new Connection(':memory:', 'write')));
  return { ...ABOUT, connect, connectToShadowDb: connect };
}

class Queries implements SqlQueryable {
  readonly provider = ABOUT.provider;
  readonly adapterName = ABOUT.adapterName;
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  queryRaw({ sql, args, argTypes }: SqlQuery): Promise<SqlResultSet> {
    return this.guarded(() => {
      const rows = this.connection.all(
        sql,
        args.map((arg, i) => toValue(arg, argTypes[i])),
      );
      const columns = this.connection.columns(sql);
      const columnTypes = columns.map((column, i) => columnType(column.type, rows, i));
      return {
        columnNames: columns.map((column) => column.name),
        columnTypes,
        rows: rows.map((row) => row.map((value, i) => toResult(value, columnTypes[i]))),
      };
    });
  }

  executeRaw({ sql, args, argTypes }: SqlQuery): Promise<number> {
    return this.guarded(() =>
      this.connection.run(
        sql,
        args.map((arg, i) => toValue(arg, argTypes[i])),
      ),
    );
  }

  protected guarded<T>(work: () => T): Promise<T> {
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(error instanceof DriverAdapterError ? error : mapped(error));
    }
  }
}

class Adapter extends Queries implements SqlDriverAdapter {
  executeScript(script: string): Promise<void> {
    return this.guarded(() => {
      this.connection.script(script);
    });
  }

  startTransaction(): Promise<Transaction> {
    return this.guarded(() => {
      this.connection.script('SAVEPOINT prisma');
      return new Savepoint(this.connection);
    });
  }

  getConnectionInfo(): { maxBindValues: number; supportsRelationJoins: boolean } {
    return { maxBindValues: 999, supportsRelationJoins: false };
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

/** The schema engine brings a whole migration as one statement; the driver would run the first of it and say nothing. */
class Scratch extends Adapter {
  override executeRaw({ sql }: SqlQuery): Promise<number> {
    return this.guarded(() => {
      this.connection.script(sql);
      return 0;
    });
  }
}

class Savepoint extends Queries implements Transaction {
  readonly options = { usePhantomQuery: true };

  commit(): Promise<void> {
    return this.guarded(() => {
      this.connection.script('RELEASE prisma');
    });
  }

  rollback(): Promise<void> {
    return this.guarded(() => {
      this.connection.script('ROLLBACK TO prisma; RELEASE prisma');
    });
  }
}

function toValue(arg: unknown, type: ArgType | undefined): Value {
  if (arg === null || arg === undefined) return null;
  switch (type?.scalarType) {
    case 'datetime':
      return arg instanceof Date ? arg : new Date(arg as string | number);
    case 'bytes':
      return typeof arg === 'string' ? Buffer.from(arg, 'base64') : (arg as Uint8Array);
    case 'int':
    case 'float':
      return Number(arg);
    case 'bigint':
      return BigInt(arg as string | number);
    default:
      return arg as Value;
  }
}

function toResult(value: unknown, type: ColumnType | undefined): unknown {
  if (value === null) return null;
  if (type === ColumnTypeEnum.DateTime) return new Date(Number(value)).toISOString();
  if (type === ColumnTypeEnum.Boolean) return value === 1;
  if (type === ColumnTypeEnum.Int64) return `${value as number | bigint}`;
  return value;
}

function columnType(declared: string | null, rows: readonly (readonly unknown[])[], index: number): ColumnType {
  switch (declared?.toUpperCase()) {
    case 'INTEGER':
    case 'INT':
      return ColumnTypeEnum.Int32;
    case 'BIGINT':
      return ColumnTypeEnum.Int64;
    case 'TEXT':
      return ColumnTypeEnum.Text;
    case 'JSONB':
      return ColumnTypeEnum.Json;
    case 'DATETIME':
      return ColumnTypeEnum.DateTime;
    case 'BOOLEAN':
      return ColumnTypeEnum.Boolean;
    case 'REAL':
      return ColumnTypeEnum.Double;
    case 'BLOB':
      return ColumnTypeEnum.Bytes;
    default: {
      // An expression such as COUNT(*) declares nothing: its values tell.
      const sample = rows.find((row) => row[index] !== null)?.[index];
      if (typeof sample === 'string') return ColumnTypeEnum.Text;
      if (sample instanceof Uint8Array) return ColumnTypeEnum.Bytes;
      return typeof sample === 'number' && !Number.isInteger(sample) ? ColumnTypeEnum.Double : ColumnTypeEnum.Int64;
    }
  }
}

const UNIQUE = new Set([2067, 1555]);
const NOT_NULL = 1299;
const FOREIGN_KEY = 787;

function mapped(error: unknown): Error {
  const code = sqliteCode(error);
  if (code === null || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  const fields = (error.message.split(': ')[1] ?? '').split(', ').map((field) => field.split('.').at(-1) ?? field);
  return new DriverAdapterError({
    originalCode: String(code),
    originalMessage: error.message,
    ...causeOf(code, error, fields),
  });
}

function causeOf(code: number, error: Error, fields: string[]): MappedError {
  if (UNIQUE.has(code)) return { kind: 'UniqueConstraintViolation', constraint: { fields } };
  if (code === NOT_NULL) return { kind: 'NullConstraintViolation', constraint: { fields } };
  if (code === FOREIGN_KEY) return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
  if (isBusy(error)) return { kind: 'SocketTimeout' };
  return { kind: 'sqlite', extendedCode: code, message: error.message };
}
