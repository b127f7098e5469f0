import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/domain/commands.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { quietUntil } from '../../src/domain/quiet.ts';
import { outboxRows } from '../../src/desk/address.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, policyOf, worldWith, EXAMPLE } from '../support/world.ts';

const NOW = at('2026-11-20T10:00+08:00'); // wei is on duty for db-l1
const queued = (world: World, severity: 'S1' | 'S2' | 'S3' = 'S2'): Life =>
  new Life(world, { severity, severityGuessed: false }, NOW);
const steps = (life: Life, until: number): string[] =>
  life
    .runUntil(until, SYSTEM)
    .flatMap((event) =>
      event.type === 'reminded' && event.what === 'ladder'
        ? [
            `${(event.at - NOW) / MINUTE}m ${event.told[0]?.person?.id ?? 'nobody'}${event.unreachable.length > 0 ? ` without ${event.unreachable.join()}` : ''}`,
          ]
        : [],
    );

describe('Escalation ladder', () => {
  test('steps of after and whom, until somebody claims', () => {
    expect(steps(queued(worldWith()), NOW + 40 * MINUTE)).toEqual(['15m mei', '30m chen']);
    const life = queued(worldWith());
    expect(steps(life, NOW + 20 * MINUTE)).toEqual(['15m mei']);
    life.do({ type: 'claim' }, 'wei', NOW + 21 * MINUTE);
    expect(steps(life, NOW + 60 * MINUTE)).toEqual([]);
  });

  test('an acknowledgement stops it; who was reached may give it', () => {
    const life = queued(worldWith());
    steps(life, NOW + 16 * MINUTE);
    life.do({ type: 'acknowledge' }, 'mei', NOW + 17 * MINUTE);
    expect(steps(life, NOW + 60 * MINUTE)).toEqual([]);
  });

  test('a lead or a manager stops it with a reason, before it has reached him; an engineer does not', () => {
    for (const by of ['mei', 'chen']) {
      const life = queued(worldWith(), 'S3');
      life.do({ type: 'acknowledge', note: '客户已电话沟通' }, by, NOW + MINUTE);
      expect(life.history.at(-1)).toMatchObject({ type: 'acknowledged', note: '客户已电话沟通' });
      expect(life.notices.map(({ body }) => body.type)).toContain('acknowledged');
      expect(steps(life, NOW + 60 * MINUTE)).toEqual([]);
    }
    expect(queued(worldWith()).refusal({ type: 'acknowledge' }, 'li', NOW + MINUTE).kind).toBe('role');
  });

  test('the steps are a snapshot: an edit of the policy does not break a running ladder', () => {
    const life = queued(worldWith());
    const policy = policyOf(EXAMPLE.replace('after: 15m, whom: lead', 'after: 2h, whom: manager'));
    const edited = Object.assign(Object.create(Life.prototype) as Life, life, { world: { ...life.world, policy } });
    expect(steps(edited, NOW + 40 * MINUTE)).toEqual(['15m mei', '30m chen']);
  });

  test('a step whose message could not be brought goes to the next at once, once, and says so', () => {
    const life = queued(worldWith());
    expect(steps(life, NOW + 16 * MINUTE)).toEqual(['15m mei']);
    const run = life.ticket.ladder?.run ?? 0;
    const failed = { type: 'unreached', step: 1, run, name: '梅' } as const;
    const told = life.do(failed, SYSTEM, NOW + 17 * MINUTE);
    expect(told).toMatchObject([{ type: 'reminded', told: [{ person: { id: 'chen' } }], unreachable: ['梅'] }]);
    // The same failure told again, or one of an earlier climb, is none.
    expect(life.do(failed, SYSTEM, NOW + 18 * MINUTE)).toEqual([]);
    expect(life.do({ ...failed, step: 2, run: run - 1 }, SYSTEM, NOW + 18 * MINUTE)).toEqual([]);
    life.do({ type: 'claim' }, 'wei', NOW + 19 * MINUTE);
    expect(life.do({ ...failed, step: 2 }, SYSTEM, NOW + 20 * MINUTE)).toEqual([]);
  });

  test('a step whose person cannot be reached on any platform goes to the next at once, and says so', () => {
    const world = worldWith([', slack: U0MEI', '']);
    expect(steps(queued(world), NOW + 20 * MINUTE)).toEqual(['15m chen without 梅']);
  });

  test('nobody further up can be reached: the team at least is told', () => {
    const world = worldWith(
      [', slack: U0MEI', ''],
      [', slack: U0CHEN', ''],
      ['  - { platform: slack, id: C0BOSS, role: escalation }', ''],
    );
    const life = queued(world);
    expect(steps(life, NOW + 20 * MINUTE)).toEqual(['15m nobody without 梅,陈']);
    expect(life.notices).toMatchObject([
      { to: { to: 'work', team: 'db-l1' }, body: { type: 'ladder', unreachable: ['梅', '陈'] } },
    ]);
  });

  test('severity overrides: steps for some severities only, and a ladder of its own for one', () => {
    const only = worldWith([
      'after: 15m, whom: lead, how: direct',
      'after: 15m, whom: lead, how: direct, severity: [S1]',
    ]);
    expect(steps(queued(only, 'S2'), NOW + 40 * MINUTE)).toEqual(['30m chen']);
    expect(steps(queued(only, 'S1'), NOW + 40 * MINUTE)).toEqual(['15m mei', '30m chen']);
    const own = worldWith(
      ['assign: duty, rotation: db-l1', 'assign: duty, rotation: db-l1, ladder: { S1: urgent }'],
      ['ladders:\n', 'ladders:\n  urgent: [{ after: 5m, whom: lead, how: direct }]\n'],
    );
    // Up to the response target, whose breach climbs anew.
    expect(steps(queued(own, 'S1'), NOW + 14 * MINUTE)).toEqual(['5m mei']);
    expect(steps(queued(own, 'S2'), NOW + 40 * MINUTE)).toEqual(['15m mei', '30m chen']);
  });
});

describe('An urgent push', () => {
  test('of a point: to whom it names, once, though he was to be pinged as well; and the timeline says who was buzzed', () => {
    const life = queued(
      worldWith([
        '- { at: 100%, ping: manager, escalate: ladder, repeat: 1h }',
        '- { at: 100%, ping: [manager, lead], buzz: lead }',
      ]),
      'S1',
    );
    life.runUntil(NOW + 14 * MINUTE, SYSTEM);
    const timer = { clock: 'response', point: '100%', occurrence: 0 };
    const told = life.do({ type: 'timer_due', ...timer }, SYSTEM, NOW + 15 * MINUTE);
    expect(told.find((event) => event.type === 'point_reached')).toMatchObject({
      clock: 'response',
      point: '100%',
      buzz: [{ whom: 'lead', person: { id: 'mei' }, how: ['buzz'] }],
    });
    const direct = life.notices.flatMap(({ to, body }) =>
      to.to === 'person' && body.type === 'point' ? [`${to.person} ${body.level}`] : [],
    );
    expect(direct).toEqual(['chen ping', 'mei buzz']);
  });

  test('of a ladder: one message, not a second beside it', () => {
    const life = queued(
      worldWith(['after: 15m, whom: lead, how: direct', 'after: 15m, whom: lead, how: [direct, buzz]']),
      'S3',
    );
    life.runUntil(NOW + 15 * MINUTE, SYSTEM);
    expect(life.notices).toMatchObject([{ to: { person: 'mei' }, body: { type: 'ladder', buzz: true } }]);
  });
});

describe('A claimed ticket whose owner is silent', () => {
  const silent = (...changes: (readonly [string, string])[]): Life => {
    const life = queued(worldWith(...changes), 'S1');
    life.do({ type: 'claim' }, 'wei', NOW + MINUTE);
    return life;
  };
  const what = (life: Life, until: number): string[] =>
    life
      .runUntil(until, SYSTEM)
      .flatMap((event) =>
        event.type === 'released'
          ? [`${(event.at - NOW) / MINUTE}m released`]
          : event.type === 'point_reached' && event.clock === 'update'
            ? [`${(event.at - NOW) / MINUTE}m warned ${event.remind.map((one) => one.person?.id).join()}`]
            : [],
      );

  test('is warned at its update target, and goes back to the queue 30 % of it later, with a brief and a call', () => {
    const life = silent();
    expect(what(life, NOW + 79 * MINUTE)).toEqual(['61m warned wei,mei', '79m released']);
    expect(life.ticket.status).toBe('queued');
    const work = life.notices.filter(({ to }) => to.to === 'work').map(({ body }) => body);
    expect(work).toContainEqual({
      type: 'queued_again',
      because: 'silent',
      by: { id: 'wei', name: '魏伟' },
      // The one on duty is the silent owner himself: the lead is called.
      call: { id: 'mei', name: '梅' },
    });
    expect(work.map(({ type }) => type)).toContain('handover');
    life.do({ type: 'claim' }, 'li', NOW + 80 * MINUTE);
    expect(life.notices.map(({ body }) => body.type)).toContain('handover');
  });

  test('the warning says when', () => {
    const life = silent();
    what(life, NOW + 61 * MINUTE);
    const said = life.notices.find(({ body }) => body.type === 'point')?.body;
    expect(said).toMatchObject({ clock: 'update', returnsAt: NOW + 79 * MINUTE });
  });

  test.each([
    ['return_after: 5m', 'silent_owner: { return_after: 5m }', ['61m warned wei,mei', '66m released']],
    ['return_after: 100%', 'silent_owner: { return_after: 100% }', ['61m warned wei,mei', '121m released']],
    ['off', 'silent_owner: off', ['61m warned wei,mei']],
  ])('configured: %s', (_, line, expected) => {
    expect(what(silent(['entitlement: open', `${line}\nentitlement: open`]), NOW + 130 * MINUTE)).toEqual(expected);
  });

  test('a word to the customer starts a new round, an internal note a new grace', () => {
    const life = silent();
    what(life, NOW + 61 * MINUTE);
    life.do({ type: 'note', text: '在看日志' }, 'wei', NOW + 70 * MINUTE);
    expect(life.timer('silent')?.dueAt).toBe(NOW + 88 * MINUTE);
    life.do({ type: 'note', text: '催一下' }, 'mei', NOW + 75 * MINUTE);
    expect(life.timer('silent')?.dueAt).toBe(NOW + 88 * MINUTE);
    life.do({ type: 'comment', text: '正在切换备库' }, 'wei', NOW + 80 * MINUTE);
    expect(life.timer('silent')).toBeUndefined();
    expect(what(life, NOW + 160 * MINUTE)).toEqual(['140m warned wei,mei', '158m released']);
  });

  test('not while it waits for the customer, and never without the warning after a time without a process', () => {
    const life = silent();
    what(life, NOW + 61 * MINUTE);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', NOW + 65 * MINUTE);
    expect(life.timer('silent')).toBeUndefined();
    life.do({ type: 'resume' }, lin, NOW + 200 * MINUTE);
    expect(life.timer('silent')?.dueAt).toBe(NOW + 218 * MINUTE);
    const late = silent();
    const events = late.do(
      { type: 'timer_due', clock: 'update', point: '100%', occurrence: 0 },
      SYSTEM,
      NOW + 300 * MINUTE,
    );
    expect(events.map(({ type }) => type)).not.toContain('released');
    expect(late.timer('silent')?.dueAt).toBe(NOW + 318 * MINUTE);
  });

  test('a timer that is not due any more does nothing', () => {
    const life = silent();
    expect(
      life.do({ type: 'timer_due', clock: 'silent', point: 'return', occurrence: 0 }, SYSTEM, NOW + 90 * MINUTE),
    ).toEqual([]);
  });
});

describe('Quiet hours', () => {
  test.each([
    ['in the evening part', ['22:00-07:00'], '2026-11-20T23:00+08:00', '2026-11-21T07:00+08:00'],
    ['after midnight', ['22:00-07:00'], '2026-11-21T06:59+08:00', '2026-11-21T07:00+08:00'],
    ['at their end', ['22:00-07:00'], '2026-11-21T07:00+08:00', '2026-11-21T07:00+08:00'],
    ['outside', ['22:00-07:00'], '2026-11-20T12:00+08:00', '2026-11-20T12:00+08:00'],
    ['two that follow one another', ['12:00-14:00', '14:00-15:00'], '2026-11-20T12:30+08:00', '2026-11-20T15:00+08:00'],
    ['none', [], '2026-11-20T23:00+08:00', '2026-11-20T23:00+08:00'],
  ])('%s', (_, quiet, now, until) => expect(quietUntil(quiet, 'Asia/Shanghai', at(now))).toBe(at(until)));

  test('stay at 07:00 on the wall when the clocks change', () =>
    expect(quietUntil(['22:00-07:00'], 'Europe/Berlin', at('2026-03-28T23:00+01:00'))).toBe(
      at('2026-03-29T07:00+02:00'),
    ));

  const NIGHT = at('2026-11-20T23:00+08:00');
  const dueOf = (
    severity: 'S1' | 'S2' | 'S3',
    body: 'ping' | 'ladder' | 'buzz' | 'ladder buzz',
    line = '',
  ): number | undefined => {
    const world = worldWith(
      ['{ name: 梅,', '{ quiet: "22:00-07:00", name: 梅,'],
      ['entitlement: open', `${line}\nentitlement: open`],
    );
    const life = new Life(world, { severity, severityGuessed: false }, NIGHT);
    const point = {
      type: 'point',
      clock: 'resolve',
      point: '100%',
      occurrence: 0,
      dueAt: NIGHT,
      lateMs: 0,
      level: body === 'buzz' ? 'buzz' : 'ping',
      mention: [],
    } as const;
    const ladder = { type: 'ladder', step: 1, mention: [], whom: 'lead', unreachable: [] } as const;
    const bodies = { ping: point, buzz: point, ladder, 'ladder buzz': { ...ladder, buzz: true } } as const;
    const notice = { to: { to: 'person', person: 'mei' }, seq: 9, body: bodies[body] } as const;
    return outboxRows(life.ticket, [notice], world, () => [{ platform: 'slack', user: 'U0MEI' }], NIGHT)[0]?.dueAt;
  };
  const MORNING = at('2026-11-21T07:00+08:00');
  test.each([
    ['a reminder of S3 waits', 'S3', 'ping', '', MORNING],
    ['a reminder of S2 waits', 'S2', 'ping', '', MORNING],
    ['S1 does not', 'S1', 'ping', '', NIGHT],
    ['a page of the ladder for S2 does not', 'S2', 'ladder', '', NIGHT],
    ['a page of the ladder for S3 waits', 'S3', 'ladder', '', MORNING],
    ['an urgent push waits for nobody’s morning, whatever the severity', 'S3', 'buzz', '', NIGHT],
    ['nor does that of a ladder, whatever the file says', 'S3', 'ladder buzz', 'quiet_override: off', NIGHT],
    ['quiet_override says which severities disturb', 'S2', 'ping', 'quiet_override: [S1, S2]', NIGHT],
    ['or that none does', 'S1', 'ping', 'quiet_override: off', MORNING],
  ] as const)('%s', (_, severity, body, line, due) => expect(dueOf(severity, body, line)).toBe(due));
});
