/** The one schema that is written by hand. */
export const SCHEMA: string;
/** Derived from it. */
export const POSTGRESQL_SCHEMA: string;
export function postgresqlSchema(): string;
