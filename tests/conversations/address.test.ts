import { describe, expect, it } from 'vitest';
import { carryKey, outboxRows } from '../../src/desk/address.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import type { Notice, NoticeBody } from '../../src/domain/notices.ts';
import type { ThreadLink, Ticket } from '../../src/domain/ticket.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, ORIGIN, at, worldWith } from '../support/world.ts';

const T0 = at('2026-11-20T09:41+08:00');
const world = worldWith();
const ticket = new Life(world, {}, T0).ticket;
const WORK: ThreadLink = { platform: 'slack', chat: 'C0DUTY', thread: '5.5', role: 'work', team: 'db-l1' };
const worked: Ticket = { ...ticket, threads: [ORIGIN, WORK] };

const rows = (of: Ticket, notices: readonly Notice[], among: World = world) =>
  outboxRows(
    of,
    notices,
    among,
    (person) =>
      createDirectory(
        () => among.policy,
        () => among.platforms,
      ).addresses(person),
    T0,
  );
const brief = (of: Ticket, notices: readonly Notice[], among?: World) =>
  rows(of, notices, among).map(({ key, lane }) => [key, lane]);
const notice = (to: Notice['to'], body: NoticeBody, seq = 12): Notice => ({ to, body, seq });

const CALL: NoticeBody = { type: 'work_card', call: { id: 'wei', name: '魏伟' }, nobodyOnDuty: false };
const POINT: NoticeBody = {
  type: 'point',
  clock: 'resolve',
  point: '75%',
  occurrence: 0,
  dueAt: T0,
  lateMs: 0,
  level: 'remind',
  mention: [],
};
const without = (among: World, chat: string): World => ({
  ...among,
  policy: { ...among.policy, chats: among.policy.chats.filter(({ id }) => id !== chat) },
});

describe('where a notice goes', () => {
  it('the card: to each thread that has one, under one key for ever', () => {
    expect(
      brief(worked, [
        notice({ to: 'origin' }, { type: 'card' }),
        notice({ to: 'work', team: 'db-l1' }, { type: 'card' }),
      ]),
    ).toEqual([
      ['card:slack:C0ACME:1.1', 'slack:C0ACME'],
      ['card:slack:C0DUTY:5.5', 'slack:C0DUTY'],
    ]);
    expect(rows(ticket, [notice({ to: 'work', team: 'db-l1' }, { type: 'card' })])).toEqual([]);
  });

  it('the work card: to the duty chat of the team', () => {
    const [row] = rows(ticket, [notice({ to: 'work', team: 'db-l1' }, CALL)]);
    expect(row).toMatchObject({
      key: 'ITR-1/12/work_card/work/slack:C0DUTY',
      lane: 'slack:C0DUTY',
      ticket: 1,
      dueAt: T0,
      delivery: { kind: 'notice', platform: 'slack', place: { kind: 'work', chat: 'C0DUTY', team: 'db-l1' } },
    });
  });

  it('follows the work card in the same lane, so that the thread is there before it', () => {
    const lanes = rows(ticket, [
      notice({ to: 'work', team: 'db-l1' }, CALL),
      notice({ to: 'work', team: 'db-l1' }, POINT),
    ]);
    expect(new Set(lanes.map(({ lane }) => lane))).toEqual(new Set(['slack:C0DUTY']));
    expect(lanes[1]?.key).toBe('ITR-1/12/point/resolve/75%/0/remind/work/slack:C0DUTY');
  });

  it('a chat on a platform that is not connected is passed over', () => {
    const both: World = {
      ...world,
      platforms: new Set(['playground']),
      policy: {
        ...world.policy,
        chats: [
          ...world.policy.chats,
          {
            platform: 'playground',
            id: 'duty-db',
            role: 'duty',
            project: null,
            team: 'db-l1',
            capture: 'on_request',
            source: 'file',
          },
        ],
      },
    };
    expect(brief(ticket, [notice({ to: 'work', team: 'db-l1' }, CALL)], both)).toEqual([
      ['ITR-1/12/work_card/work/playground:duty-db', 'playground:duty-db'],
    ]);
  });

  it('a team without a duty chat: whoever is called and the lead are told directly', () => {
    const none = without(world, 'C0DUTY');
    expect(brief(ticket, [notice({ to: 'work', team: 'db-l1' }, CALL)], none)).toEqual([
      ['ITR-1/12/work_card/work/slack:@U0WEI', 'slack:@U0WEI'],
      ['ITR-1/12/work_card/work/slack:@U0MEI', 'slack:@U0MEI'],
    ]);
  });

  it('a duty chat that was unbound still gets what belongs into its thread, but no new page', () => {
    const none = without(world, 'C0DUTY');
    expect(brief(worked, [notice({ to: 'work', team: 'db-l1' }, POINT)], none)[0]?.[1]).toBe('slack:C0DUTY');
    expect(brief(worked, [notice({ to: 'work', team: 'db-l1' }, CALL)], none)[0]?.[1]).toBe('slack:@U0WEI');
  });

  it('escalation: to every chat that management reads', () => {
    expect(brief(ticket, [notice({ to: 'escalation' }, { ...POINT, level: 'ping' })])).toEqual([
      ['ITR-1/12/point/resolve/75%/0/ping/escalation/slack:C0BOSS', 'slack:C0BOSS'],
    ]);
  });

  it('a person: where he can be written to; nobody reachable, nothing', () => {
    expect(brief(ticket, [notice({ to: 'person', person: 'chen' }, POINT)])[0]?.[1]).toBe('slack:@U0CHEN');
    expect(brief(ticket, [notice({ to: 'person', person: 'slack:U0LIN' }, POINT)])[0]?.[1]).toBe('slack:@U0LIN');
    expect(rows(ticket, [notice({ to: 'person', person: 'feishu:ou_x' }, POINT)])).toEqual([]);
  });

  it('the origin: its thread; a ticket without one tells nobody there', () => {
    const ask: NoticeBody = { type: 'ask', field: 'impact' };
    expect(brief(ticket, [notice({ to: 'origin' }, ask)])).toEqual([
      ['ITR-1/12/ask/impact/origin/slack:C0ACME/1.1', 'slack:C0ACME'],
    ]);
    expect(rows({ ...ticket, threads: [] }, [notice({ to: 'origin' }, ask)])).toEqual([]);
  });

  it('a carried message has one key for its copy in a place, whatever event carries it', () => {
    const key = { platform: 'slack', chat: 'C0ACME', message: '1.7' };
    const carry: NoticeBody = {
      type: 'carry',
      key,
      from: 'origin',
      author: { id: 'x', name: '林' },
      text: 'x',
      attachments: [],
    };
    const [first] = rows(worked, [notice({ to: 'work', team: 'db-l1' }, carry, 3)]);
    const [again] = rows(worked, [notice({ to: 'work', team: 'db-l1' }, carry, 9)]);
    expect(first?.key).toBe(again?.key);
    expect(first?.key).toBe(carryKey(1, key, 'slack', { kind: 'work', chat: 'C0DUTY', team: 'db-l1' }));
    const edits = rows(worked, [
      notice({ to: 'work', team: 'db-l1' }, { type: 'carry_edit', key, author: { id: 'x', name: '林' }, text: 'y' }, 4),
      notice({ to: 'work', team: 'db-l1' }, { type: 'carry_edit', key, author: { id: 'x', name: '林' }, text: 'z' }, 5),
    ]);
    expect(new Set(edits.map((row) => row.key)).size).toBe(2);
  });

  it('the same words for the same place are one row', () => {
    expect(
      rows(worked, [notice({ to: 'origin' }, { type: 'card' }, 3), notice({ to: 'origin' }, { type: 'card' }, 4)]),
    ).toHaveLength(1);
  });
});
