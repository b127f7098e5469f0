import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Command } from '../../src/domain/commands.ts';
import { roomName } from '../../src/domain/decide/war-room.ts';
import { replay } from '../../src/domain/evolve.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { outboxRows } from '../../src/desk/address.ts';
import type { ThreadLink } from '../../src/domain/ticket.ts';
import { Life, at, lin, worldWith } from '../support/world.ts';

const NOW = at('2026-11-20T10:00+08:00'); // wei is on duty for db-l1
const WORK: ThreadLink = { platform: 'slack', chat: 'C0DUTY', thread: '2.1', role: 'work', team: 'db-l1' };
const ROOM: ThreadLink = { platform: 'slack', chat: 'G0ROOM', thread: '3.1', role: 'war_room', team: null };
const S1 = { severity: 'S1', severityGuessed: false } as const;

const worked = (...changes: (readonly [string, string])[]): Life => {
  const life = new Life(worldWith(...changes), S1, NOW);
  life.do({ type: 'link_thread', thread: WORK }, SYSTEM, NOW);
  life.do({ type: 'claim' }, 'li', NOW + MINUTE);
  return life;
};
const rooms = (life: Life) => life.history.filter((event) => event.type === 'war_room');
const said = (role: 'war_room' | 'work', text: string): Command => ({
  type: 'message',
  role,
  internal: false,
  message: {
    key: { platform: 'slack', chat: role === 'work' ? 'C0DUTY' : 'G0ROOM', message: text },
    author: { id: 'li', name: '李丽' },
    side: 'service',
    at: NOW + 2 * MINUTE,
    text,
    attachments: [],
  },
});

describe('A war room by hand', () => {
  it('is opened with the owner, the duty, the lead, the manager of the project and whoever asked for it', () => {
    const life = worked();
    life.do({ type: 'war_room' }, 'chen', NOW + 2 * MINUTE);
    expect(rooms(life)).toMatchObject([{ what: 'asked', platform: 'slack', name: 'itr-1' }]);
    const [asked] = rooms(life);
    expect(asked?.what === 'asked' ? asked.people.map(({ id }) => id).sort() : []).toEqual([
      'chen',
      'li',
      'mei',
      'wei',
    ]);
    const rows = outboxRows(life.ticket, life.notices, life.world, () => [], NOW);
    expect(rows.map(({ lane, delivery }) => [lane, delivery.kind])).toEqual([['slack:rooms', 'room']]);
  });

  it.each([
    ['the owner', 'li', true],
    ['the lead', 'mei', true],
    ['the manager', 'chen', true],
    ['a colleague of the team', 'wei', false],
    ['the lead of another team', 'zhao', false],
  ] as const)('%s: %s', (_, by, may) => {
    const life = worked();
    if (may) life.do({ type: 'war_room' }, by, NOW + 2 * MINUTE);
    else expect(life.refusal({ type: 'war_room' }, by, NOW + 2 * MINUTE).kind).toBe('role');
    expect(rooms(life)).toHaveLength(may ? 1 : 0);
  });

  it('the requester may not', () => {
    expect(worked().refusal({ type: 'war_room' }, lin, NOW + 2 * MINUTE).kind).toBe('role');
  });

  it('there is one: asked for again while it is made, it is the same; once it is there, that is said', () => {
    const life = worked();
    life.do({ type: 'war_room' }, 'mei', NOW + 2 * MINUTE);
    life.do({ type: 'set', fields: { title: 'checkout is down' } }, 'li', NOW + 3 * MINUTE);
    life.do({ type: 'war_room' }, 'mei', NOW + 4 * MINUTE);
    expect(life.ticket.warRoom).toEqual({ name: 'itr-1', platform: 'slack', since: NOW + 2 * MINUTE, state: 'asked' });
    life.do({ type: 'link_thread', thread: ROOM }, SYSTEM, NOW + 5 * MINUTE);
    life.do({ type: 'war_room_opened', absent: [{ id: 'chen', name: '陈' }] }, SYSTEM, NOW + 5 * MINUTE);
    expect(life.notices).toMatchObject([
      { to: { to: 'work', team: 'db-l1' }, body: { type: 'war_room_opened', absent: [{ id: 'chen' }] } },
    ]);
    expect(life.do({ type: 'war_room_opened', absent: [] }, SYSTEM, NOW + 6 * MINUTE)).toEqual([]);
    expect(life.refusal({ type: 'war_room' }, 'mei', NOW + 7 * MINUTE).reason.code).toBe('has_war_room');
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('one that could not be made is said in the work thread, and may be asked for again', () => {
    const life = worked();
    life.do({ type: 'war_room' }, 'mei', NOW + 2 * MINUTE);
    life.do({ type: 'war_room_failed', why: 'scope', detail: 'groups:write' }, SYSTEM, NOW + 3 * MINUTE);
    expect(life.notices).toMatchObject([
      { to: { to: 'work' }, body: { type: 'war_room_failed', why: 'scope', detail: 'groups:write' } },
    ]);
    life.do({ type: 'war_room' }, 'mei', NOW + HOUR);
    expect(life.ticket.warRoom).toMatchObject({ state: 'asked', since: NOW + 2 * MINUTE });
  });

  it('where no thread of it stands on a connected platform, there is nowhere to open it', () => {
    const life = new Life(worldWith(), { ...S1, thread: null }, NOW);
    expect(life.refusal({ type: 'war_room' }, 'mei', NOW + MINUTE).reason.code).toBe('no_chat');
  });
});

describe('A point with war_room: true', () => {
  const POINT: readonly [string, string] = ['- { at: 75%, remind: assignee }', '- { at: 75%, war_room: true }'];
  const LOUD: readonly [string, string] = ['entitlement: open', 'silent_owner: off\nentitlement: open'];

  it('opens it, once: neither the next point nor the next clock opens another', () => {
    const life = worked(POINT, LOUD, ['- { at: 90%, remind: [assignee, duty] }', '- { at: 90%, war_room: true }']);
    life.runUntil(NOW + 30 * HOUR, SYSTEM);
    expect(rooms(life)).toMatchObject([
      { what: 'asked', at: NOW + 3 * HOUR, because: { clock: 'restore', point: '75%' }, actor: { id: 'itr' } },
    ]);
  });

  it('tries again at a later point where it failed', () => {
    const life = worked(POINT, LOUD, ['- { at: 90%, remind: [assignee, duty] }', '- { at: 90%, war_room: true }']);
    life.runUntil(NOW + 3 * HOUR, SYSTEM);
    life.do({ type: 'war_room_failed', why: 'other', detail: 'x' }, SYSTEM, NOW + 3 * HOUR);
    life.runUntil(NOW + 4 * HOUR - MINUTE, SYSTEM);
    expect(rooms(life).map(({ what }) => what)).toEqual(['asked', 'failed', 'asked']);
  });

  it('with escalate: tier it is opened for the team that has it now', () => {
    const life = worked(['- { at: 75%, remind: assignee }', '- { at: 75%, escalate: tier, war_room: true }'], LOUD);
    life.runUntil(NOW + 3 * HOUR, SYSTEM);
    const [asked] = rooms(life);
    expect(asked?.what === 'asked' ? asked.people.map(({ id }) => id) : []).toContain('zhao');
  });
});

describe('What is said in a war room', () => {
  it('is on the timeline, reaches neither the customer nor the work thread, and is no answer to anybody', () => {
    const life = new Life(worldWith(), S1, NOW);
    life.do({ type: 'link_thread', thread: WORK }, SYSTEM, NOW);
    life.do({ type: 'link_thread', thread: ROOM }, SYSTEM, NOW);
    const before = life.ticket;
    life.do(said('war_room', '先切备库'), 'li', NOW + 2 * MINUTE);
    expect(life.history.at(-1)).toMatchObject({ type: 'message', role: 'war_room', internal: true, text: '先切备库' });
    expect(life.notices).toEqual([]);
    expect(life.ticket).toMatchObject({ respondedAt: null, lastProgress: null, clocks: before.clocks });
    life.do(said('work', '正在切备库'), 'li', NOW + 3 * MINUTE);
    expect(life.notices.map(({ to }) => to.to)).toEqual(['origin']);
  });
});

describe('The name of a room', () => {
  it.each([
    ['Checkout is DOWN (all users)!', 'itr-42-checkout-is-down-all-users'],
    ['数据库宕机', 'itr-42'],
    ['生产 DB-01 宕机', 'itr-42-db-01'],
    ['x'.repeat(200), `itr-42-${'x'.repeat(53)}`],
    ['--- ', 'itr-42'],
  ])('of %j is %s', (title, name) => expect(roomName({ number: 42, fields: { title } })).toBe(name));
});
