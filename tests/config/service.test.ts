import { describe, expect, it } from 'vitest';
import { errorsOf, policyOf, warningsOf } from './helpers.ts';

describe('close.callback, tiers', () => {
  it('is read: a share, a rule; left out, nobody is called back and the ratio is 9-9-1', () => {
    const policy = policyOf(
      'close: { callback: { sample: 12.5%, when: { severity: S1, kind: [incident] } } }\ntiers: { ratio: [80, 15, 5] }\n',
    );
    expect(policy.close.callBack).toEqual({ sample: 12.5, when: { severity: ['S1'], kind: ['incident'] } });
    expect(policy.tierRatio).toEqual([80, 15, 5]);
    expect(policyOf('').close.callBack).toBeNull();
    expect(policyOf('').tierRatio).toEqual([90, 9, 1]);
  });

  it.each([
    ['a share that is no percentage', 'close: { callback: { sample: 10 } }', 'close.callback.sample', '10%'],
    ['more than all', 'close: { callback: { sample: 110% } }', 'close.callback.sample', '0% to 100%'],
    [
      'an unknown customer',
      'close: { callback: { when: { customer: acem } } }\ncustomers: { acme: {} }',
      'close.callback.when.customer',
      'acme',
    ],
    ['two shares', 'tiers: { ratio: [90, 10] }', 'tiers.ratio', '[90, 9, 1]'],
    ['a share below nothing', 'tiers: { ratio: [90, -9, 1] }', 'tiers.ratio[1]', '0 to 100'],
    [
      'a contract that ends before it begins',
      'projects: { p: {} }\ncontracts: [{ id: C, project: p, from: "2026-02-01", until: "2026-01-01" }]',
      'contracts[0].until',
      'before from',
    ],
    [
      'a circle of extends',
      'sla_policies: { a: { extends: b }, b: { extends: a } }',
      'sla_policies.a.extends',
      'a -> b -> a',
    ],
    [
      'a circle of tiers',
      'teams: { a: { escalates_to: b }, b: { escalates_to: a } }',
      'teams.a.escalates_to',
      'a -> b -> a',
    ],
    ['an entitlement nobody knows', 'entitlement: strict', 'entitlement', 'enforce'],
    ['an assignment nobody knows', 'teams: { t: { assign: roundrobin } }', 'teams.t.assign', 'round_robin'],
  ])('%s has its own message, with the place and the fix', (_name, yaml, path, says) => {
    const [issue, ...more] = errorsOf(`${yaml}\n`);
    expect(more).toEqual([]);
    expect(issue?.path).toBe(path);
    expect(issue?.message).toContain(says);
    expect(issue?.line).toBeGreaterThan(0);
  });

  it('shares among nobody: a warning', () => {
    const [warning] = warningsOf('teams: { t: { assign: least_loaded } }\n');
    expect(warning).toMatchObject({ path: 'teams.t.assign' });
    expect(warning?.message).toContain('nobody is in t');
  });

  it('nothing of it is "not yet"', () => {
    const yaml = 'entitlement: enforce\nteams: { t: { assign: round_robin } }\npeople: { a: { teams: [t] } }\n';
    expect(warningsOf(yaml)).toEqual([]);
  });
});
