import type { ConfigFile } from './schema.ts';

/**
 * What the file format has, and this version accepts and checks but does not act on. Said at start and by `itr config
 * check`, so that nobody relies on it. Whoever makes one of them work deletes its line.
 */
const NOT_YET: readonly (readonly [feature: string, isUsed: (file: ConfigFile) => boolean])[] = [
  ['chats on wecom', (file) => (file.chats ?? []).some((chat) => chat.platform === 'wecom')],
];

/** The features that this file uses and this version does not act on. */
export const notYetIn = (file: ConfigFile): string[] =>
  NOT_YET.filter(([, isUsed]) => isUsed(file)).map(([feature]) => feature);
