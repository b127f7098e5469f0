import { describe, expect, it } from 'vitest';
import { clockView } from '../../src/domain/clocks.ts';
import { PUBLIC_COMMANDS, SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command, PublicCommand } from '../../src/domain/commands.ts';
import { replay } from '../../src/domain/evolve.ts';
import { FROM } from '../../src/domain/transitions.ts';
import { STATUSES } from '../../src/domain/words.ts';
import type { Status } from '../../src/domain/words.ts';
import { Life, at, lin, person, stranger, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-19T15:00+08:00');
const MIN = 60_000;

const queued = (): Life => new Life(world, {}, T0);
const claimed = (): Life => {
  const life = queued();
  life.do({ type: 'claim' }, 'wei', T0 + MIN);
  return life;
};
const resolvedLife = (): Life => {
  const life = claimed();
  life.do({ type: 'resolve', solution: '连接池调到200', cause: 'configuration' }, 'wei', T0 + 2 * MIN);
  return life;
};

const IN: Readonly<Record<Status, () => Life>> = {
  draft: () => new Life(world, { fields: { title: 'x' } }, T0),
  queued,
  in_progress: claimed,
  pending: () => {
    const life = claimed();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 2 * MIN);
    return life;
  },
  restored: () => {
    const life = claimed();
    life.do({ type: 'restore' }, 'wei', T0 + 2 * MIN);
    return life;
  },
  resolved: resolvedLife,
  closed: () => {
    const life = resolvedLife();
    life.do({ type: 'confirm' }, lin, T0 + 3 * MIN);
    return life;
  },
  rejected: () => {
    const life = queued();
    life.do({ type: 'reject', reason: 'out_of_scope' }, 'mei', T0 + MIN);
    return life;
  },
  cancelled: () => {
    const life = queued();
    life.do({ type: 'cancel' }, lin, T0 + MIN);
    return life;
  },
};

const COMMANDS: Readonly<
  Record<PublicCommand['type'], { readonly command: PublicCommand; readonly by: Actor | string }>
> = {
  set: { command: { type: 'set', fields: { version: '3.2' } }, by: 'wei' },
  register: { command: { type: 'register' }, by: 'wei' },
  authorize: { command: { type: 'authorize', reason: 'goodwill' }, by: 'mei' },
  reject: { command: { type: 'reject', reason: 'out_of_scope' }, by: 'mei' },
  claim: { command: { type: 'claim' }, by: 'li' },
  assign: { command: { type: 'assign', to: { id: 'li', name: '李丽', teams: ['db-l1'] } }, by: 'mei' },
  transfer: { command: { type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } } }, by: 'mei' },
  accept_handover: { command: { type: 'accept_handover' }, by: 'wei' },
  return: { command: { type: 'return' }, by: 'wei' },
  release: { command: { type: 'release' }, by: 'mei' },
  pend: { command: { type: 'pend', reason: 'vendor' }, by: 'mei' },
  consent: { command: { type: 'consent' }, by: lin },
  resume: { command: { type: 'resume' }, by: lin },
  escalate: { command: { type: 'escalate' }, by: 'mei' },
  war_room: { command: { type: 'war_room' }, by: 'mei' },
  acknowledge: { command: { type: 'acknowledge' }, by: 'chen' },
  set_severity: { command: { type: 'set_severity', severity: 'S1' }, by: 'li' },
  restore: { command: { type: 'restore' }, by: 'mei' },
  resolve: { command: { type: 'resolve', solution: 'done', cause: 'defect' }, by: 'mei' },
  confirm: { command: { type: 'confirm' }, by: lin },
  reopen: { command: { type: 'reopen' }, by: lin },
  close: { command: { type: 'close' }, by: 'mei' },
  cancel: { command: { type: 'cancel' }, by: lin },
  comment: { command: { type: 'comment', text: 'hello' }, by: 'wei' },
  note: { command: { type: 'note', text: 'hm' }, by: 'wei' },
  evidence: { command: { type: 'evidence', message: { platform: 'slack', chat: 'C', message: '1' } }, by: 'wei' },
  internal: { command: { type: 'internal', message: { platform: 'slack', chat: 'C', message: '1' } }, by: 'wei' },
  link: { command: { type: 'link', to: 9, as: 'related' }, by: 'wei' },
  rate: { command: { type: 'rate', score: 4 }, by: lin },
  checkpoint: { command: { type: 'checkpoint', activity: 'locate', note: 'the proxy' }, by: 'wei' },
};

/** Commands that need more than the right status. */
const NEEDS_MORE = new Set<PublicCommand['type']>(['accept_handover', 'return', 'acknowledge']);

describe('every command in every status', () => {
  for (const type of PUBLIC_COMMANDS) {
    for (const status of STATUSES) {
      const allowed = FROM[type].includes(status);
      it(`${type} of a ${status} ticket ${allowed ? 'is done' : 'is refused, and says what is possible'}`, () => {
        const life = IN[status]();
        expect(life.ticket.status).toBe(status);
        const { command, by } = COMMANDS[type];
        if (allowed && !NEEDS_MORE.has(type)) {
          life.do(command, by, T0 + 10 * MIN);
        } else if (!allowed) {
          const refusal = life.refusal(command, by, T0 + 10 * MIN);
          expect(refusal.kind).toBe('state');
          expect(refusal.possible).toEqual(PUBLIC_COMMANDS.filter((one) => FROM[one].includes(status)));
          expect(refusal.message).toContain('ITR-1');
        }
        expect(replay(1, life.history)).toEqual(life.ticket);
      });
    }
  }
});

describe('who may', () => {
  const cases: readonly [string, Status, PublicCommand['type'], Actor | string][] = [
    ['a requester cannot claim', 'queued', 'claim', lin],
    ['an engineer of another team cannot claim', 'queued', 'claim', 'zhao'],
    ['an engineer who is not the owner cannot resolve', 'in_progress', 'resolve', 'li'],
    ['an engineer cannot confirm for the customer', 'resolved', 'confirm', 'wei'],
    ['somebody from elsewhere cannot confirm', 'resolved', 'confirm', stranger],
    ['an engineer cannot reject', 'queued', 'reject', 'wei'],
    ['a lead of another team cannot assign', 'queued', 'assign', 'zhao'],
    ['an engineer cannot cancel for the customer', 'queued', 'cancel', 'wei'],
    ['a requester cannot change the severity', 'queued', 'set_severity', lin],
    ['somebody the ladder has not reached cannot acknowledge', 'queued', 'acknowledge', 'li'],
    ['a requester to whom the bot has offered nothing cannot register', 'draft', 'register', stranger],
  ];
  for (const [sentence, status, type, by] of cases) {
    it(sentence, () => {
      const refusal = IN[status]().refusal(COMMANDS[type].command, by, T0 + 10 * MIN);
      expect(refusal.kind).toBe('role');
    });
  }

  it('a manager may what a lead may', () => {
    const life = queued();
    life.do(COMMANDS.assign.command, 'chen', T0 + MIN);
    expect(life.ticket).toMatchObject({ status: 'in_progress', assignee: { id: 'li' } });
  });

  it('two claims: the second is told who was first', () => {
    const refusal = claimed().refusal({ type: 'claim' }, 'li', T0 + 2 * MIN);
    expect(refusal.reason).toEqual({ code: 'already_claimed', by: { id: 'wei', name: '魏伟' } });
  });
});

describe('intake', () => {
  it('asks for one missing field at a time, none twice, and registers when everything is there', () => {
    const life = new Life(world, { fields: { title: 'Slow' } }, T0);
    expect(life.ticket).toMatchObject({ status: 'draft', asking: { field: 'product' } });
    life.do({ type: 'set', fields: { product: '数据库' } }, lin, T0 + MIN);
    expect(life.ticket.fields.product).toBe('db');
    expect(life.ticket.asking?.field).toBe('impact');
    const events = life.do({ type: 'set', fields: { impact: '全部' } }, lin, T0 + 2 * MIN);
    expect(events.map((event) => event.type)).toEqual(['fields_changed', 'registered', 'entitled', 'dispatched']);
    expect(life.ticket).toMatchObject({ status: 'queued', team: 'db-l1', contract: 'A-2026-01', tier: 'L1' });
  });

  it('an unrelated remark is not asked about again', () => {
    const life = new Life(world, { fields: { title: 'Slow' } }, T0);
    const said = {
      key: { platform: 'slack', chat: 'C0ACME', message: '1.2' },
      author: { id: lin.id, name: '林' },
      side: 'customer' as const,
      at: T0 + MIN,
      text: '在吗',
      attachments: [],
    };
    const events = life.do({ type: 'message', message: said, role: 'origin', internal: false }, lin, T0 + MIN);
    expect(events.map((event) => event.type)).toEqual(['message']);
  });

  it('a rule fills in what nobody has said', () => {
    const life = new Life(world, { fields: { title: '连接池耗尽', product: 'db', impact: 'x' } }, T0);
    expect(life.ticket).toMatchObject({ routedBy: 'rule 2', fields: { component: 'proxy' } });
  });

  it('the severity of a draft follows what is said while it is only a guess', () => {
    const life = new Life(world, { fields: { title: 'Slow', product: 'db' } }, T0);
    const said = {
      key: { platform: 'slack', chat: 'C0ACME', message: '1.2' },
      author: { id: lin.id, name: '林' },
      side: 'customer' as const,
      at: T0 + MIN,
      text: '刚刚开始全部线上下单都失败了',
      attachments: [],
    };
    life.do(
      {
        type: 'message',
        message: said,
        role: 'origin',
        internal: false,
        fields: { impact: said.text },
        severity: 'S1',
      },
      lin,
      T0 + MIN,
    );
    expect(life.ticket).toMatchObject({ status: 'queued', severity: 'S1' });
    const response = life.ticket.clocks.find((clock) => clock.metric === 'response');
    expect(response).toMatchObject({ startedAt: T0, targetMs: 15 * MIN });
  });
});

describe('ownership', () => {
  const via = { platform: 'slack', chat: 'C0DUTY', message: '2.1', emoji: 'eyes' };

  it('removing the winning reaction within five minutes releases the ticket', () => {
    const life = queued();
    life.do({ type: 'claim', via }, 'wei', T0 + MIN);
    expect(life.do({ type: 'unclaim', via }, 'wei', T0 + 6 * MIN).map((event) => event.type)).toEqual(['released']);
    expect(life.ticket.status).toBe('queued');
    expect('assignee' in life.ticket).toBe(false);
  });

  it('later, or another reaction, changes nothing', () => {
    const life = queued();
    life.do({ type: 'claim', via }, 'wei', T0 + MIN);
    expect(life.do({ type: 'unclaim', via: { ...via, emoji: 'raising_hand' } }, 'wei', T0 + 2 * MIN)).toEqual([]);
    expect(life.do({ type: 'unclaim', via }, 'wei', T0 + 6 * MIN + 1)).toEqual([]);
  });

  it('escalating a tier queues it there, with a brief, and another tier clock', () => {
    const life = claimed();
    life.do({ type: 'escalate', note: 'needs a DBA' }, 'wei', T0 + 10 * MIN);
    expect(life.ticket).toMatchObject({ status: 'queued', team: 'db-l2', tier: 'L2', handover: { fromTeam: 'db-l1' } });
    expect(life.notices.map((notice) => notice.body.type)).toEqual(['card', 'card', 'card', 'work_card', 'handover']);
    const l1 = life.ticket.clocks.find((clock) => clock.id === 'tier:L1#1');
    expect(l1?.stoppedAt).toBe(T0 + 10 * MIN);
  });

  it('a transfer to a person off duty is obeyed, and said', () => {
    const life = claimed();
    const [event] = life.do(
      { type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } } },
      'wei',
      T0 + 10 * MIN,
    );
    expect(event).toMatchObject({ type: 'transferred', offDuty: true });
    expect(life.ticket).toMatchObject({ status: 'in_progress', assignee: { id: 'li' } });
    life.do({ type: 'return', note: 'not mine' }, 'li', T0 + 11 * MIN);
    expect(life.ticket).toMatchObject({ assignee: { id: 'wei' }, handover: null });
  });
});

describe('clocks of a ticket', () => {
  const view = (life: Life, id: string, now: number) => {
    const clock = life.ticket.clocks.find((one) => one.id === id);
    if (clock === undefined) throw new Error(`no clock ${id}`);
    return clockView(clock, world.policy, now);
  };

  it('start with the customer’s first message, not with the ticket', () => {
    const life = new Life(world, { firstMessageAt: T0 - 20 * MIN }, T0);
    expect(life.ticket.clocks.find((clock) => clock.id === 'response')).toMatchObject({
      startedAt: T0 - 20 * MIN,
      targetMs: 15 * MIN,
      policy: 'gold',
    });
    expect(life.timer('response')).toMatchObject({ point: '50%', dueAt: T0 - 20 * MIN + 7.5 * MIN });
  });

  it('the worked case: resolve 8 h, paused 11-19 16:30 to 11-20 14:00, is due 11-23 11:30; its 75 % point 11-20 12:00 unpaused', () => {
    const eight = worldWith(['S3: { response: 2h, resolve: 40h }', 'S3: { response: 2h, resolve: 8h }']);
    const life = new Life(eight, { severity: 'S3' }, T0);
    const resolve = () => {
      const clock = life.ticket.clocks.find((one) => one.id === 'resolve');
      if (clock === undefined) throw new Error('no resolve clock');
      return clockView(clock, eight.policy, T0);
    };
    expect(resolve().dueAt).toBe(at('2026-11-20T15:30+08:00'));
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', at('2026-11-19T16:30+08:00'));
    expect(resolve().dueAt).toBeNull();
    expect(life.timer('resolve')).toBeUndefined();
    life.do({ type: 'resume' }, 'wei', at('2026-11-20T14:00+08:00'));
    expect(resolve().dueAt).toBe(at('2026-11-23T11:30+08:00'));
    expect(clockView({ ...resolve().clock, pauses: [] }, eight.policy, at('2026-11-20T12:00+08:00')).elapsedMs).toBe(
      6 * 60 * MIN,
    );
  });

  it('a reply of the requester resumes what waits for the customer, and nothing else', () => {
    const said = {
      key: { platform: 'slack', chat: 'C0ACME', message: '1.9' },
      author: { id: lin.id, name: '林' },
      side: 'customer' as const,
      at: T0,
      text: '日志在附件',
      attachments: [],
    };
    const life = IN.pending();
    life.do({ type: 'message', message: said, role: 'origin', internal: false }, lin, T0 + 5 * MIN);
    expect(life.ticket.status).toBe('in_progress');
    const vendor = claimed();
    vendor.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 2 * MIN);
    vendor.do({ type: 'message', message: said, role: 'origin', internal: false }, lin, T0 + 5 * MIN);
    expect(vendor.ticket.status).toBe('pending');
  });

  it('a pause for a reason outside pause_on stops no clock', () => {
    const life = claimed();
    life.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 2 * MIN);
    expect(view(life, 'resolve', T0 + 10 * MIN).state).toBe('running');
  });

  it('a raised severity is counted from the original start; elapsed time stays', () => {
    const life = claimed();
    const before = view(life, 'resolve', T0 + 30 * MIN);
    life.do({ type: 'set_severity', severity: 'S1' }, 'wei', T0 + 30 * MIN);
    const after = view(life, 'restore', T0 + 30 * MIN);
    expect(after.clock).toMatchObject({ startedAt: T0, targetMs: 4 * 60 * MIN, calendar: '24x7' });
    expect(view(life, 'resolve', T0 + 30 * MIN).elapsedMs).toBe(before.elapsedMs);
  });

  it('a severity without a restore target cancels that clock; raised again, it comes back', () => {
    const life = claimed();
    life.do({ type: 'set_severity', severity: 'S3' }, 'wei', T0 + 30 * MIN);
    expect(view(life, 'restore', T0 + 31 * MIN).state).toBe('cancelled');
    life.do({ type: 'set_severity', severity: 'S2' }, 'wei', T0 + 40 * MIN);
    expect(view(life, 'restore', T0 + 41 * MIN).state).toBe('running');
  });

  it('reopened, resolve runs on with what had elapsed', () => {
    const life = resolvedLife();
    life.do({ type: 'reopen' }, lin, T0 + 62 * MIN);
    expect(view(life, 'resolve', T0 + 72 * MIN).elapsedMs).toBe(12 * MIN);
  });

  it('closed for good after the window', () => {
    const refusal = IN.closed().refusal({ type: 'reopen' }, lin, T0 + 15 * 24 * 60 * MIN);
    expect(refusal.reason.code).toBe('reopen_window_over');
  });
});

describe('timers', () => {
  it('the next point of each running clock, the ladder, nothing else', () => {
    const life = queued();
    expect(life.timers.map(({ clock, point }) => `${clock} ${point}`)).toEqual([
      'response 50%',
      'restore 50%',
      'resolve 50%',
      'claim#1 100%',
      'tier:L1#1 100%',
      'ladder step:1',
    ]);
  });

  it('each point once, in order; the breach starts the ladder and repeats until it is acknowledged', () => {
    const life = queued();
    const told = life.runUntil(T0 + 3 * 60 * MIN, SYSTEM);
    const response = told.filter((event) => event.type === 'point_reached' && event.clock === 'response');
    expect(
      response.map((event) => (event.type === 'point_reached' ? `${event.point}#${event.occurrence}` : '')),
    ).toEqual(['50%#0', '75%#0', '90%#0', '100%#0', '100%#1', '100%#2']);
    expect(told.filter((event) => event.type === 'breached').map((event) => event.clock)).toContain('response');
    life.do({ type: 'acknowledge' }, 'chen', T0 + 3 * 60 * MIN);
    const later = life.runUntil(T0 + 4 * 60 * MIN, SYSTEM);
    expect(later.some((event) => event.type === 'point_reached' && event.clock === 'response')).toBe(false);
  });

  it('what passed while the process was down is said once, the highest, with how late', () => {
    const life = queued();
    const due = life.timer('response');
    if (due === undefined) throw new Error('no timer');
    const [first] = life.do(
      { type: 'timer_due', clock: 'response', point: due.point, occurrence: 0 },
      SYSTEM,
      T0 + 14 * MIN,
    );
    expect(first).toMatchObject({ type: 'point_reached', point: '90%', skipped: ['50%', '75%'], lateMs: 30_000 });
    expect(life.timer('response')).toMatchObject({ point: '100%' });
  });

  it('a timer that is not due any more does nothing', () => {
    const life = queued();
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    expect(
      life.do({ type: 'timer_due', clock: 'response', point: '50%', occurrence: 0 }, SYSTEM, T0 + 60 * MIN),
    ).toEqual([]);
    expect(
      life.do({ type: 'timer_due', clock: 'ladder', point: 'step:1', occurrence: 1 }, SYSTEM, T0 + 60 * MIN),
    ).toEqual([]);
  });

  it('resolved: a reminder after one business day, closed after three', () => {
    const life = resolvedLife();
    expect(life.timer('close')).toMatchObject({ point: 'reminder', dueAt: at('2026-11-20T15:02+08:00') });
    const told = life.runUntil(at('2026-11-30T09:00+08:00'), SYSTEM);
    expect(told.map((event) => [event.type, event.at])).toEqual([
      ['reminded', at('2026-11-20T15:02+08:00')],
      ['closed', at('2026-11-24T15:02+08:00')],
    ]);
    expect(life.ticket).toMatchObject({ status: 'closed', closedBy: 'auto' });
  });

  it('resolved, and its requester answers something that is no thanks: the days count from there', () => {
    const reply = (text: string): Command => ({
      type: 'message',
      role: 'origin',
      internal: false,
      message: {
        key: { platform: 'slack', chat: 'C0ACME', message: text },
        author: { id: lin.id, name: lin.name },
        side: 'customer',
        at: T0,
        text,
        attachments: [],
      },
    });
    const life = resolvedLife();
    life.runUntil(at('2026-11-20T15:02+08:00'), SYSTEM);
    expect(life.ticket).toMatchObject({ reminded: true });
    life.do(reply('谢谢'), lin, at('2026-11-23T10:00+08:00'));
    expect(life.timer('close')).toMatchObject({ point: 'auto_close', dueAt: at('2026-11-24T15:02+08:00') });
    life.do(reply('好像还有一个库连不上，我再看看'), lin, at('2026-11-24T10:00+08:00'));
    expect(life.notices.map(({ body }) => body.type)).toContain('solved_or_not');
    const told = life.runUntil(at('2026-12-10T09:00+08:00'), SYSTEM);
    expect(told.map((event) => [event.type, event.at])).toEqual([
      ['reminded', at('2026-11-25T10:00+08:00')],
      ['closed', at('2026-11-27T10:00+08:00')],
    ]);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('a wait with an end resumes by itself', () => {
    const life = claimed();
    life.do({ type: 'pend', reason: 'change', until: T0 + 60 * MIN }, 'wei', T0 + 2 * MIN);
    life.do({ type: 'timer_due', clock: 'pend', point: 'until', occurrence: 0 }, SYSTEM, T0 + 60 * MIN);
    expect(life.ticket.status).toBe('in_progress');
  });
});

describe('the ladder', () => {
  it('climbs from duty (the work card) to the lead and the manager; a breach meanwhile does not start it again', () => {
    const life = queued();
    const climbed = life.runUntil(T0 + 60 * MIN, SYSTEM).filter((event) => event.type === 'reminded');
    expect(climbed.map((event) => event.told.map(({ person: one }) => one?.id))).toEqual([['mei'], ['chen']]);
  });

  it('stops at the claim', () => {
    const life = queued();
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    expect(life.timer('ladder')).toBeUndefined();
  });

  it('starts again with a breach once it has ended', () => {
    const life = claimed();
    const told = life.runUntil(at('2026-11-21T09:00+08:00'), SYSTEM);
    const restart = told.find((event) => event.type === 'escalated');
    expect(restart).toMatchObject({ kind: 'management', because: 'restore 100%', at: at('2026-11-20T15:30+08:00') });
  });

  it('skips at once whom no platform reaches, and says so', () => {
    const mute = worldWith(['slack: U0MEI, ', '']);
    const life = new Life(mute, {}, T0);
    const [event] = life.do(
      { type: 'timer_due', clock: 'ladder', point: 'step:1', occurrence: 1 },
      SYSTEM,
      T0 + 15 * MIN,
    );
    expect(event).toMatchObject({ type: 'reminded', step: 2, unreachable: ['梅'], told: [{ person: { id: 'chen' } }] });
  });
});

describe('what is said', () => {
  const say = (text: string, role: 'origin' | 'work', by: Actor, side: 'service' | 'customer', internal = false) => ({
    command: {
      type: 'message',
      message: {
        key: { platform: 'slack', chat: 'C', message: '9' },
        author: { id: by.id, name: by.name },
        side,
        at: T0 + 5 * MIN,
        text,
        attachments: [],
      },
      role,
      internal,
    } as const,
    by,
  });

  it('is carried to the other thread, unless it is internal', () => {
    const life = claimed();
    const wei = person('wei', world);
    const asked = say('版本是多少?', 'work', wei, 'service');
    life.do(asked.command, asked.by, T0 + 5 * MIN);
    expect(life.notices).toMatchObject([{ to: { to: 'origin' }, body: { type: 'carry', text: '版本是多少?' } }]);
    const hidden = say('// suspect the switch', 'work', wei, 'service', true);
    life.do(hidden.command, hidden.by, T0 + 5 * MIN);
    expect(life.notices).toEqual([]);
  });

  it('an engineer’s message in the origin thread is the first response', () => {
    const life = queued();
    const answer = say('在看了', 'origin', person('wei', world), 'service');
    life.do(answer.command, answer.by, T0 + 5 * MIN);
    expect(life.ticket.clocks.find((clock) => clock.id === 'response')?.stoppedAt).toBe(T0 + 5 * MIN);
  });

  it('a reply on a resolved ticket that is no thanks is asked about; thanks are not', () => {
    const life = resolvedLife();
    const again = say('还是慢', 'origin', lin, 'customer');
    life.do(again.command, again.by, T0 + 5 * MIN);
    expect(life.ticket.status).toBe('resolved');
    expect(life.notices.map((notice) => notice.body.type)).toContain('solved_or_not');
    const thanks = say('谢谢', 'origin', lin, 'customer');
    life.do(thanks.command, thanks.by, T0 + 6 * MIN);
    expect(life.notices.map((notice) => notice.body.type)).not.toContain('solved_or_not');
  });
});

describe('a ticket that waits for an owner again', () => {
  it('climbs its ladder from the start: released, or transferred to a team', () => {
    const released = claimed();
    expect(released.timer('ladder')).toBeUndefined();
    released.do({ type: 'release' }, 'wei', T0 + 10 * MIN);
    expect(released.timer('ladder')).toMatchObject({ point: 'step:1', dueAt: T0 + 25 * MIN, occurrence: 2 });
    const moved = claimed();
    moved.do({ type: 'transfer', to: { team: 'db-l2' } }, 'wei', T0 + 10 * MIN);
    expect(moved.timer('ladder')).toMatchObject({ dueAt: T0 + 25 * MIN });
  });

  it('calls the lead, not the one on duty, where tickets are assigned by hand', () => {
    const manual = worldWith(['assign: duty, rotation: db-l1', 'assign: manual, rotation: db-l1']);
    const life = new Life(manual, {}, T0);
    expect(life.history.find((event) => event.type === 'dispatched')).toMatchObject({ duty: { id: 'mei' } });
  });
});

describe('🔒', () => {
  it('takes back what was carried over, and carries no edit of it', () => {
    const life = claimed();
    const key = { platform: 'slack', chat: 'C0DUTY', message: '9' };
    const wei = person('wei', world);
    const message = {
      key,
      author: { id: 'wei', name: wei.name },
      side: 'service' as const,
      at: T0 + 5 * MIN,
      text: '客户很烦',
      attachments: [],
    };
    life.do({ type: 'message', message, role: 'work', internal: false }, wei, T0 + 5 * MIN);
    life.do({ type: 'internal', message: key }, wei, T0 + 6 * MIN);
    // The card quoted it as the last progress.
    expect(life.ticket.lastProgress).toBeNull();
    expect(life.notices.map((notice) => notice.body.type)).toEqual(['card', 'card', 'carry_delete', 'carry_delete']);
    life.do({ type: 'message_edited', key, text: '客户真烦' }, wei, T0 + 7 * MIN);
    expect(life.notices).toEqual([]);
  });
});

describe('who may become the owner', () => {
  const stray = { id: 'slack:U0LIN', name: '林', teams: [] };

  it('somebody of the configuration who works on tickets, and who is not the owner already', () => {
    expect(queued().refusal({ type: 'assign', to: stray }, 'mei', T0 + MIN).kind).toBe('input');
    expect(claimed().refusal({ type: 'transfer', to: { person: stray } }, 'wei', T0 + MIN).kind).toBe('input');
    const self = { id: 'wei', name: '魏伟', teams: ['db-l1'] };
    expect(claimed().refusal({ type: 'transfer', to: { person: self } }, 'wei', T0 + MIN).kind).toBe('input');
    expect(claimed().refusal({ type: 'escalate', to: 'db-l1' }, 'wei', T0 + MIN).kind).toBe('input');
  });

  it('nothing is a duplicate of itself', () => {
    expect(queued().refusal({ type: 'reject', reason: 'duplicate', of: 1 }, 'mei', T0 + MIN).kind).toBe('input');
  });

  it('a claim of a closed ticket is told about the time, a customer’s claim about the role', () => {
    expect(IN.closed().refusal({ type: 'claim' }, 'zhao', T0 + 10 * MIN).reason.code).toBe('not_now');
    expect(claimed().refusal({ type: 'claim' }, lin, T0 + 10 * MIN).kind).toBe('role');
  });

  it('the one on duty, whom the work card calls, has been reached by the ladder', () => {
    expect(queued().ticket.ladder?.reached).toEqual(['wei']);
  });
});
