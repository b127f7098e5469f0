import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The one schema that is written by hand. */
export const SCHEMA = fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url));
/** Derived from it, and kept in the repository for those who use Prisma's own tools on a PostgreSQL database. */
export const POSTGRESQL_SCHEMA = fileURLToPath(new URL('../prisma/postgresql/schema.prisma', import.meta.url));

/**
 * The schema for PostgreSQL: another provider, another place for the client, nothing else.
 * @returns {string}
 */
export function postgresqlSchema() {
  const schema = readFileSync(SCHEMA, 'utf8');
  const models = schema.slice(schema.indexOf('generator client'));
  const replaced = [
    ['provider = "sqlite"', 'provider = "postgresql"'],
    ['"../src/storage/generated/sqlite"', '"../../src/storage/generated/postgresql"'],
  ].reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`prisma/schema.prisma has no ${from}`);
    return text.replace(from, to);
  }, models);
  return `// Derived from ../schema.prisma by scripts/prisma-generate.mjs: change that one.\n\n${replaced}`;
}
