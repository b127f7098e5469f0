import type { Directory } from './desk.ts';
import type { Reads } from './ports.ts';

const MENTIONED = /@([A-Za-z0-9_-]{3,64})/g;
const MOST_NAMES = 50;

/**
 * In what was said people stand by their ids (`@U012AB3CD`), which nobody can read: here they have their names again, as plain text that pings nobody.
 * Ids of nobody known, and those after the first fifty, stay.
 */
export async function withNames(
  text: string,
  platform: string,
  directory: Pick<Directory, 'actor'>,
  read: Pick<Reads, 'identity'>,
): Promise<string> {
  const ids = new Set([...text.matchAll(MENTIONED)].map(([, id = '']) => id).slice(0, MOST_NAMES));
  const names = new Map<string, string>();
  for (const id of ids) {
    const { name } = directory.actor(platform, id, '', null);
    const found = name === '' ? (await read.identity(platform, id))?.name : name;
    if (found !== undefined) names.set(id, found);
  }
  return text.replace(MENTIONED, (whole, id: string) => (names.has(id) ? `@${names.get(id)}` : whole));
}
