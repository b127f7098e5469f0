/** docs/domain.md: "Words", "The life of a ticket", "Commands", line by line, where no other file of this folder proves them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLIC_COMMANDS, SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command, PublicCommand } from '../../src/domain/commands.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { ACTIVITIES } from '../../src/domain/events.ts';
import { replay } from '../../src/domain/evolve.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { priorityOf } from '../../src/domain/priority.ts';
import { KINDS, LEVELS, PEND_REASONS, REJECT_REASONS, SEVERITIES, STATUSES, stageOf } from '../../src/domain/words.ts';
import type { Status } from '../../src/domain/words.ts';
import { flowOf } from '../../src/web/view/flow.ts';
import { Life, at, lin, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-19T15:00+08:00');
const LI = { id: 'li', name: '李丽', teams: ['db-l1'] };
const RESOLVE = { type: 'resolve', solution: '连接池调到200', cause: 'configuration' } as const;

type Step = readonly [Command, Actor | string];
/** One minute a step. */
const live = (start: Life, ...steps: readonly Step[]): Life => {
  steps.forEach(([command, by], index) => start.do(command, by, T0 + (index + 1) * MINUTE));
  return start;
};
const CLAIM: Step = [{ type: 'claim' }, 'wei'];
const queued = (): Life => new Life(world, {}, T0);
const claimed = (...more: readonly Step[]): Life => live(queued(), CLAIM, ...more);

const IN: Readonly<Record<Status, () => Life>> = {
  draft: () => new Life(world, { fields: { title: 'x' } }, T0),
  queued,
  in_progress: claimed,
  pending: () => claimed([{ type: 'pend', reason: 'customer' }, 'wei']),
  restored: () => claimed([{ type: 'restore' }, 'wei']),
  resolved: () => claimed([RESOLVE, 'wei']),
  closed: () => claimed([RESOLVE, 'wei'], [{ type: 'confirm' }, lin]),
  rejected: () => live(queued(), [{ type: 'reject', reason: 'out_of_scope' }, 'mei']),
  cancelled: () => live(queued(), [{ type: 'cancel' }, lin]),
};

describe('Words: priority', () => {
  it.each([
    ['high', 'S1', 'P1'],
    ['high', 'S2', 'P1'],
    ['high', 'S3', 'P2'],
    ['high', 'S4', 'P3'],
    ['medium', 'S1', 'P2'],
    ['medium', 'S3', 'P3'],
    ['medium', 'S4', 'P4'],
    ['low', 'S2', 'P3'],
    ['low', 'S3', 'P4'],
    ['low', 'S4', 'P4'],
  ] as const)('impact %s × %s is %s, by the table of the configuration', (impact_level, severity, priority) => {
    expect(priorityOf({ impact_level }, severity, world.policy)).toBe(priority);
  });

  it.each(SEVERITIES.map((severity, i) => [severity, `P${i + 1}`] as const))(
    'without impact_level %s is %s',
    (severity, priority) => expect(priorityOf({ title: 'x' }, severity, world.policy)).toBe(priority),
  );

  it('another table gives another priority, and a changed severity or impact a new one', () => {
    const other = worldWith(['{ high: { high: P1,', '{ high: { high: P4,']);
    expect(priorityOf({ impact_level: 'high' }, 'S1', other.policy)).toBe('P4');
    const life = claimed();
    expect(life.ticket.priority).toBe('P2');
    life.do({ type: 'set', fields: { impact_level: 'low' } }, 'wei', T0 + HOUR);
    expect(life.ticket.priority).toBe('P3');
    life.do({ type: 'set_severity', severity: 'S4' }, 'wei', T0 + HOUR);
    expect(life.ticket.priority).toBe('P4');
  });
});

describe('Words: kind and severity', () => {
  it.each(KINDS)('a %s is registered, claimed, solved and closed', (kind) => {
    const life = live(
      new Life(world, { kind }, T0),
      [{ type: 'claim' }, 'wei'],
      [RESOLVE, 'wei'],
      [{ type: 'confirm' }, lin],
    );
    expect(life.ticket).toMatchObject({ kind, status: 'closed' });
  });

  it('a severity is guessed until somebody says it, also when he says the same', () => {
    const life = queued();
    expect(life.ticket).toMatchObject({ severity: 'S2', severityGuessed: true });
    life.do({ type: 'set_severity', severity: 'S2' }, 'wei', T0 + MINUTE);
    expect(life.ticket).toMatchObject({ severity: 'S2', severityGuessed: false });
  });
});

/** The diagram of the page: status, command, what it becomes. `set` leads on only where it completes a draft. */
const WAYS: readonly (readonly [Status, string, PublicCommand, Actor | string, Status])[] = [
  ['draft', 'register', { type: 'register' }, 'wei', 'queued'],
  ['draft', 'authorize', { type: 'authorize', reason: '老客户' }, 'mei', 'queued'],
  ['draft', 'set all that is missing', { type: 'set', fields: { product: 'db', impact: '全部' } }, lin, 'queued'],
  ['draft', 'reject', { type: 'reject', reason: 'out_of_scope' }, 'mei', 'rejected'],
  ['draft', 'cancel', { type: 'cancel' }, lin, 'cancelled'],
  ['queued', 'claim', { type: 'claim' }, 'wei', 'in_progress'],
  ['queued', 'assign', { type: 'assign', to: LI }, 'mei', 'in_progress'],
  ['queued', 'escalate', { type: 'escalate' }, 'mei', 'queued'],
  ['queued', 'reject', { type: 'reject', reason: 'duplicate', of: 7 }, 'mei', 'rejected'],
  ['queued', 'cancel', { type: 'cancel' }, lin, 'cancelled'],
  ['in_progress', 'assign', { type: 'assign', to: LI }, 'mei', 'in_progress'],
  ['in_progress', 'pend', { type: 'pend', reason: 'vendor' }, 'wei', 'pending'],
  ['in_progress', 'restore', { type: 'restore' }, 'wei', 'restored'],
  ['pending', 'resume', { type: 'resume' }, lin, 'in_progress'],
  ['pending', 'restore', { type: 'restore' }, 'wei', 'restored'],
  ['restored', 'pend', { type: 'pend', reason: 'observation' }, 'wei', 'pending'],
  ['restored', 'reopen (it came back)', { type: 'reopen' }, lin, 'in_progress'],
  ...(['in_progress', 'pending', 'restored'] as const).flatMap(
    (status) =>
      [
        [status, 'resolve', RESOLVE, 'wei', 'resolved'],
        [status, 'transfer to a person', { type: 'transfer', to: { person: LI } }, 'wei', 'in_progress'],
        [status, 'transfer to a team', { type: 'transfer', to: { team: 'db-l2' } }, 'wei', 'queued'],
        [status, 'release', { type: 'release' }, 'wei', 'queued'],
        [status, 'escalate', { type: 'escalate' }, 'wei', 'queued'],
        [status, 'cancel', { type: 'cancel' }, lin, 'cancelled'],
      ] as const,
  ),
  ['resolved', 'confirm', { type: 'confirm' }, lin, 'closed'],
  ['resolved', 'close', { type: 'close' }, 'mei', 'closed'],
  ['resolved', 'reopen', { type: 'reopen' }, lin, 'in_progress'],
  ['resolved', 'cancel', { type: 'cancel' }, lin, 'cancelled'],
  ['closed', 'reopen', { type: 'reopen' }, lin, 'in_progress'],
];

/** Nothing of these leads out of any status. */
const STAYING: readonly PublicCommand[] = [
  { type: 'set', fields: { version: '3.2' } },
  { type: 'set_severity', severity: 'S1' },
  { type: 'acknowledge' },
  { type: 'war_room' },
  { type: 'consent' },
  { type: 'comment', text: '在看' },
  { type: 'note', text: '在看' },
  { type: 'evidence', message: { platform: 'slack', chat: 'C', message: '1' } },
  { type: 'internal', message: { platform: 'slack', chat: 'C', message: '1' } },
  { type: 'link', to: 9, as: 'related' },
  { type: 'rate', score: 5 },
  { type: 'checkpoint', activity: 'locate' },
  { type: 'war_room' },
  { type: 'accept_handover' },
  { type: 'return' },
];

describe('The life of a ticket: each way out', () => {
  it.each(WAYS)('%s leaves by %s', (from, _how, command, by, to) => {
    const life = IN[from]();
    expect(life.ticket.status).toBe(from);
    const before = life.ticket;
    life.do(command, by, T0 + HOUR);
    expect(life.ticket.status).toBe(to);
    if (from === to) expect([before.team, 'assignee' in before && before.assignee]).not.toEqual(whose(life));
    expect(replay(1, life.history)).toEqual(life.ticket);
  });
  const whose = ({ ticket }: Life) => [ticket.team, 'assignee' in ticket && ticket.assignee];

  it.each(STATUSES)('and by no other: %s', (status) => {
    const known = new Set(WAYS.filter(([from]) => from === status).map(([, , { type }, , to]) => `${type} → ${to}`));
    const tried = [...new Set([...WAYS.map(([, , command]) => command), ...STAYING])];
    expect(new Set(tried.map(({ type }) => type))).toEqual(new Set(PUBLIC_COMMANDS));
    for (const command of tried)
      for (const by of [lin, 'wei', 'li', 'mei', 'zhao', 'chen', 'admin', SYSTEM]) {
        const life = IN[status]();
        try {
          life.do(command, by, T0 + HOUR);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
        if (life.ticket.status !== status) expect(known).toContain(`${command.type} → ${life.ticket.status}`);
      }
  });

  it.each(['rejected', 'cancelled'] as const)('%s is the end: nothing rings, and every clock is off', (status) => {
    const life = IN[status]();
    expect(life.timers).toEqual([]);
    expect(life.ticket.clocks.every(({ cancelledAt }) => cancelledAt !== null)).toBe(true);
    expect(stageOf(status)).toBe('end');
  });

  it.each([
    ['acceptance', ['draft', 'queued']],
    ['handling', ['in_progress', 'pending', 'restored']],
    ['closing', ['resolved', 'closed']],
    ['end', ['rejected', 'cancelled']],
  ] as const)('stage %s is %s', (stage, statuses) => {
    expect(STATUSES.filter((status) => stageOf(status) === stage)).toEqual(statuses);
  });
});

describe('The life of a ticket: what each status means', () => {
  it.each(PEND_REASONS)('pending for %s: says since when, by whom and goes on where it stood', (reason) => {
    for (const [how, back] of [
      [[], 'in_progress'],
      [[[{ type: 'restore' }, 'wei']], 'restored'],
    ] as readonly (readonly [readonly Step[], Status])[]) {
      const life = claimed(...how, [{ type: 'pend', reason }, 'wei']);
      expect(life.ticket).toMatchObject({
        status: 'pending',
        reason,
        pendedBy: { id: 'wei' },
        assignee: { id: 'wei' },
      });
      life.do({ type: 'resume' }, 'wei', T0 + HOUR);
      expect(life.ticket.status).toBe(back);
    }
  });

  it.each(PEND_REASONS)('pending for %s: only what waits for the customer goes on by his word', (reason) => {
    const life = claimed([{ type: 'pend', reason }, 'wei']);
    const key = { platform: 'slack', chat: 'C0ACME', message: '1.9' };
    const said = { key, author: lin, side: 'customer', at: T0 + HOUR, text: '日志在附件', attachments: [] } as const;
    life.do({ type: 'message', message: said, role: 'origin', internal: false }, lin, T0 + HOUR);
    expect(life.ticket.status).toBe(reason === 'customer' ? 'in_progress' : 'pending');
  });

  it('an end that has passed is none to wait for; at its end it goes on by itself', () => {
    const life = claimed();
    expect(life.refusal({ type: 'pend', reason: 'change', until: T0 + MINUTE }, 'wei', T0 + MINUTE).kind).toBe('input');
    life.do({ type: 'pend', reason: 'observation', until: T0 + 2 * HOUR }, 'wei', T0 + 2 * MINUTE);
    expect(life.timer('pend')?.dueAt).toBe(T0 + 2 * HOUR);
    life.do({ type: 'timer_due', clock: 'pend', point: 'until', occurrence: 0 }, SYSTEM, T0 + 2 * HOUR - 1);
    expect(life.ticket.status).toBe('pending');
    life.do({ type: 'timer_due', clock: 'pend', point: 'until', occurrence: 0 }, SYSTEM, T0 + 2 * HOUR);
    expect(life.ticket.status).toBe('in_progress');
  });

  it('restored: the cause is open, so resolve runs on while restore has stopped; it came back: both run', () => {
    const life = IN.restored();
    const running = (): string[] =>
      life.ticket.clocks.filter(({ kind, stoppedAt }) => kind === 'SLA' && stoppedAt === null).map(({ id }) => id);
    expect(running()).toEqual(['resolve', 'update']);
    life.do({ type: 'reopen' }, lin, T0 + HOUR);
    expect(running()).toEqual(['restore', 'resolve', 'update']);
  });

  it('closed carries a cause code, a closure code and the solution', () => {
    expect(IN.closed().ticket).toMatchObject({
      cause: 'configuration',
      closure: 'solved',
      solution: '连接池调到200',
      closedBy: 'confirm',
    });
  });

  it('closed can be reopened inside the window, to its last millisecond, and not after it', () => {
    const end = T0 + 3 * MINUTE + 14 * DAY;
    expect(IN.closed().refusal({ type: 'reopen' }, lin, end + 1).reason.code).toBe('reopen_window_over');
    const life = IN.closed();
    life.do({ type: 'reopen' }, lin, end);
    expect(life.ticket).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
  });

  it.each(REJECT_REASONS)('rejected as %s: the requester is told, of a duplicate with the other ticket', (reason) => {
    const of = reason === 'duplicate' ? { of: 7 } : {};
    const life = live(queued(), [{ type: 'reject', reason, ...of }, 'mei']);
    expect(life.ticket).toMatchObject({
      status: 'rejected',
      rejectedAs: reason,
      of: reason === 'duplicate' ? 7 : null,
    });
    expect(life.notices.find(({ body }) => body.type === 'rejected')).toMatchObject({
      to: { to: 'origin' },
      body: { reason, of: reason === 'duplicate' ? 7 : null },
    });
  });
});

describe('Commands: checked, folded, refused', () => {
  it('a refusal says what is possible now, and changes nothing', () => {
    const life = IN.resolved();
    const before = life.ticket;
    const refusal = life.refusal({ type: 'restore' }, 'wei', T0 + HOUR);
    expect(refusal.message).toBe(
      'ITR-1 is resolved; possible now: acknowledge, set_severity, confirm, reopen, close, cancel, rate',
    );
    expect(life.ticket).toBe(before);
  });

  it.each([
    ['no solution', { type: 'resolve', solution: '  ', cause: 'defect' }],
    ['no cause', { type: 'resolve', solution: '重启', cause: '' }],
    ['a cause that the configuration does not have', { type: 'resolve', solution: '重启', cause: 'magic' }],
    ['a closure that it does not have', { type: 'resolve', solution: '重启', cause: 'defect', closure: 'gone' }],
  ] as const)('closing needs a cause code and a solution sentence: %s', (_what, command) => {
    const life = claimed();
    expect(life.refusal(command, 'wei', T0 + HOUR).kind).toBe('input');
    expect(life.ticket.status).toBe('in_progress');
  });

  it.each([0, 6, 2.5])('a rating of %s stars is none', (score) =>
    expect(IN.closed().refusal({ type: 'rate', score }, lin, T0 + HOUR).kind).toBe('input'),
  );
});

describe('The activities of the ITR flow', () => {
  it('one after the other, each with its instant on the page', () => {
    const steps: readonly Step[] = [
      CLAIM,
      [{ type: 'pend', reason: 'customer' }, 'wei'],
      [{ type: 'resume' }, 'wei'],
      ...(['search_cases', 'locate', 'prepare_solution'] as const).map((activity): Step => [
        { type: 'checkpoint', activity, note: activity },
        'wei',
      ]),
      [RESOLVE, 'wei'],
      [{ type: 'confirm' }, lin],
      [{ type: 'checkpoint', activity: 'call_back', note: '客户满意' }, 'mei'],
    ];
    const life = live(queued(), ...steps);
    const flow = flowOf(life.ticket, life.history);
    expect(flow.map(({ activity }) => activity)).toEqual(ACTIVITIES);
    expect(flow.map(({ at: when }) => (when === null ? null : (when - T0) / MINUTE))).toEqual([
      0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 9, 8,
    ]);
    expect(flow.filter(({ here }) => here).map(({ activity }) => activity)).toEqual(['close']);
  });

  it.each(ACTIVITIES)('%s can be noted by an engineer, and is on the timeline', (activity) => {
    const life = claimed();
    const [event] = life.do({ type: 'checkpoint', activity, note: '做了' }, 'wei', T0 + HOUR);
    expect(event).toMatchObject({ type: 'checkpoint', activity, note: '做了', actor: { id: 'wei' } });
  });
});

describe('In every history', () => {
  const step = fc.record({
    command: fc.constantFrom<Command>(...WAYS.map(([, , command]) => command), ...STAYING),
    by: fc.constantFrom<Actor | string>(lin, 'wei', 'li', 'mei', 'zhao', 'chen'),
    minutes: fc.nat({ max: 600 }),
  });

  it('somebody owns what is handled, nobody what waits in a queue; the timeline is numbered and only added to', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LEVELS), fc.array(step, { maxLength: 20 }), (level, steps) => {
        const life = new Life(
          world,
          { fields: { title: 'x', product: 'db', impact: '全部', impact_level: level } },
          T0,
        );
        let now = T0;
        for (const one of steps) {
          now += one.minutes * MINUTE;
          const before = [...life.history];
          try {
            life.do(one.command, one.by, now);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
          expect(life.history.slice(0, before.length)).toEqual(before);
          const { status } = life.ticket;
          expect('assignee' in life.ticket).toBe(!['draft', 'queued', 'rejected', 'cancelled'].includes(status));
        }
        expect(life.history.map(({ seq }) => seq)).toEqual(life.history.map((_, i) => i + 1));
      }),
      { numRuns: 100 },
    );
  });
});
