/** What the program finds wrong with itself is told to those who run it: in the administrators' chats, else to each of them. */
import type { Directory } from '../desk/desk.ts';
import type { OutboxDraft, Tx } from '../desk/ports.ts';
import type { World } from '../domain/world.ts';
import type { Language } from '../domain/words.ts';
import type { Symptom } from '../watch/symptoms.ts';
import type { RichText } from './card.ts';
import type { Outgoing } from './platform.ts';
import { instant } from './texts/index.ts';
import { symptomTexts } from './texts/symptoms.ts';

export interface SelfWatchDeps {
  readonly directory: Pick<Directory, 'addresses'>;
  readonly world: World;
  readonly now: number;
}

/** @returns to how many chats or people; none: it can only be logged. */
export async function tellSymptom(
  tx: Tx,
  deps: SelfWatchDeps,
  { what, symptom, key }: { readonly what: 'begun' | 'over'; readonly symptom: Symptom; readonly key: string },
): Promise<number> {
  const worded = (language: Language, timezone: string): RichText => {
    const t = symptomTexts(language);
    return what === 'over'
      ? t.over(symptom.about, Math.max(0, deps.now - symptom.since))
      : t.begun(t.line(symptom.about), instant(symptom.since, { now: deps.now, timezone }, language));
  };
  const rows = toChats(deps, key, worded);
  const drafts = rows.length > 0 ? rows : toAdministrators(deps, key, worded);
  if (drafts.length > 0) await tx.enqueue(drafts);
  return drafts.length;
}

type Worded = (language: Language, timezone: string) => RichText;

const toChats = ({ world, now }: SelfWatchDeps, key: string, worded: Worded): readonly OutboxDraft[] => {
  const { policy, platforms } = world;
  const what: Outgoing = { text: worded(policy.locale, policy.timezone), language: policy.locale };
  return policy.chats
    .filter((chat) => chat.role === 'admin' && platforms.has(chat.platform))
    .map(({ platform, id }) => {
      const lane = `${platform}:${id}`;
      return {
        key: `${key}:${lane}`,
        lane,
        ticket: null,
        delivery: { kind: 'say', platform, chat: id, thread: null, what },
        dueAt: now,
      };
    });
};

const toAdministrators = (
  { world, directory, now }: SelfWatchDeps,
  key: string,
  worded: Worded,
): readonly OutboxDraft[] =>
  [...world.policy.people.values()].flatMap((person) => {
    const address = person.roles.includes('admin') ? directory.addresses(person.id)[0] : undefined;
    if (address === undefined) return [];
    const { platform, user } = address;
    const language = person.locale ?? world.policy.locale;
    const what: Outgoing = { text: worded(language, person.timezone ?? world.policy.timezone), language };
    const lane = `${platform}:@${user}`;
    const to = { chat: null, thread: null, user, reply: null };
    return [
      { key: `${key}:${lane}`, lane, ticket: null, delivery: { kind: 'private', platform, ...to, what }, dueAt: now },
    ];
  });
