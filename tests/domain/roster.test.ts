import { describe, expect, test } from 'vitest';
import { momentsIn } from '../../src/conversations/grammar/moments.ts';
import { readRoster } from '../../src/conversations/grammar/roster.ts';
import type { DutyOverride } from '../../src/domain/duty.ts';
import { dutyOf } from '../../src/domain/escalation.ts';
import { toIsoWithOffset } from '../../src/domain/instant.ts';
import {
  agreeToSwap,
  holesOf,
  isRefused,
  proposeSwap,
  takeLeave,
  takeOver,
  teamsMeant,
} from '../../src/domain/roster.ts';
import type { World } from '../../src/domain/world.ts';
import { at, person, worldWith } from '../support/world.ts';

const NOW = at('2026-11-20T10:00+08:00'); // Friday; wei has the week until Monday 09:00, then li
const world = worldWith();
const withOverrides = (overrides: readonly DutyOverride[]): World => ({ ...world, overrides });
const span = (from: string, until: string) => ({ from: at(from), until: at(until) });
const who = (instant: string, w: World = world): string => {
  const { person: on, source } = dutyOf('db-l1', w, at(instant));
  return `${on} ${source}`;
};

describe('Duty: leave', () => {
  const leave = (id: string, from: string, until: string): DutyOverride => ({
    team: 'db-l1',
    person: id,
    ...span(from, until),
    away: true,
  });
  const li = leave('li', '2026-11-25T00:00+08:00', '2026-11-28T00:00+08:00');

  test('whose turn it is and is on leave makes a hole, for the lead, and only there', () => {
    const w = withOverrides([li]);
    expect(who('2026-11-24T23:59+08:00', w)).toBe('li rotation');
    expect(who('2026-11-26T12:00+08:00', w)).toBe('mei fallback');
    expect(who('2026-11-28T00:00+08:00', w)).toBe('li rotation');
    expect(holesOf('db-l1', w, NOW, at('2026-12-04T00:00+08:00'))).toEqual([
      { team: 'db-l1', from: li.from, until: li.until },
    ]);
  });

  test('leave of somebody whose turn it is not changes and cuts nothing', () => {
    const w = withOverrides([leave('wei', '2026-11-25T00:00+08:00', '2026-11-28T00:00+08:00')]);
    expect(dutyOf('db-l1', w, at('2026-11-26T12:00+08:00'))).toEqual(
      dutyOf('db-l1', world, at('2026-11-26T12:00+08:00')),
    );
  });

  test('somebody takes the hole over, whichever came first', () => {
    const wei: DutyOverride = {
      team: 'db-l1',
      person: 'wei',
      ...span('2026-11-26T09:00+08:00', '2026-11-26T18:00+08:00'),
    };
    for (const w of [withOverrides([li, wei]), withOverrides([wei, li])]) {
      expect(who('2026-11-26T12:00+08:00', w)).toBe('wei override');
      expect(who('2026-11-26T18:00+08:00', w)).toBe('mei fallback');
    }
  });

  test('what he takes over after that is his all the same; what he had taken over before is not', () => {
    const take: DutyOverride = { ...li, away: false, ...span('2026-11-26T09:00+08:00', '2026-11-26T18:00+08:00') };
    expect(who('2026-11-26T12:00+08:00', withOverrides([li, take]))).toBe('li override');
    expect(who('2026-11-26T12:00+08:00', withOverrides([take, li]))).toBe('mei fallback');
  });

  test('the holes are the slots he would have had', () => {
    const left = takeLeave(
      { person: 'li', teams: ['db-l1'], ...span('2026-11-22T00:00+08:00', '2026-11-25T00:00+08:00') },
      person('li', world),
      world,
      NOW,
    );
    if (isRefused(left)) throw new Error(left.code);
    expect(left.holes).toEqual([{ team: 'db-l1', ...span('2026-11-23T09:00+08:00', '2026-11-25T00:00+08:00') }]);
  });
});

describe('Duty: overrides by those they concern', () => {
  const evening = span('2026-11-20T10:00+08:00', '2026-11-20T18:00+08:00');
  test.each([
    ['his own, as an engineer', 'wei', 'wei', null],
    ['a colleague, as an engineer', 'wei', 'li', 'not_lead'],
    ['a colleague, as the lead', 'mei', 'li', null],
    ['anybody, as a manager', 'chen', 'li', null],
    ['somebody of another team, as the lead', 'mei', 'sun', 'not_member'],
    ['a team that is not his', 'zhao', 'zhao', 'not_lead'],
  ])('taking over: %s', (_, actor, who_, refused) => {
    const taken = takeOver({ person: who_, teams: ['db-l1'], ...evening }, person(actor, world), world, NOW);
    expect(isRefused(taken) ? taken.code : null).toBe(refused);
  });

  test.each([
    ['an end that has passed', span('2026-11-20T08:00+08:00', '2026-11-20T09:00+08:00'), 'past'],
    ['an end before its beginning', span('2026-11-25T08:00+08:00', '2026-11-24T09:00+08:00'), 'past'],
    ['the year after next', span('2026-11-25T08:00+08:00', '2028-11-24T09:00+08:00'), 'too_far'],
  ])('refused: %s', (_, when, code) => {
    const taken = takeOver({ person: 'wei', teams: ['db-l1'], ...when }, person('wei', world), world, NOW);
    expect(taken).toMatchObject({ code });
  });

  test('the teams meant: the one named, the chat’s if it is his, else all his own with a rota', () => {
    expect(teamsMeant('sun', 'db-l1', null, world.policy)).toEqual(['db-l1']);
    expect(teamsMeant('sun', null, 'db-rd', world.policy)).toEqual(['db-rd']);
    expect(teamsMeant('sun', null, 'db-l1', world.policy)).toEqual(['db-l2']);
    expect(teamsMeant('chen', null, null, world.policy)).toEqual([]);
  });
});

describe('Duty: a swap holds once both agree', () => {
  const proposed = proposeSwap({ team: 'db-l1', with: 'wei', on: null }, person('li', world), world, NOW);
  if (isRefused(proposed)) throw new Error(proposed.code);

  test('the next slot of each that has not begun', () => {
    expect(proposed.mine).toEqual({ person: 'li', ...span('2026-11-23T09:00+08:00', '2026-11-30T09:00+08:00') });
    expect(proposed.theirs).toEqual({ person: 'wei', ...span('2026-11-30T09:00+08:00', '2026-12-07T09:00+08:00') });
  });

  test('agreed, each has the other’s', () => {
    const overrides = agreeToSwap(proposed, person('wei', world), world, NOW);
    if (isRefused(overrides)) throw new Error(overrides.code);
    const w = withOverrides(overrides);
    expect(who('2026-11-24T12:00+08:00', w)).toBe('wei override');
    expect(who('2026-12-01T12:00+08:00', w)).toBe('li override');
    expect(who('2026-12-08T12:00+08:00', w)).toBe('li rotation');
  });

  test('the one asked agrees, nobody else', () => {
    expect(agreeToSwap(proposed, person('li', world), world, NOW)).toEqual({ code: 'not_asked' });
    expect(agreeToSwap(proposed, person('mei', world), world, NOW)).toEqual({ code: 'not_asked' });
  });

  test('not if the rota has changed meanwhile, or the slots are over', () => {
    const taken: DutyOverride = {
      team: 'db-l1',
      person: 'mei',
      ...span('2026-11-24T09:00+08:00', '2026-11-24T18:00+08:00'),
    };
    expect(agreeToSwap(proposed, person('wei', world), withOverrides([taken]), NOW)).toEqual({ code: 'changed' });
    expect(agreeToSwap(proposed, person('wei', world), world, at('2026-12-08T00:00+08:00'))).toEqual({ code: 'past' });
  });

  test.each([
    ['oneself', 'li', 'oneself'],
    ['somebody of another team', 'zhao', 'not_member'],
    ['somebody without a slot', 'mei', 'no_slot'],
  ])('refused: with %s', (_, other, code) => {
    expect(proposeSwap({ team: 'db-l1', with: other, on: null }, person('li', world), world, NOW)).toMatchObject({
      code,
    });
  });
});

describe('the words for it', () => {
  const context = { policy: world.policy, now: NOW, timezone: 'Asia/Shanghai' };
  const shown = (ms: number | null): string => (ms === null ? '…' : toIsoWithOffset(ms, 'Asia/Shanghai').slice(5, 16));
  const read = (text: string): string => {
    const wish = readRoster(text, context);
    if (wish === null) return 'none';
    switch (wish.do) {
      case 'take':
      case 'leave': {
        const whom = wish.person?.kind === 'person' ? ` ${wish.person.id}` : '';
        const team = wish.team?.kind === 'team' ? ` ${wish.team.id}` : '';
        return `${wish.do}${whom}${team} ${shown(wish.from)} → ${shown(wish.until)}`;
      }
      case 'swap':
        return `swap ${wish.with.kind === 'person' ? wish.with.id : `?${wish.with.said}`} ${shown(wish.on)}`;
      case 'agree':
      case 'decline':
        return `${wish.do} ${wish.swap}`;
      case 'incomplete':
        return `incomplete ${wish.what}`;
    }
  };
  test.each([
    ['duty take until 18:00', 'take … → 11-20T18:00'],
    ['duty take until 9:00', 'take … → 11-21T09:00'],
    ['值班 接班到18点', 'take … → 11-20T18:00'],
    ['接班 @李丽 到明天9点', 'take li … → 11-21T09:00'],
    ['duty take @li db-l1 11-25 09:00 to 18:00', 'take li db-l1 11-25T09:00 → 11-25T18:00'],
    ['duty swap @li', 'swap li …'],
    ['换班 @李丽', 'swap li …'],
    ['换班 小魏 11月25日', 'swap wei 11-25T00:00'],
    ['duty swap @nobody', 'swap ?nobody …'],
    ['duty leave 11-25 11-27', 'leave 11-25T00:00 → 11-28T00:00'],
    ['请假 11月25日到27日', 'leave 11-25T00:00 → 11-28T00:00'],
    ['请假 明天', 'leave 11-21T00:00 → 11-22T00:00'],
    ['请假 明天下午2点到6点', 'leave 11-21T14:00 → 11-21T18:00'],
    ['请假 2026-12-30 到 2027-01-02', 'leave 12-30T00:00 → 01-03T00:00'],
    ['值班 请假 小魏 11/25', 'leave wei 11-25T00:00 → 11-26T00:00'],
    ['duty agree a1b2c3d4', 'agree a1b2c3d4'],
    ['duty decline a1b2c3d4', 'decline a1b2c3d4'],
    ['duty take', 'incomplete take'],
    ['换班的时候记得看一下', 'incomplete swap'],
    ['duty db-l1', 'none'],
    ['值班', 'none'],
  ])('%s', (text, wish) => expect(read(text)).toBe(wish));

  test('February has no thirtieth', () => expect(momentsIn('02-30', NOW, 'UTC')).toEqual([]));
});
