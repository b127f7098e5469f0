/** What stands for the database's address in the words of {@link databaseTool}. */
export const ADDRESS = '{address}';

/**
 * The call of one of PostgreSQL's own programs, to be copied into a shell. The password is not in it: the program asks for it, or finds it in PGPASSWORD
 * or ~/.pgpass.
 */
export function databaseTool(url: string, words: readonly string[]): string {
  const address = new URL(url);
  address.password = '';
  // The last one is a word of our driver's only.
  for (const name of ['password', 'sslpassword', 'uselibpqcompat']) address.searchParams.delete(name);
  return words.map((word) => inShell(word.replace(ADDRESS, () => address.href))).join(' ');
}

const inShell = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll(`'`, `'\\''`)}'`);
