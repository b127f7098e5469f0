/** docs/domain.md, line by line: what is read of the words people write, and what follows from the hand of whoever wrote them. */
import { describe, expect, it } from 'vitest';
import { briefCard } from '../../src/conversations/cards/brief.ts';
import { viewOf } from '../../src/conversations/cards/view.ts';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command } from '../../src/domain/commands.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { isThanks } from '../../src/domain/thanks.ts';
import { Life, at, lin, person, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-19T15:00+08:00');

const inOrigin = (by: Actor, text: string, now: number): Command => ({
  type: 'message',
  role: 'origin',
  internal: false,
  message: {
    key: { platform: 'slack', chat: 'C0ACME', message: String(now) },
    author: { id: by.id, name: by.name },
    side: by.side === 'service' ? 'service' : 'customer',
    at: now,
    text,
    attachments: [],
  },
});
const resolved = (): Life => {
  const life = new Life(world, {}, T0);
  life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
  life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 2 * MINUTE);
  return life;
};

describe('A reply of the requester on a resolved ticket that is no thanks', () => {
  it.each([
    '好的，但是还是报错',
    '收到，问题还在',
    '没问题了吗？还是不行',
    'ok but it still fails',
    'thanks, but the error is back',
    'great, now it is even worse',
    'works?',
  ])('“%s” reopens nothing by itself: the bot asks', (text) => {
    const life = resolved();
    life.do(inOrigin(lin, text, T0 + 5 * MINUTE), lin, T0 + 5 * MINUTE);
    expect(life.notices.map(({ body }) => body.type)).toContain('solved_or_not');
    expect(life.ticket.status).toBe('resolved');
  });

  it.each(['谢谢', '好的，辛苦了', '收到，没问题了', '可以了，多谢', 'ok', 'thanks a lot', 'Great, works now', '👍'])(
    '“%s” is thanks',
    (text) => expect(isThanks(text)).toBe(true),
  );

  it('and is not closed for silence: the days count from there', () => {
    const life = resolved();
    life.do(inOrigin(lin, '还是慢', T0 + 5 * MINUTE), lin, T0 + 5 * MINUTE);
    // Resolved on a Thursday, three business days later it would be closed on Tuesday at 15:02.
    life.runUntil(at('2026-11-24T15:03+08:00'), SYSTEM);
    expect(life.ticket.status).toBe('resolved');
    life.runUntil(at('2026-11-24T15:06+08:00'), SYSTEM);
    expect(life.ticket.status).toBe('closed');
  });
});

describe('Response is met by the first message in the origin thread of an engineer or lead', () => {
  const stopped = (by: string): number | null | undefined => {
    const life = new Life(world, {}, T0);
    const actor = by === 'lin' ? lin : person(by, world);
    life.do(inOrigin(actor, '收到，马上安排', T0 + 3 * MINUTE), actor, T0 + 3 * MINUTE);
    return life.ticket.clocks.find(({ id }) => id === 'response')?.stoppedAt;
  };
  it.each(['wei', 'mei', 'zhao'])('%s’s is one', (by) => expect(stopped(by)).toBe(T0 + 3 * MINUTE));
  it.each(['chen', 'admin', 'lin'])('%s’s is none', (by) => expect(stopped(by)).toBeNull());
});

describe('The hand-over brief says who waits for whom', () => {
  const briefAfter = (life: Life, now: number): string => {
    const handover = life.notices.findLast(({ body }) => body.type === 'handover')?.body;
    if (handover?.type !== 'handover') throw new Error('no brief');
    const view = viewOf(life.ticket, world, now, null, 'Asia/Shanghai');
    return JSON.stringify(briefCard(view, handover, life.history, 'zh-CN').lines);
  };
  const waiting = (): Life => {
    const life = new Life(world, {}, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'pend', reason: 'vendor', note: '等厂商补丁' }, 'wei', T0 + 2 * MINUTE);
    return life;
  };
  const LI = { person: { id: 'li', name: '李丽', teams: ['db-l1'] } };
  const WEI = { person: { id: 'wei', name: '魏伟', teams: ['db-l1'] } };

  it('also where only the hand-over ended the wait', () => {
    const life = waiting();
    life.do({ type: 'transfer', to: LI }, 'wei', T0 + 9 * MINUTE);
    expect(briefAfter(life, T0 + 9 * MINUTE)).toContain('等厂商补丁');
    // Whoever has it next is told by its owner, not by a wait of two owners ago.
    life.do({ type: 'transfer', to: WEI }, 'li', T0 + 19 * MINUTE);
    expect(briefAfter(life, T0 + 19 * MINUTE)).not.toContain('等厂商补丁');
  });

  it('not once it was over', () => {
    const life = waiting();
    life.do({ type: 'resume' }, 'wei', T0 + 5 * MINUTE);
    life.do({ type: 'transfer', to: LI }, 'wei', T0 + 9 * MINUTE);
    expect(briefAfter(life, T0 + 9 * MINUTE)).not.toContain('等厂商补丁');
  });
});

describe('A ladder stops with the clock it climbs for', () => {
  const climbing = (clock: 'restore' | 'resolve', after: number): Life => {
    const life = new Life(world, { severity: 'S1', severityGuessed: false }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'timer_due', clock, point: '100%', occurrence: 0 }, SYSTEM, T0 + after);
    expect(life.timer('ladder')).toBeDefined();
    life.do({ type: 'restore' }, 'wei', T0 + after + MINUTE);
    return life;
  };
  it('one that was started by restore, when service is back', () =>
    expect(climbing('restore', 4 * HOUR).timer('ladder')).toBeUndefined());
  it('one that was started by resolve goes on', () =>
    expect(climbing('resolve', 24 * HOUR).timer('ladder')).toBeDefined());
});
