import { describe, expect, it } from 'vitest';
import { matchOf, mobileOf, standings, stillMatches, wantedOn, withLinks } from '../../src/domain/identity.ts';
import type { PersonLink } from '../../src/domain/identity.ts';
import { policyOf } from '../support/world.ts';

const PEOPLE = `
version: 1
timezone: Asia/Shanghai
teams:
  db-l1: { name: 数据库一线 }
people:
  wei: { name: 魏伟, email: Wei@example.com, mobile: "138 0013 8000", feishu: ou_wei, teams: [db-l1] }
  li: { name: 李丽, email: li@example.com, mobile: "+86 139-0013-9000" }
  mei: { name: 梅, email: mei@example.com, slack: U0MEI }
  twin: { name: 孪, email: twins@example.com }
  other: { name: 生, email: TWINS@example.com, slack: U0OTHER }
  plain: { name: 无 }
`;
const policy = policyOf(PEOPLE);
const link = (more: Partial<PersonLink>): PersonLink => ({
  platform: 'slack',
  user: 'U1',
  person: 'wei',
  by: 'email',
  state: 'confirmed',
  askedAt: 1,
  answeredAt: 2,
  ...more,
});

describe('who somebody may be', () => {
  const wanted = wantedOn(policy, 'slack');
  it.each([
    ['his e-mail, whatever its case', { email: 'wei@EXAMPLE.com', mobile: null }, { person: 'wei', by: 'email' }],
    ['his mobile, however it is written', { email: null, mobile: '+8613800138000' }, { person: 'wei', by: 'mobile' }],
    ['both of one person', { email: 'li@example.com', mobile: '13900139000' }, { person: 'li', by: 'email' }],
    ['an e-mail of one and a mobile of another', { email: 'wei@example.com', mobile: '13900139000' }, null],
    ['an e-mail that two people have, though one of them is known', { email: 'twins@example.com', mobile: null }, null],
    ['somebody who has an id there', { email: 'mei@example.com', mobile: null }, null],
    ['a stranger', { email: 'far@example.com', mobile: '12345' }, null],
    ['nothing', { email: null, mobile: null }, null],
  ] as const)('%s', (_what, contact, match) => {
    expect(matchOf(wanted, contact)).toEqual(match);
  });

  it('is asked of each platform by itself', () => {
    expect(matchOf(wantedOn(policy, 'feishu'), { email: 'wei@example.com', mobile: null })).toBeNull();
    expect(matchOf(wantedOn(policy, 'feishu'), { email: 'mei@example.com', mobile: null })?.person).toBe('mei');
  });

  it.each([
    ['138 0013 8000', '+8613800138000'],
    ['0086 138-0013-8000', '+8613800138000'],
    ['+1 (415) 555-0100', '+14155550100'],
    ['4155550100', '4155550100'],
    ['nobody', null],
  ])('reads the number %s', (said, read) => {
    expect(mobileOf(said)).toBe(read);
  });

  it('a question put earlier holds as long as nothing speaks against it', () => {
    const byEmail = { person: 'wei', by: 'email' } as const;
    expect(stillMatches(wanted, byEmail, { email: 'wei@example.com', mobile: null })).toBe(true);
    expect(stillMatches(wanted, byEmail, { email: null, mobile: null })).toBe(true);
    expect(stillMatches(wanted, byEmail, { email: 'far@example.com', mobile: null })).toBe(false);
    expect(stillMatches(wanted, { person: 'mei', by: 'email' }, { email: null, mobile: null })).toBe(false);
    const byMobile = { person: 'wei', by: 'mobile' } as const;
    expect(stillMatches(wanted, byMobile, { email: 'private@example.com', mobile: null })).toBe(true);
  });
});

describe('what people have confirmed', () => {
  const idOf = (links: readonly PersonLink[], person: string): string | undefined =>
    withLinks(policy, links).people.get(person)?.identities['slack'];

  it.each([
    ['a confirmed link counts', [link({})], 'wei', 'U1'],
    ['a question does not', [link({ state: 'asked', answeredAt: null })], 'wei', undefined],
    ['a refusal does not', [link({ state: 'refused' })], 'wei', undefined],
    ['the id of the configuration wins over a link', [link({ person: 'mei' })], 'mei', 'U0MEI'],
    ['an id that the configuration gives to somebody is nobody else’s', [link({ user: 'U0MEI' })], 'wei', undefined],
    [
      'of two answers for one person the earlier counts',
      [link({ user: 'U2', answeredAt: 5 }), link({ user: 'U3', answeredAt: 4 })],
      'wei',
      'U3',
    ],
  ] as const)('%s', (_what, links, person, id) => {
    expect(idOf(links, person)).toBe(id);
  });

  it('a link to somebody who is gone does nothing', () => {
    expect(withLinks(policy, [link({ person: 'gone' })]).people).toEqual(policy.people);
  });

  it('keeps what the configuration says of other platforms', () => {
    expect(withLinks(policy, [link({})]).people.get('wei')?.identities).toEqual({ feishu: 'ou_wei', slack: 'U1' });
  });
});

it('the directory says of everybody how he stands', () => {
  const links = [link({}), link({ user: 'U7', person: 'li', state: 'asked', askedAt: 7, answeredAt: null })];
  const known = standings(withLinks(policy, links), links, ['slack', 'feishu']);
  expect(Object.fromEntries(known.map(({ id, on }) => [id, on['slack']]))).toEqual({
    wei: { state: 'confirmed', user: 'U1', at: 2 },
    li: { state: 'asked', user: 'U7', at: 7 },
    mei: { state: 'configured', user: 'U0MEI' },
    twin: { state: 'unmatched' },
    other: { state: 'configured', user: 'U0OTHER' },
    plain: { state: 'unmatched' },
  });
  expect(known[0]).toMatchObject({ name: '魏伟', teams: ['数据库一线'] });
  expect(known[0]?.on['feishu']).toEqual({ state: 'configured', user: 'ou_wei' });
});
