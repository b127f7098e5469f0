/** The file that DATABASE_URL means; null: `file::memory:`, which has none to keep. */
export function databaseFile(url: string): string | null {
  const path = /^file:(?:\/\/(?=\/))?([^?]+)/.exec(url)?.[1];
  if (path === undefined) throw new Error(`DATABASE_URL must look like file:./data/itr.db, not ${url}`);
  return path === ':memory:' ? null : path;
}
