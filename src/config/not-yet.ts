import { PLATFORMS } from './schema/service.ts';
import type { ConfigFile } from './schema.ts';

/**
 * What the file format has, and this version accepts and checks but does not act on. Said at start and by `itr config
 * check`, so that nobody relies on it. Whoever makes one of them work deletes its line.
 */
const NOT_YET: readonly (readonly [feature: string, isUsed: (file: ConfigFile) => boolean])[] = [
  ['points: buzz', (file) => points(file).some((point) => point.buzz !== undefined)],
  ['points: war_room', (file) => points(file).some((point) => point.war_room === true)],
  ['points: escalate: tier', (file) => points(file).some((point) => point.escalate === 'tier')],
  ['ladders: how: buzz', (file) => steps(file).some((step) => step.how?.includes('buzz'))],
  ["gestures under a platform's name", (file) => PLATFORMS.some((platform) => file.gestures?.[platform] !== undefined)],
  ['chats on feishu', (file) => (file.chats ?? []).some((chat) => chat.platform === 'feishu')],
  ['chats on wecom', (file) => (file.chats ?? []).some((chat) => chat.platform === 'wecom')],
];

/** The features that this file uses and this version does not act on. */
export const notYetIn = (file: ConfigFile): string[] =>
  NOT_YET.filter(([, isUsed]) => isUsed(file)).map(([feature]) => feature);

const all = <T>(map: Readonly<Record<string, T>> | undefined): T[] => Object.values(map ?? {});

const points = (file: ConfigFile) =>
  [...all(file.sla_policies), ...all(file.ola_policies), ...all(file.uc_policies)].flatMap(
    (policy) => policy.points ?? [],
  );

const steps = (file: ConfigFile) => all(file.ladders).flat();
