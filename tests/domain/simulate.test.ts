import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureCommand, Command } from '../../src/domain/commands.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { dutyHoles, isNight, simulate, simulatedWorld } from '../../src/domain/simulate.ts';
import type { Deed, Finding, SimulatedTicket } from '../../src/domain/simulate.ts';
import { EXAMPLE, at, policyOf } from '../support/world.ts';

/** The contract's example; its people have identities on every platform. */
const world = simulatedWorld(policyOf(EXAMPLE));

/** Monday, in office hours; li is on duty. */
const MONDAY = at('2026-11-23T10:00+08:00');
const WEEK = { from: MONDAY, until: MONDAY + 7 * DAY };

const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S2',
  severityGuessed: false,
  fields: { title: 'it stutters', product: 'db' },
  language: 'zh-CN',
  requester: { id: 'requester', name: 'requester' },
  project: 'acme-core',
  firstMessageAt: MONDAY,
  thread: null,
  messages: [],
};

function ticket(raisedAt: number, deeds: readonly Deed[] = [], command: Partial<CaptureCommand> = {}): SimulatedTicket {
  return { ref: 'T', at: raisedAt, command: { ...CAPTURE, firstMessageAt: raisedAt, ...command }, deeds };
}

const deed = (after: number, command: Command, by: string | null = null): Deed => ({
  at: MONDAY + after,
  command,
  by: by === null ? null : { id: by, name: by },
});

const run = (tickets: readonly SimulatedTicket[], stretch = WEEK): Finding[] => [...simulate(world, tickets, stretch)];

const pings = (findings: readonly Finding[]) => findings.filter((finding) => finding.type === 'ping');
const breaches = (findings: readonly Finding[]) => findings.filter((finding) => finding.type === 'breach');

describe('who would be pinged', () => {
  it('nobody does anything: duty, then the points, the lead and the manager, each at its instant', () => {
    const first = pings(run([ticket(MONDAY)])).slice(0, 6);
    expect(first.map(({ at: when, person, how, why }) => [(when - MONDAY) / MINUTE, person, how, why])).toEqual([
      [0, 'li', 'mention', 'came to db-l1'],
      // gold: S2 is answered within 15 minutes, and claimed within 15.
      [7.5, 'li', 'mention', 'response 50%'],
      [11.25, 'li', 'mention', 'response 75%'],
      [13.5, 'li', 'mention', 'response 90%'],
      [15, 'chen', 'mention', 'response 100%'],
      [15, 'chen', 'direct', 'response 100%'],
    ]);
  });

  it('what is claimed and resolved is quiet: the work card, nothing after it', () => {
    const deeds = [
      deed(MINUTE, { type: 'claim' }),
      deed(30 * MINUTE, { type: 'resolve', solution: 'restarted', cause: 'capacity' }),
      deed(HOUR, { type: 'confirm' }),
    ];
    expect(
      run([ticket(MONDAY, deeds)]).map((finding) => (finding.type === 'ping' ? finding.why : finding.type)),
    ).toEqual(['came to db-l1']);
  });

  it('a claim without a name is the one’s on duty: the points of the next day are his', () => {
    const [reminded] = pings(run([ticket(MONDAY, [deed(MINUTE, { type: 'claim' })])])).filter(({ why }) =>
      why.startsWith('restore 50%'),
    );
    expect(reminded?.person).toBe('li');
  });

  it('a deed at the instant at which something is due comes first: it was in time', () => {
    const inTime = run([ticket(MONDAY, [deed(15 * MINUTE, { type: 'claim' })])], { ...WEEK, until: MONDAY + HOUR });
    expect(breaches(inTime)).toEqual([]);
    const late = run([ticket(MONDAY, [deed(15 * MINUTE + 1, { type: 'claim' })])], { ...WEEK, until: MONDAY + HOUR });
    expect(breaches(late).map(({ clock, dueAt }) => [clock, dueAt])).toEqual(
      expect.arrayContaining([
        ['response', MONDAY + 15 * MINUTE],
        ['claim#1', MONDAY + 15 * MINUTE],
      ]),
    );
  });

  it('an owner who is silent loses the ticket, unless the record says that he went on with it', () => {
    const claimed = deed(MINUTE, { type: 'claim' });
    const resolved = deed(5 * DAY, { type: 'resolve', solution: 'restarted', cause: 'capacity' });
    const lost = (deeds: readonly Deed[]) =>
      run([ticket(MONDAY, deeds)]).some((one) => one.type === 'ping' && one.why === 'queued again');
    expect(lost([claimed])).toBe(true);
    expect(lost([claimed, resolved])).toBe(false);
  });

  it('a deed that does not fit is said, and changes nothing', () => {
    const findings = run([ticket(MONDAY, [deed(MINUTE, { type: 'confirm' })])], { ...WEEK, until: MONDAY + HOUR });
    expect(findings.find(({ type }) => type === 'refused')).toMatchObject({
      at: MONDAY + MINUTE,
      ticket: 'T',
      command: 'confirm',
    });
    expect(breaches(findings)).not.toEqual([]);
  });

  it('a pause moves what comes after it', () => {
    const deeds = [
      deed(MINUTE, { type: 'claim' }),
      deed(HOUR, { type: 'pend', reason: 'customer' }),
      deed(2 * HOUR, { type: 'resume' }),
    ];
    const when = (tickets: readonly SimulatedTicket[]) =>
      pings(run(tickets)).find(({ why }) => why === 'restore 50%')?.at;
    // 10:00 + 4 h of office hours, over a lunch of 90 minutes, of which 30 lie in the pause.
    expect(when([ticket(MONDAY, deeds.slice(0, 1))])).toBe(at('2026-11-23T15:30+08:00'));
    expect(when([ticket(MONDAY, deeds)])).toBe(at('2026-11-23T16:30+08:00'));
  });

  it('a ticket raised before the stretch is run from its beginning, and only what lies in the stretch is listed', () => {
    const stretch = { from: MONDAY + 20 * MINUTE, until: MONDAY + DAY };
    const whole = run([ticket(MONDAY)], { from: MONDAY, until: stretch.until });
    expect(run([ticket(MONDAY)], stretch)).toEqual(whole.filter((finding) => finding.at >= stretch.from));
  });

  it('the end of the stretch is outside of it', () => {
    expect(run([ticket(MONDAY)], { from: MONDAY, until: MONDAY })).toEqual([]);
    const until = MONDAY + 15 * MINUTE;
    expect(run([ticket(MONDAY)], { from: MONDAY, until }).every((finding) => finding.at < until)).toBe(true);
  });
});

describe('at night', () => {
  it.each([
    ['22:00', true],
    ['21:59', false],
    ['00:00', true],
    ['06:59', true],
    ['07:00', false],
    ['12:00', false],
  ])('%s is night: %s, on the wall clock of the zone', (time, night) => {
    expect(isNight(at(`2026-11-23T${time}+08:00`), 'Asia/Shanghai')).toBe(night);
    expect(isNight(at(`1969-07-20T${time}+08:00`), '+08:00')).toBe(night);
  });

  it('is where the person lives, not where the server stands', () => {
    const abroad = simulatedWorld(
      policyOf(EXAMPLE.replace('li: { name: 李丽,', 'li: { name: 李丽, timezone: America/New_York,')),
    );
    // 10:00 in Shanghai is 21:00 of the evening before; an hour later it is night.
    const [first] = simulate(abroad, [ticket(MONDAY)], WEEK);
    expect(first).toMatchObject({ person: 'li', night: false });
    const [later] = simulate(abroad, [ticket(MONDAY + HOUR)], WEEK);
    expect(later).toMatchObject({ person: 'li', night: true });
  });
});

describe('holes in duty', () => {
  const holesOf = (from: string, to: string, days = 13) =>
    dutyHoles(simulatedWorld(policyOf(EXAMPLE.replace(from, to))), { from: MONDAY, until: MONDAY + days * DAY });

  it('the example has none', () => expect(holesOf('version: 1', 'version: 1')).toEqual([]));

  it('a turn of nobody is a hole, also where the lead stands in', () => {
    expect(holesOf('people: [wei, li]', 'people: [wei, null]')).toEqual([
      { team: 'db-l1', from: MONDAY, until: at('2026-11-30T09:00+08:00'), standsIn: 'mei' },
    ]);
  });

  it('is cut to the stretch; two empty turns in a row are one', () => {
    expect(holesOf('people: [wei, li]', 'people: [null, null, wei]', 30)).toEqual([
      {
        team: 'db-l1',
        from: MONDAY,
        until: at('2026-12-07T09:00+08:00'),
        standsIn: 'mei',
      },
      { team: 'db-l1', from: at('2026-12-14T09:00+08:00'), until: MONDAY + 30 * DAY, standsIn: 'mei' },
    ]);
  });

  it('a team that calls who is on duty and names nobody is one hole; one assigned by hand has none', () => {
    const nobody = simulatedWorld(policyOf('teams: { t: { assign: duty }, u: { assign: manual } }\n'));
    expect(dutyHoles(nobody, WEEK)).toEqual([{ team: 't', ...WEEK, standsIn: null }]);
  });

  it('a lead instead of a rotation is meant so', () => {
    const lead = simulatedWorld(policyOf('people: { a: {} }\nteams: { t: { assign: duty, lead: a } }\n'));
    expect(dutyHoles(lead, WEEK)).toEqual([]);
  });
});

describe('laws', () => {
  const severities = fc.constantFrom('S1', 'S2', 'S3', 'S4');
  const tickets = fc.array(
    fc.record({
      after: fc.integer({ min: -2 * DAY, max: 5 * DAY }),
      severity: severities,
      claimAfter: fc.option(fc.integer({ min: 0, max: 2 * DAY })),
      resolveAfter: fc.option(fc.integer({ min: 0, max: 3 * DAY })),
    }),
    { maxLength: 6 },
  );
  const built = (
    drawn: readonly {
      after: number;
      severity: 'S1' | 'S2' | 'S3' | 'S4';
      claimAfter: number | null;
      resolveAfter: number | null;
    }[],
  ) =>
    drawn.map(({ after, severity, claimAfter, resolveAfter }, i): SimulatedTicket => {
      const raisedAt = MONDAY + after;
      const deeds: Deed[] = [];
      if (claimAfter !== null) deeds.push({ at: raisedAt + claimAfter, command: { type: 'claim' }, by: null });
      if (resolveAfter !== null) {
        const resolve = { type: 'resolve', solution: 'x', cause: 'unknown' } as const;
        deeds.push({ at: raisedAt + resolveAfter, command: resolve, by: null });
      }
      deeds.sort((a, b) => a.at - b.at);
      return { ...ticket(raisedAt, deeds, { severity }), ref: `T${i}` };
    });

  it('in the order of time, inside the stretch; a clock breaches once; a ticket’s findings do not depend on the others', () => {
    fc.assert(
      fc.property(tickets, (drawn) => {
        const all = built(drawn);
        const found = run(all);
        for (const [i, finding] of found.entries()) {
          expect(finding.at).toBeGreaterThanOrEqual(Math.max(WEEK.from, found[i - 1]?.at ?? 0));
          expect(finding.at).toBeLessThan(WEEK.until);
        }
        const keys = breaches(found).map((one) => `${one.ticket} ${one.clock} ${one.dueAt}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const one of all) expect(found.filter((finding) => finding.ticket === one.ref)).toEqual(run([one]));
      }),
      { numRuns: 40 },
    );
  });
});
