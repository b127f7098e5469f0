/**
 * The call of one of PostgreSQL's own programs, to be copied into a shell. The password is not in it: the program asks for it, or finds it in PGPASSWORD
 * or ~/.pgpass.
 */
export function databaseTool(program: string, url: string, args: readonly string[]): string {
  const where = new URL(url);
  where.password = '';
  for (const name of ['password', 'sslpassword']) where.searchParams.delete(name);
  return [program, ...args, where.href].map(word).join(' ');
}

/** One word of a shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll(`'`, `'\\''`)}'`);
