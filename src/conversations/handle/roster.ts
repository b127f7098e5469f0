/** The rota changed in chat: `/itr duty take until 18:00`, `swap @li`, `leave 11-25 11-27`. What is allowed is decided in `domain/roster.ts`. */
import { createHash } from 'node:crypto';
import type { Tx } from '../../desk/ports.ts';
import type { DutyOverride } from '../../domain/duty.ts';
import { dutyOf } from '../../domain/escalation.ts';
import { agreeToSwap, isRefused, proposeSwap, takeLeave, takeOver, teamsMeant } from '../../domain/roster.ts';
import type { RosterRefusal, Stint, Swap } from '../../domain/roster.ts';
import type { Language } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import { nameOf } from '../cards/view.ts';
import type { Target } from '../grammar.ts';
import type { RosterWish } from '../grammar/roster.ts';
import { aboutHoles, tellHoles, toPerson, type HolesDeps } from '../roster-holes.ts';
import { instant, join } from '../texts/index.ts';
import { rosterTexts } from '../texts/roster.ts';
import { sayButtons, type Place } from './answers.ts';
import { bindingOf, sayInChat, tell, wordsFor, type Turn, type Who } from './turn.ts';

type Wish<D extends RosterWish['do']> = Extract<RosterWish, { readonly do: D }>;

export const changeRoster = (tx: Tx, turn: Turn, who: Who, ear: Place, wish: RosterWish): Promise<void> => {
  switch (wish.do) {
    case 'take':
    case 'leave':
      return takeOrLeave(tx, turn, who, ear, wish);
    case 'swap':
      return swap(tx, turn, who, ear, wish);
    case 'agree':
    case 'decline':
      return answerSwap(tx, turn, who, ear, wish);
    case 'incomplete':
      return tell(tx, turn, who, ear, { text: rosterTexts(who.language).usage[wish.what] });
  }
};

const takeOrLeave = async (tx: Tx, turn: Turn, who: Who, ear: Place, wish: Wish<'take' | 'leave'>): Promise<void> => {
  const meant = meantBy(turn, who, ear, wish);
  if ('text' in meant) return tell(tx, turn, who, ear, meant);
  const { person, teams } = meant;
  const span = { person, teams, from: wish.from ?? turn.now, until: wish.until };
  const { world, now } = turn;
  const t = rosterTexts(who.language);
  if (wish.do === 'take') {
    const overrides = takeOver(span, who.actor, world, now);
    if (isRefused(overrides)) return refuse(tx, turn, who, ear, overrides, person);
    await save(tx, turn, who, overrides);
    for (const team of teams) {
      const before = dutyOf(team, world, Math.max(now, span.from));
      const instead = before.person === null || before.person === person ? null : name(turn, before.person);
      await announce(tx, turn, who, ear, team, (language) =>
        rosterTexts(language).taken(
          teamName(turn, team),
          name(turn, person),
          spanIn(turn, span, who, language),
          instead,
        ),
      );
    }
    // Put on duty by somebody else: he has to know.
    if (person !== who.actor.id) await tellOther(tx, turn, person, teams, span);
    return;
  }
  const leave = takeLeave(span, who.actor, world, now);
  if (isRefused(leave)) return refuse(tx, turn, who, ear, leave, person);
  await save(tx, turn, who, leave.overrides);
  for (const team of teams) {
    await announce(tx, turn, who, ear, team, (language) =>
      rosterTexts(language).onLeave(teamName(turn, team), name(turn, person), spanIn(turn, span, who, language)),
    );
    const holes = leave.holes.filter((hole) => hole.team === team);
    await tellHoles(tx, holesDeps(turn), team, holes, `${turn.id}:${team}`);
    await tell(tx, turn, who, ear, {
      text: holes.length === 0 ? t.noHoles : aboutHoles(turn, team, holes, who.actor.id, who.language),
    });
  }
};

const swap = async (tx: Tx, turn: Turn, who: Who, ear: Place, wish: Wish<'swap'>): Promise<void> => {
  const meant = meantBy(turn, who, ear, { person: wish.with, team: wish.team });
  if ('text' in meant) return tell(tx, turn, who, ear, meant);
  const mine = teamsMeant(who.actor.id, teamNamed(wish.team), bindingOf(turn, ear.chat)?.team ?? null, turn.policy);
  // Of several teams the one that both are in.
  const both = mine.find((team) => turn.policy.teams.get(team)?.members.includes(meant.person)) ?? mine[0];
  if (both === undefined) return refuse(tx, turn, who, ear, { code: 'no_team' }, meant.person);
  const proposed = proposeSwap({ team: both, with: meant.person, on: wish.on }, who.actor, turn.world, turn.now);
  if (isRefused(proposed)) return refuse(tx, turn, who, ear, proposed, meant.person);
  // Of the event, not of chance: handled again after a crash, it is the same proposal.
  const id = createHash('sha256').update(turn.id).digest('hex').slice(0, 8);
  const [team, by, to] = [teamName(turn, both), who.actor.name, name(turn, meant.person)];
  const question = toPerson(
    holesDeps(turn),
    meant.person,
    (language) => {
      const [a, b] = spansOf(turn, proposed, meant.person, language);
      return rosterTexts(language).asked(team, by, a, b);
    },
    `${turn.id}:swap`,
    { actions: answersTo(turn, id, meant.person) },
  );
  const t = rosterTexts(who.language);
  if (question.length === 0) return tell(tx, turn, who, ear, { text: t.unreachable(to) });
  await tx.setKeyValue(keyOf(id), JSON.stringify(proposed));
  await tx.enqueue(question);
  const [a, b] = spansOf(turn, proposed, who.actor.id, who.language);
  await tell(tx, turn, who, ear, { text: t.proposed(team, to, a, b) });
};

const answersTo = (turn: Turn, id: string, person: string) => {
  const t = rosterTexts(languageOf(turn, person));
  return sayButtons([
    { ticket: null, say: `duty agree ${id}`, label: t.agree },
    { ticket: null, say: `duty decline ${id}`, label: t.decline },
  ]);
};

const answerSwap = async (tx: Tx, turn: Turn, who: Who, ear: Place, wish: Wish<'agree' | 'decline'>): Promise<void> => {
  const t = rosterTexts(who.language);
  const kept = await tx.keyValue(keyOf(wish.swap));
  if (kept === null) return tell(tx, turn, who, ear, { text: t.noSuchSwap });
  const proposed = JSON.parse(kept) as Swap;
  const { team, mine, theirs } = proposed;
  if (who.actor.id !== theirs.person) return refuse(tx, turn, who, ear, { code: 'not_asked' }, who.actor.id);
  await tx.setKeyValue(keyOf(wish.swap), null);
  if (wish.do === 'decline') {
    const said = (language: Language): RichText => rosterTexts(language).declined(who.actor.name, teamName(turn, team));
    await tx.enqueue(toPerson(holesDeps(turn), mine.person, said, turn.id));
    return tell(tx, turn, who, ear, { text: said(who.language) });
  }
  const overrides = agreeToSwap(proposed, who.actor, turn.world, turn.now);
  if (isRefused(overrides)) {
    const said = (language: Language): RichText => rosterTexts(language).refused(overrides, teamName(turn, team), '');
    await tx.enqueue(toPerson(holesDeps(turn), mine.person, said, turn.id));
    return tell(tx, turn, who, ear, { text: said(who.language) });
  }
  await save(tx, turn, who, overrides);
  const said =
    (reader: string) =>
    (language: Language): RichText => {
      const [a, b] = spansOf(turn, proposed, reader, language);
      return rosterTexts(language).swapped(
        teamName(turn, team),
        name(turn, mine.person),
        name(turn, theirs.person),
        a,
        b,
      );
    };
  await tx.enqueue(toPerson(holesDeps(turn), mine.person, said(mine.person), turn.id));
  await announce(tx, turn, who, ear, team, said(theirs.person));
};

const keyOf = (id: string): string => `duty-swap:${id}`;

/** Who and which teams a wish is about; or what has to be said instead. */
const meantBy = (
  turn: Turn,
  who: Who,
  ear: Place,
  wish: { readonly person: Target | null; readonly team: Target | null },
): { readonly person: string; readonly teams: readonly string[] } | { readonly text: RichText } => {
  const { directory } = turn.deps;
  const found =
    wish.person === null
      ? { id: who.actor.id }
      : directory.findPerson(wish.person.kind === 'person' ? wish.person.id : wish.person.said, turn.platform);
  if (!('id' in found)) return { text: wordsFor(who).answer.didYouMean(wish.person?.said ?? '', found.near) };
  const here = bindingOf(turn, ear.chat)?.team ?? null;
  return { person: found.id, teams: teamsMeant(found.id, teamNamed(wish.team), here, turn.policy) };
};

const teamNamed = (team: Target | null): string | null => (team?.kind === 'team' ? team.id : null);

const save = async (tx: Tx, turn: Turn, who: Who, overrides: readonly DutyOverride[]): Promise<void> => {
  for (const override of overrides) await tx.saveOverride({ ...override, by: who.actor.id });
  // Decisions read the overrides from memory; after the commit, since what is rolled back must not be there.
  turn.afterwards.push(() => turn.deps.world.refresh());
};

/** In the team's duty chat, where the others see it; and to whoever gave the command elsewhere. */
const announce = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  team: string,
  word: (language: Language) => RichText,
): Promise<void> => {
  const chat = turn.policy.chats.find(
    (one) => one.role === 'duty' && one.team === team && turn.world.platforms.has(one.platform),
  );
  const language = turn.policy.locale;
  if (chat !== undefined && chat.platform === turn.platform)
    await sayInChat(tx, turn, { chat: chat.id, thread: null }, { text: word(language), language });
  else if (chat !== undefined)
    await tx.enqueue([
      {
        key: `roster:${turn.id}:${chat.platform}:${chat.id}`,
        lane: `${chat.platform}:${chat.id}`,
        ticket: null,
        delivery: {
          kind: 'say',
          platform: chat.platform,
          chat: chat.id,
          thread: null,
          what: { text: word(language), language },
        },
        dueAt: turn.now,
      },
    ]);
  if (chat?.platform !== turn.platform || chat.id !== ear.chat)
    await tell(tx, turn, who, ear, { text: word(who.language) });
};

const tellOther = async (
  tx: Tx,
  turn: Turn,
  person: string,
  teams: readonly string[],
  span: { readonly from: number; readonly until: number },
): Promise<void> => {
  const said = (language: Language): RichText =>
    join(
      teams.map((team) =>
        rosterTexts(language).taken(
          teamName(turn, team),
          name(turn, person),
          spanFor(turn, span, person, language),
          null,
        ),
      ),
      '\n',
    );
  await tx.enqueue(toPerson(holesDeps(turn), person, said, turn.id));
};

const refuse = (tx: Tx, turn: Turn, who: Who, ear: Place, refusal: RosterRefusal, person: string): Promise<void> => {
  const team = 'team' in refusal ? teamName(turn, refusal.team) : '';
  const about = 'person' in refusal ? refusal.person : person;
  return tell(tx, turn, who, ear, { text: rosterTexts(who.language).refused(refusal, team, name(turn, about)) });
};

const holesDeps = ({ deps, world, now }: Turn): HolesDeps => ({ directory: deps.directory, world, now });
const teamName = ({ policy }: Turn, team: string): string => policy.teams.get(team)?.name ?? team;
const name = ({ policy }: Turn, person: string): string => nameOf(person, policy);
const languageOf = ({ policy }: Turn, person: string): Language => policy.people.get(person)?.locale ?? policy.locale;

type Shown = { readonly from: Inline; readonly until: Inline };
type Stretch = Pick<Stint, 'from' | 'until'>;

const spanIn = (turn: Turn, { from, until }: Stretch, who: Who, language: Language): Shown => {
  const point = { now: turn.now, timezone: who.timezone };
  return { from: instant(from, point, language), until: instant(until, point, language) };
};

const spanFor = (turn: Turn, { from, until }: Stretch, reader: string, language: Language): Shown => {
  const point = { now: turn.now, timezone: turn.policy.people.get(reader)?.timezone ?? turn.policy.timezone };
  return { from: instant(from, point, language), until: instant(until, point, language) };
};

const spansOf = (turn: Turn, { mine, theirs }: Swap, reader: string, language: Language): readonly [Shown, Shown] => [
  spanFor(turn, mine, reader, language),
  spanFor(turn, theirs, reader, language),
];
