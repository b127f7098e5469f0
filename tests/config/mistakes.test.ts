import { describe, expect, it } from 'vitest';
import { EXAMPLE, errorsOf } from './helpers.ts';

/** [what is wrong, the file, line:column, path, parts of the message] */
const MISTAKES: [string, string, string, string, string[]][] = [
  // YAML
  ['syntax', 'a: [1, 2\nb: 1\n', '2:1', '', ['not YAML']],
  ['a key twice', 'teams:\n  a: {}\n  a: {}\n', '3:3', 'teams.a', ['second time', 'line 2']],
  [
    'a key twice within a list',
    'chats:\n  - { platform: slack, id: C1, role: intake, id: C2 }\n',
    '2:46',
    'chats[0].id',
    ['second time', 'line 2'],
  ],
  ['an alias of what is around it', 'a: &x [*x]\n', '1:8', 'a[0]', ['recursive alias "*x"']],
  ['the same, merged', 'teams: &t\n  a: { <<: *t }\n', '2:12', 'teams.a.<<', ['recursive alias "*t"']],
  ['a list for the whole', '- a\n', '1:1', '', ['a list of 1', 'wanted a map']],
  // Shape
  ['unknown section', 'calender: {}\n', '1:1', 'calender', ['unknown key', 'did you mean "calendars"?']],
  ['unknown key deep inside', 'teams:\n  a:\n    leed: x\n', '3:5', 'teams.a.leed', ['did you mean "lead"?']],
  [
    'a number for a duration',
    'sla_policies: { s: { targets: { S1: { response: 15 } } } }\n',
    '1:49',
    'sla_policies.s.targets.S1.response',
    ['15 (a number)', '15m'],
  ],
  [
    'hours in words',
    'sla_policies: { s: { targets: { S1: { response: 8 hours } } } }\n',
    '1:49',
    'sla_policies.s.targets.S1.response',
    ['"8 hours"', 'write 8h'],
  ],
  [
    'half hours',
    'sla_policies: { s: { targets: { S1: { response: 1.5h } } } }\n',
    '1:49',
    'sla_policies.s.targets.S1.response',
    ['"1.5h"', 'write 90m'],
  ],
  [
    'a duration of nothing',
    'sla_policies: { s: { targets: { S1: { response: 0m } } } }\n',
    '1:49',
    'sla_policies.s.targets.S1.response',
    ['no time at all'],
  ],
  [
    'unknown severity',
    'sla_policies: { s: { targets: { S5: { response: 1m } } } }\n',
    '1:33',
    'sla_policies.s.targets.S5',
    ['S1, S2, S3, S4'],
  ],
  [
    'a point without a place',
    'sla_policies: { s: { points: [{ remind: duty }] } }\n',
    '1:31',
    'sla_policies.s.points[0]',
    ['exactly one of at', 'before'],
  ],
  [
    'a percentage without %',
    'sla_policies: { s: { points: [{ at: 75, remind: duty }] } }\n',
    '1:37',
    'sla_policies.s.points[0].at',
    ['75%'],
  ],
  ['unknown language', 'locale: zh\n', '1:9', 'locale', ['did you mean "zh-CN"?']],
  ['unknown time zone', 'timezone: Asia/Shangai\n', '1:11', 'timezone', ['"Asia/Shangai"', 'Asia/Shanghai']],
  ['unknown role', 'people: { a: { roles: [engineer, boss] } }\n', '1:34', 'people.a.roles[1]', ['"boss"', 'manager']],
  ['a single word of a list', 'people: { a: { roles: leed } }\n', '1:23', 'people.a.roles', ['did you mean "lead"?']],
  ['an id with a space', 'teams: { db l1: {} }\n', '1:10', 'teams.db l1', ['without spaces']],
  ['a number for an id', 'people: { a: { wecom: 123 } }\n', '1:23', 'people.a.wecom', ['123 (a number)', 'in quotes']],
  ['something missing', 'routing:\n  - { team: support }\n', '2:5', 'routing[0].when', ['missing']],
  ['version 2', 'version: 2\n', '1:10', 'version', ['wanted 1']],
  // Calendars
  ['hours misspelt', 'calendars: { a: { hours: allways } }\n', '1:26', 'calendars.a.hours', ['did you mean "always"?']],
  [
    'unknown time zone of a calendar',
    'calendars: { a: { timezone: Asia/Pekin, hours: always } }\n',
    '1:29',
    'calendars.a.timezone',
    ['"Asia/Pekin"', 'Asia/Shanghai'],
  ],
  [
    'unknown time zone of a rotation',
    'people: { a: {} }\nrotations: { r: { timezone: CST8, starts: "2026-01-05", people: [a] } }\n',
    '2:29',
    'rotations.r.timezone',
    ['"CST8"', 'Asia/Shanghai'],
  ],
  [
    'overlap over the end of the week',
    'calendars: { a: { hours: { mon-sun: ["22:00-06:00", "05:00-07:00"] } } }\n',
    '1:53',
    'calendars.a.hours.mon-sun[1]',
    ['overlaps "22:00-06:00"'],
  ],
  [
    'unknown weekday',
    'calendars: { a: { hours: { mon-fry: ["09:00-12:00"] } } }\n',
    '1:28',
    'calendars.a.hours.mon-fry',
    ['mon-fri'],
  ],
  [
    'unreadable interval',
    'calendars: { a: { hours: { mon: ["9-12"] } } }\n',
    '1:34',
    'calendars.a.hours.mon[0]',
    ['09:00'],
  ],
  [
    'empty interval',
    'calendars: { a: { hours: { mon: "09:00-09:00" } } }\n',
    '1:33',
    'calendars.a.hours.mon',
    ['empty', '00:00-24:00'],
  ],
  [
    'overlap',
    'calendars: { a: { hours: { mon: ["09:00-12:00", "11:00-13:00"] } } }\n',
    '1:49',
    'calendars.a.hours.mon[1]',
    ['overlaps "09:00-12:00"'],
  ],
  [
    'overlap past midnight',
    'calendars: { a: { hours: { sun: ["22:00-06:00"], mon: ["05:00-07:00"] } } }\n',
    '1:56',
    'calendars.a.hours.mon[0]',
    ['overlaps "22:00-06:00"'],
  ],
  ['never open', 'calendars: { a: { hours: { mon: [] } } }\n', '1:26', 'calendars.a.hours', ['never open']],
  [
    'unknown country',
    'calendars: { a: { hours: always, holidays: XX } }\n',
    '1:44',
    'calendars.a.holidays',
    ['"XX"', 'ISO code'],
  ],
  [
    'no such day',
    'calendars: { a: { hours: always, closed: ["2026-02-30"] } }\n',
    '1:43',
    'calendars.a.closed[0]',
    ['not a date'],
  ],
  [
    'closed and open',
    'calendars: { a: { hours: always, closed: ["2026-02-03"], open: ["2026-02-03"] } }\n',
    '1:43',
    'calendars.a.closed[0]',
    ['open too'],
  ],
  // References
  [
    'unknown calendar',
    'calendars: { cn: { hours: always } }\nsla_policies: { s: { calendar: cnn } }\n',
    '2:32',
    'sla_policies.s.calendar',
    ['unknown calendar "cnn"', 'did you mean "cn"?', '24x7'],
  ],
  [
    'unknown team',
    'teams: { db-l1: { escalates_to: db-l3 } }\n',
    '1:33',
    'teams.db-l1.escalates_to',
    ['did you mean "db-l1"?'],
  ],
  [
    'a name for an id',
    'people: { wei: { name: 魏伟 } }\nteams: { a: { lead: 魏伟 } }\n',
    '2:21',
    'teams.a.lead',
    ['did you mean "wei"?'],
  ],
  [
    'unknown person in a ladder',
    'ladders: { l: [{ after: 1m, whom: leed }] }\n',
    '1:35',
    'ladders.l[0].whom',
    ['did you mean "lead"?'],
  ],
  [
    'unknown SLA of a contract',
    'projects: { p: {} }\ncontracts: [{ id: A, project: p, from: "2026-01-01", until: "2026-02-01", sla: glod }]\n',
    '2:80',
    'contracts[0].sla',
    ['unknown SLA policy "glod"', 'standard'],
  ],
  [
    'unknown component',
    'products: { db: { components: [proxy] } }\nrouting: [{ when: { product: db, component: proxi }, team: support }]\n',
    '2:45',
    'routing[0].when.component',
    ['not a component of db', 'proxy'],
  ],
  ['unknown rotation', 'teams: { a: { rotation: r } }\n', '1:25', 'teams.a.rotation', ['rotations is empty']],
  ['unknown default', 'default_sla: gold\n', '1:14', 'default_sla', ['standard']],
  // Meaning
  [
    'a circle of extends',
    'sla_policies:\n  a: { extends: b }\n  b: { extends: a }\n',
    '2:17',
    'sla_policies.a.extends',
    ['a -> b -> a'],
  ],
  [
    'a circle of tiers',
    'teams:\n  a: { escalates_to: b }\n  b: { escalates_to: b }\n',
    '3:22',
    'teams.b.escalates_to',
    ['b -> b'],
  ],
  [
    'a contract that ends before it begins',
    'projects: { p: {} }\ncontracts: [{ id: A, project: p, from: "2026-03-01", until: "2026-02-01" }]\n',
    '2:61',
    'contracts[0].until',
    ['before from'],
  ],
  [
    'a contract twice',
    'projects: { p: {} }\ncontracts:\n  - { id: A, project: p, from: "2026-01-01", until: "2026-02-01" }\n  - { id: A, project: p, from: "2026-01-01", until: "2026-02-01" }\n',
    '4:11',
    'contracts[1].id',
    ['contracts[0].id'],
  ],
  [
    'a rotation without people',
    'rotations: { r: { starts: "2026-01-05", people: [] } }\n',
    '1:49',
    'rotations.r.people',
    ['without people'],
  ],
  [
    'a hand-over that cannot be read',
    'people: { a: {} }\nrotations: { r: { starts: "2026-01-05", handover: "mon 9am", people: [a] } }\n',
    '2:51',
    'rotations.r.handover',
    ['"9am"', '09:00'],
  ],
  [
    'too short a turn',
    'people: { a: {} }\nrotations: { r: { starts: "2026-01-05", every: 5m, people: [a] } }\n',
    '2:48',
    'rotations.r.every',
    ['shortest is 1h'],
  ],
  ['an empty ladder', 'ladders: { default: [] }\n', '1:21', 'ladders.default', ['empty ladder']],
  [
    'a point twice',
    'sla_policies: { s: { points: [{ at: 75%, remind: duty }, { at: 75.0%, ping: lead }] } }\n',
    '1:58',
    'sla_policies.s.points[1]',
    ['points[0]'],
  ],
  [
    'two people with one Slack id',
    'people:\n  a: { slack: U1 }\n  b: { slack: U1 }\n',
    '3:15',
    'people.b.slack',
    ['"U1"', 'people.a.slack'],
  ],
  ['an id that means a part', 'people: { lead: {} }\n', '1:11', 'people.lead', ['duty', 'manager']],
  [
    'a chat twice',
    'chats:\n  - { platform: slack, id: C1, role: intake }\n  - { platform: slack, id: C1, role: escalation }\n',
    '3:28',
    'chats[1].id',
    ['chats[0].id'],
  ],
  ['a duty chat without a team', 'chats:\n  - { platform: slack, id: C1, role: duty }\n', '2:5', 'chats[0]', ['team']],
  [
    'an emoji with two meanings',
    'gestures: { claim: [eyes], done: [eyes] }\n',
    '1:35',
    'gestures.done[0]',
    ['"eyes"', 'claim'],
  ],
  [
    'an emoji that a default uses',
    'gestures: { claim: [":ticket:"] }\n',
    '1:21',
    'gestures.claim[0]',
    ['capture', 'default'],
  ],
  ['the same emoji spelt otherwise', 'gestures: { claim: [⏸] }\n', '1:21', 'gestures.claim[0]', ['pend']],
  ['no causes', 'close: { causes: [] }\n', '1:18', 'close.causes', ['at least one']],
];

describe('a mistake is told with its line, its path, what was found and what would be right', () => {
  it.each(MISTAKES)('%s', (_what, text, place, path, parts) => {
    const errors = errorsOf(text);
    expect(errors.map((error) => `${error.line}:${error.column} ${error.path}`)).toEqual([`${place} ${path}`]);
    const [error] = errors;
    expect(error?.found).not.toBe('');
    expect(error?.wanted).not.toBe('');
    for (const part of parts) expect(error?.message).toContain(part);
  });
});

describe('all mistakes come at once', () => {
  it('of shape and of meaning, in the order of the file', () => {
    const text = [
      'locale: zh',
      'calendars:',
      '  cn: { hours: { mon: ["09:00-12:00", "11:00-13:00"] } }',
      'teams:',
      '  a: { tier: L9, escalates_to: b }',
      'people:',
      '  wei: { slack: U1, email: nobody }',
      '  li: { slack: U1, teams: [b] }',
      'chats:',
      '  - { platform: slak, id: C1, role: intake }',
      '  - { platform: slack, id: C2, role: intake, project: p }',
      'entitlement: maybe',
    ].join('\n');
    expect(errorsOf(text).map((error) => `${error.line} ${error.path}`)).toEqual([
      '1 locale',
      '3 calendars.cn.hours.mon[1]',
      '5 teams.a.tier',
      '5 teams.a.escalates_to',
      '7 people.wei.email',
      '8 people.li.slack',
      '8 people.li.teams[0]',
      '10 chats[0].platform',
      '11 chats[1].project',
      '12 entitlement',
    ]);
  });

  it('without inventing others: a reference to a broken entry is no second mistake', () => {
    const text =
      'rotations: { r: { starts: never, people: [a] } }\nteams: { t: { rotation: r } }\npeople: { a: { slack: 5 } }\n';
    expect(errorsOf(text).map((error) => error.path)).toEqual(['rotations.r.starts', 'people.a.slack']);
  });

  it('in a broken step of a ladder there is no empty ladder', () => {
    expect(errorsOf('ladders: { l: [{ after: 5, whom: lead }] }').map((error) => error.path)).toEqual([
      'ladders.l[0].after',
    ]);
  });

  it('the example with one letter wrong points at that letter', () => {
    const [error, ...more] = errorsOf(EXAMPLE.replace('lead: zhao', 'lead: zhoa'));
    expect(more).toEqual([]);
    expect(error).toMatchObject({ path: 'teams.db-l2.lead', found: 'the unknown person "zhoa"' });
    expect(error?.message).toContain('did you mean "zhao"?');
    expect(EXAMPLE.split('\n')[(error?.line ?? 0) - 1]?.slice((error?.column ?? 0) - 1)).toMatch(/^zhao/);
  });
});

describe('a hostile file is refused, not worked on', () => {
  it('too large', () =>
    expect(errorsOf(`a: ${'x'.repeat(1024 * 1024)}`)[0]?.message).toContain('at most 1048576 bytes'));
  it('too deep', () => expect(errorsOf('['.repeat(100_000))[0]?.message).toContain('too deeply nested'));
  it('too many aliases', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, i) =>
        `x${i}: &a${i} [${Array(10)
          .fill(i === 0 ? 'x' : `*a${i - 1}`)
          .join(',')}]`,
    );
    expect(errorsOf(bomb.join('\n'))[0]?.message).toContain('aliases');
  });
  it('thousands of mistakes are cut', () => {
    const text = Array.from({ length: 3000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(errorsOf(text)).toHaveLength(200);
  });
  it('__proto__ is no key', () => {
    expect(errorsOf('teams: { __proto__: {} }')).toMatchObject([{ line: 1, column: 10, found: 'the key "__proto__"' }]);
    expect(errorsOf('__proto__: { locale: en }')[0]?.found).toBe('the key "__proto__"');
  });
});
