import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { EXAMPLE, warningsOf } from './helpers.ts';

const ROTA = 'people: { a: { teams: [t] }, b: {} }\n';

/** [what is probably not meant, the file, line and path, parts of the message] */
const WARNINGS: [string, string, string, string[]][] = [
  ['duty without anybody', 'teams: { t: { assign: duty } }', '1 teams.t', ['nobody is ever on duty']],
  [
    'a turn of nobody',
    `${ROTA}teams: { t: { rotation: r } }\nrotations: { r: { starts: "2026-03-02", people: [a, null] } }`,
    '3 rotations.r',
    ['hole', '2026-03-23T09:00:00Z|2026-03-23T09:00:00+00:00', '1 more'],
  ],
  [
    'a rotation that starts later',
    `${ROTA}teams: { t: { rotation: r } }\nrotations: { r: { starts: "2026-04-06", people: [a] } }`,
    '3 rotations.r',
    ['hole', 'until 2026-04-06T09:00:00+00:00'],
  ],
  [
    'shifts with a gap',
    `${ROTA}teams: { t: { rotation: r } }\nrotations: { r: { starts: "2026-03-02", every: 1d, people: [a], shifts: [{ hours: "08:00-18:00" }] } }`,
    '3 rotations.r',
    ['hole', 'until 2026-03-22T08:00:00+00:00'],
  ],
  [
    'on duty, not in the team',
    `people: { b: { teams: [u] } }\nteams: { t: { rotation: r }, u: {} }\nrotations: { r: { starts: "2026-03-02", people: [b] } }`,
    '3 rotations.r.people[0]',
    ['not in that team'],
  ],
  [
    'a vendor who takes longer than the promise leaves',
    'uc_policies: { u: { vendor: { S1: 20h } } }\nola_policies: { o: { tier: { L1: { S1: 5h } } } }\nteams: { t: { ola: o } }\nproducts: { p: { team: t, uc: u } }',
    '4 products.p.uc',
    ['the tiers and the vendor of p: 5 h (24x7) + 20 h (24x7) for S1 does not fit', 'resolve', 'standard'],
  ],
  [
    'claim longer than the response',
    'ola_policies: { o: { claim: { S1: 20m } } }',
    '1 ola_policies.o.claim.S1',
    ['does not fit', 'response', 'standard', '15 m (24x7)'],
  ],
  [
    'tiers longer than the resolution',
    'ola_policies: { o: { tier: { L1: { S1: 20h }, L2: { S1: 5h } } } }',
    '1 ola_policies.o.tier',
    ['20 h (24x7) + 5 h (24x7) for S1', 'resolve', '1 d (24x7)'],
  ],
  [
    'office hours inside a promise around the clock',
    'calendars: { c: { hours: { mon-fri: ["09:00-17:00"] } } }\nola_policies: { o: { calendar: c, claim: { S1: 5m } } }',
    '2 ola_policies.o.claim.S1',
    ['for example from 2026-03-21T12:00:00Z'],
  ],
  [
    'a sum over teams with policies of their own',
    'ola_policies: { a: { tier: { L1: { S1: 20h } } }, b: { tier: { L2: { S1: 20h } } } }\nteams: { x: { ola: a, escalates_to: y }, y: { ola: b, tier: L2 } }',
    '2 teams.x.ola',
    ['20 h (24x7) + 20 h (24x7)'],
  ],
  [
    'a rule after a catch-all',
    'routing:\n  - { when: {}, team: support }\n  - { when: { kind: incident }, team: support }',
    '3 routing[1]',
    ['can never match', 'rule 1', 'every ticket'],
  ],
  [
    'a rule inside another',
    'routing:\n  - { name: big, when: { kind: [incident, problem] }, team: support }\n  - { when: { kind: incident, severity: S1 }, team: support }',
    '3 routing[1]',
    ['can never match', 'big'],
  ],
  [
    'a keyword inside another',
    'routing:\n  - { when: { keywords: [pool] }, team: support }\n  - { when: { keywords: ["Connection Pool"] }, team: support }',
    '3 routing[1]',
    ['can never match'],
  ],
  [
    'a project after its customer',
    'customers: { c: {} }\nprojects: { p: { customer: c } }\nrouting:\n  - { when: { customer: c }, team: support }\n  - { when: { project: p }, team: support }',
    '5 routing[1]',
    ['can never match'],
  ],
  [
    'a project of another customer',
    'customers: { c: {}, d: {} }\nprojects: { p: { customer: c } }\nrouting:\n  - { when: { customer: d, project: p }, team: support }',
    '4 routing[0].when',
    ['no project of d'],
  ],
  [
    'a ladder that ends with a manager whom nobody is',
    'people: { a: {} }\nladders: { l: [{ after: 5m, whom: manager }, { after: 1m, whom: a }] }',
    '2 ladders.l[0].whom',
    ['ends nowhere', 'manager of a project', 'escalation'],
  ],
  [
    'a ladder that ends with the lead of a team that has none',
    'people: { a: {} }\nladders: { l: [{ after: 1m, whom: lead }] }\nteams: { t: { ladder: l, assign: manual }, u: { ladder: l, lead: a, assign: manual } }',
    '3 teams.t',
    ['ladder l ends nowhere for t', 'a lead of t'],
  ],
  ['a reminder after the end', 'close: { reminder: 3d, auto_close: 3d }', '1 close.reminder', ['auto_close']],
  ['two teams of one name', 'teams: { a: { aliases: [Desk] }, b: { name: desk } }', '1 teams.b', ['"desk"', 'a']],
];

describe('what is allowed and probably not meant is a warning', () => {
  it.each(WARNINGS)('%s', (_what, text, place, parts) => {
    const warnings = warningsOf(text);
    expect(warnings.map((warning) => `${warning.line} ${warning.path}`)).toEqual([place]);
    for (const part of parts) expect(part.split('|').some((each) => warnings[0]?.message.includes(each))).toBe(true);
  });

  it.each([
    [
      'office hours that promise more than the clock',
      'calendars: { c: { hours: { mon-fri: ["09:00-17:00"] } } }\nsla_policies: { s: { calendar: c, targets: { S2: { response: 8h } } } }\nola_policies: { o: { claim: { S2: 8h } } }',
    ],
    [
      'rules that overlap',
      'routing:\n  - { when: { kind: incident, severity: S1 }, team: support }\n  - { when: { kind: incident }, team: support }\n  - { when: { severity: S1 }, team: support }',
    ],
    [
      'a keyword beside another',
      'routing:\n  - { when: { keywords: ["connection pool"] }, team: support }\n  - { when: { keywords: [pool] }, team: support }',
    ],
    ['a lead instead of a rotation', 'people: { a: {} }\nteams: { t: { assign: duty, lead: a } }'],
  ])('%s: nothing to say', (_what, text) => expect(warningsOf(text)).toEqual([]));

  it('a year that no data knows is named with its line', () => {
    const { warnings } = parseConfig(EXAMPLE, { now: Date.parse('2096-03-01T00:00:00Z') });
    expect(warnings[0]).toMatchObject({ path: 'calendars.cn.holidays', line: 11, column: 15 });
    expect(warnings[0]?.message).toContain('2096 and 2097');
  });

  it('errors and warnings come together', () => {
    const text = EXAMPLE.replace('entitlement: open', 'entitlement: opn').replace('S1: 5m, S2: 15m', 'S1: 5m, S2: 3d');
    expect(warningsOf(text).map((warning) => warning.path)).toContain('ola_policies.standard.claim.S2');
  });
});
