import type { RosterRefusal } from '../../domain/roster.ts';
import type { Language } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import { bold, join, say } from './say.ts';

interface Span {
  readonly from: Inline;
  readonly until: Inline;
}

/** Sentences about changes of the rota. Names are as people know them. */
export interface RosterTexts {
  readonly usage: Readonly<Record<'take' | 'swap' | 'leave', RichText>>;
  refused(refusal: RosterRefusal, team: string, person: string): RichText;
  /** To the duty chat; `instead`: whose turn it was. */
  taken(team: string, person: string, span: Span, instead: string | null): RichText;
  onLeave(team: string, person: string, span: Span): RichText;
  /** To the lead, and to whoever goes on leave: where nobody is on duty. */
  holes(team: string, holes: readonly { readonly from: Inline | null; readonly until: Inline | null }[]): RichText;
  /** After them: what happens, and what one can do. */
  holesHelp(lead: string | null): RichText;
  readonly noHoles: RichText;
  asked(team: string, by: string, mine: Span, theirs: Span): RichText;
  proposed(team: string, to: string, mine: Span, theirs: Span): RichText;
  swapped(team: string, a: string, b: string, mine: Span, theirs: Span): RichText;
  declined(by: string, team: string): RichText;
  readonly noSuchSwap: RichText;
  /** Nobody who could agree can be written to. */
  unreachable(name: string): RichText;
  readonly agree: string;
  readonly decline: string;
}

const zh: RosterTexts = {
  usage: {
    take: ['接班请写到什么时候，比如：/itr duty take until 18:00，或“值班 接班到18点”“接班 @李丽 到明天9点”。'],
    swap: ['换班请写和谁换，比如：/itr duty swap @li，或“换班 @李丽”；对方同意后才生效。'],
    leave: ['请假请写日期，比如：/itr duty leave 11-25 11-27，或“请假 11月25日到27日”。'],
  },
  refused: (refusal, team, person) => {
    switch (refusal.code) {
      case 'no_team':
        return ['你不在任何有值班表的团队里。要说是哪个团队，比如：值班 接班 数据库一线 到18点。'];
      case 'not_lead':
        return say`${team}的值班表，自己的班自己可以改，别人的班由组长改。`;
      case 'not_member':
        return say`${person}不在${team}，值班时没法认领工单，所以没有改。`;
      case 'past':
        return ['这段时间已经过去了，值班表没有改。'];
      case 'too_far':
        return ['最多提前 92 天，请核对一下日期。'];
      case 'no_slot':
        return say`${person}在${team}没有还没开始的班可以换。`;
      case 'oneself':
        return ['不能和自己换班。'];
      case 'changed':
        return ['提出之后值班表又变了，这次换班不再成立。请重新提一次。'];
      case 'not_asked':
        return ['这个换班问的不是你。'];
    }
  },
  taken: (team, person, { from, until }, instead) =>
    say`${team}：${bold(person)} 接班，${from} 到 ${until}${instead === null ? '' : `（原来是 ${instead}）`}。`,
  onLeave: (team, person, { from, until }) => say`${team}：${bold(person)} 请假，${from} 到 ${until}。`,
  holes: (team, holes) =>
    say`⚠️ ${team}没有值班人：${join(
      holes.map(({ from, until }) => say`${from ?? '现在'} 到 ${until ?? '以后'}`),
      '；',
    )}。`,
  holesHelp: (lead) =>
    say`这段时间${lead === null ? '没有组长可以顶上' : `先由组长 ${lead} 顶上`}。要排别人：“接班 @同事 11-25 09:00 到 18:00”。`,
  noHoles: ['这段时间本来就没有排班，不影响值班表。'],
  asked: (team, by, mine, theirs) =>
    say`${by} 想和你换${team}的班：你值 ${mine.from} 到 ${mine.until}，${by} 值 ${theirs.from} 到 ${theirs.until}。你同意才生效。`,
  proposed: (team, to, mine, theirs) =>
    say`已经问 ${to}：${team}，${to} 值 ${mine.from} 到 ${mine.until}，你值 ${theirs.from} 到 ${theirs.until}。${to} 同意后才生效。`,
  swapped: (team, a, b, mine, theirs) =>
    say`${team}换班：${bold(b)} 值 ${mine.from} 到 ${mine.until}，${bold(a)} 值 ${theirs.from} 到 ${theirs.until}。`,
  declined: (by, team) => say`${by} 没有同意换${team}的班，值班表不变。`,
  noSuchSwap: ['没有这个换班，可能已经处理过了。'],
  unreachable: (name) => say`${name} 在已接入的平台上联系不到，没法征求同意，值班表没有改。`,
  agree: '同意换班',
  decline: '不换',
};

const en: RosterTexts = {
  usage: {
    take: ['Until when? For example: /itr duty take until 18:00, or /itr duty take @li 11-25 09:00 to 18:00.'],
    swap: ['With whom? For example: /itr duty swap @li. It holds once they agree.'],
    leave: ['Which days? For example: /itr duty leave 11-25 11-27.'],
  },
  refused: (refusal, team, person) => {
    switch (refusal.code) {
      case 'no_team':
        return ['You are in no team with a rota. Name the team: /itr duty take db-l1 until 18:00.'];
      case 'not_lead':
        return say`On the rota of ${team} everybody changes their own turns; those of others are the lead’s to change.`;
      case 'not_member':
        return say`${person} is not in ${team} and could not claim what comes, so nothing was changed.`;
      case 'past':
        return ['That time is over; the rota was not changed.'];
      case 'too_far':
        return ['92 days ahead at most; please check the date.'];
      case 'no_slot':
        return say`${person} has no coming turn in ${team} to swap.`;
      case 'oneself':
        return ['A swap needs somebody else.'];
      case 'changed':
        return ['The rota has changed since this was proposed, so the swap does not hold. Please propose it again.'];
      case 'not_asked':
        return ['This swap was not proposed to you.'];
    }
  },
  taken: (team, person, { from, until }, instead) =>
    say`${team}: ${bold(person)} takes over, ${from} to ${until}${instead === null ? '' : ` (was ${instead})`}.`,
  onLeave: (team, person, { from, until }) => say`${team}: ${bold(person)} is on leave, ${from} to ${until}.`,
  holes: (team, holes) =>
    say`⚠️ ${team} has nobody on duty: ${join(
      holes.map(({ from, until }) => say`${from ?? 'now'} to ${until ?? 'further notice'}`),
      '; ',
    )}.`,
  holesHelp: (lead) =>
    say`${lead === null ? 'There is no lead to stand in.' : `${lead}, the lead, stands in.`} To put somebody there: /itr duty take @colleague 11-25 09:00 to 18:00.`,
  noHoles: ['No turn falls into that time; the rota stays as it is.'],
  asked: (team, by, mine, theirs) =>
    say`${by} would like to swap turns of ${team}: you take ${mine.from} to ${mine.until}, ${by} takes ${theirs.from} to ${theirs.until}. It holds once you agree.`,
  proposed: (team, to, mine, theirs) =>
    say`${to} has been asked: ${team}, ${to} takes ${mine.from} to ${mine.until}, you take ${theirs.from} to ${theirs.until}. It holds once ${to} agrees.`,
  swapped: (team, a, b, mine, theirs) =>
    say`${team}, swapped: ${bold(b)} takes ${mine.from} to ${mine.until}, ${bold(a)} takes ${theirs.from} to ${theirs.until}.`,
  declined: (by, team) => say`${by} did not agree to swap turns of ${team}; the rota stays as it is.`,
  noSuchSwap: ['There is no such swap; it may be settled already.'],
  unreachable: (name) =>
    say`${name} cannot be reached on any connected platform, so nobody could agree; the rota was not changed.`,
  agree: 'Agree',
  decline: 'No, thanks',
};

const ALL: Readonly<Record<Language, RosterTexts>> = { 'zh-CN': zh, en };

export const rosterTexts = (language: Language): RosterTexts => ALL[language];
