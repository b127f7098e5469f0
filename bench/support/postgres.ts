/** The server that the tests use, too. */
export { postgresIsMissing, startPostgres } from '../../tests/support/postgres.ts';
