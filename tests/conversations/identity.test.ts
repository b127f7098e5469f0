import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { askThoseFound } from '../../src/conversations/identity.ts';
import type { FoundPerson } from '../../src/conversations/platform.ts';
import { profile, Scene } from './scene.ts';

/** Wei of the example, whom the file gives no id on Slack. */
const UNKNOWN = ['email: wei@example.com, slack: U0WEI,', 'email: wei@example.com,'] as const;

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open(UNKNOWN);
  scene.platform.profiles.set('U0WEI', { ...profile('Wei W', 'zh-CN'), email: 'WEI@example.com' });
});
afterEach(() => scene.close());

const questions = (user = 'U0WEI') =>
  scene.platform.spoken.filter(
    ({ to, what }) => to.kind === 'direct' && to.user === user && what.actions?.[0]?.action === 'identify:yes',
  );
const said = (): string =>
  [...scene.platform.spoken, ...scene.platform.whispers].map(({ what }) => plain(what.text ?? [])).join('\n');
const answer = (yes: boolean, user = 'U0WEI', person = 'wei') =>
  scene.press(user, `D-${user}`, null, yes ? 'identify:yes' : 'identify:no', `:${person}`);
const link = (user = 'U0WEI') => scene.storage.store.read.personLink('slack', user);
const weiOnSlack = () => scene.directory.actor('slack', 'U0WEI', 'Wei W', null);

describe('somebody whom the configuration does not know', () => {
  it('is asked directly, once, when his e-mail is that of one of its people', async () => {
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    expect(questions()).toHaveLength(1);
    expect(plain(questions()[0]?.what.text ?? [])).toBe(
      '你是 魏伟（数据库一线）吗？确认后，你在这里做的事都以这个身份记录。',
    );
    expect(questions()[0]?.what.actions?.map(({ label }) => label)).toEqual(['是我', '不是']);
    scene.clock.advance(3_600_000);
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    await scene.post('U0WEI', 'C0ACME', '还是慢', { to: 'bot' });
    expect(questions()).toHaveLength(1);
    expect(weiOnSlack()).toMatchObject({ id: 'slack:U0WEI', roles: ['requester'] });
    expect(scene.directory.addresses('wei')).toEqual([]);
  });

  it('is asked in English where his profile is', async () => {
    scene.platform.profiles.set('U0WEI', { ...profile('Wei W', 'en'), email: 'wei@example.com' });
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    expect(plain(questions()[0]?.what.text ?? [])).toMatch(/^Are you 魏伟 \(数据库一线\)\? Once you confirm/);
  });

  it('may not claim before he has confirmed, and may as soon as he has', async () => {
    const root = await scene.post('U0LIN', 'C0ACME', '生产环境数据库时断时续,下单很慢,影响全部用户');
    await scene.react('U0LIN', 'C0ACME', root, 'ticket');
    await scene.slash('U0MEI', 'C0ACME', 'register 1');
    await scene.slash('U0WEI', 'C0ACME', 'claim 1');
    expect((await scene.ticket()).status).not.toBe('in_progress');
    await answer(true);
    expect(weiOnSlack()).toMatchObject({ id: 'wei', roles: ['engineer'], teams: ['db-l1'] });
    expect(scene.directory.addresses('wei')).toEqual([{ platform: 'slack', user: 'U0WEI' }]);
    await scene.slash('U0WEI', 'C0ACME', 'claim 1');
    expect(await scene.ticket()).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
    expect(said()).toContain('好，你在这里就是 魏伟（数据库一线）。');
    expect(scene.logged).toContain('who somebody is was confirmed by himself');
    expect(await link()).toMatchObject({ person: 'wei', state: 'confirmed', answeredAt: scene.clock.now() });
  });

  it('who says no stays who he was, and is not asked again', async () => {
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    await answer(false);
    expect(said()).toContain('好，记下了，不再问。');
    scene.clock.advance(48 * 3_600_000);
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    expect(questions()).toHaveLength(1);
    await answer(true);
    expect(weiOnSlack().id).toBe('slack:U0WEI');
    expect(said()).toContain('这个问题没有在等你回答');
  });

  it('nobody else can answer for him', async () => {
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    await answer(true, 'U0LIN');
    expect(scene.directory.actor('slack', 'U0LIN', '林', null).id).toBe('slack:U0LIN');
    await answer(true, 'U0WEI', 'mei');
    expect(weiOnSlack().id).toBe('slack:U0WEI');
    expect((await link())?.state).toBe('asked');
  });

  it('a yes that his address no longer bears out does nothing', async () => {
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    scene.platform.profiles.set('U0WEI', { ...profile('Wei W', 'zh-CN'), email: 'far@example.com' });
    await scene.happens({ type: 'person_changed', user: 'U0WEI' });
    await answer(true);
    expect(weiOnSlack().id).toBe('slack:U0WEI');
    expect(said()).toContain('没有记上：魏伟 在这里已经有账号');
  });

  it('of two users with his e-mail the first who confirms is he', async () => {
    scene.platform.profiles.set('U0TWIN', { ...profile('W', 'zh-CN'), email: 'wei@example.com' });
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    await scene.slash('U0TWIN', 'C0ACME', 'mine');
    await answer(true, 'U0TWIN');
    await answer(true);
    expect(weiOnSlack().id).toBe('slack:U0WEI');
    expect(scene.directory.actor('slack', 'U0TWIN', 'W', null).id).toBe('wei');
  });

  it.each([
    ['a bot', { ...profile('Wei W', 'zh-CN'), email: 'wei@example.com', isBot: true }],
    ['a stranger', { ...profile('Far', 'zh-CN'), email: 'far@example.com' }],
    ['somebody without an address', profile('Far', 'zh-CN')],
  ])('%s is asked nothing', async (_who, known) => {
    scene.platform.profiles.set('U0WEI', known);
    await scene.slash('U0WEI', 'C0ACME', 'mine');
    expect(questions()).toEqual([]);
  });

  it('a guest of another organization is asked nothing, whatever address he shows', async () => {
    await scene.happens({
      type: 'message',
      chat: 'C0ACME',
      thread: 'X1',
      message: 'X1',
      user: 'U0WEI',
      text: '数据库慢',
      mentions: [],
      addressed: true,
      direct: false,
      attachments: [],
      external: true,
    });
    expect(questions()).toEqual([]);
  });
});

it('two people with one e-mail are both left alone', async () => {
  await scene.close();
  scene = await Scene.open(UNKNOWN, ['email: li@example.com', 'email: wei@example.com']);
  scene.platform.profiles.set('U0WEI', { ...profile('Wei W', 'zh-CN'), email: 'wei@example.com' });
  await scene.slash('U0WEI', 'C0ACME', 'mine');
  expect(questions()).toEqual([]);
});

describe('the search for people who are not known on a platform', () => {
  const search = async (...found: readonly FoundPerson[]) => {
    const asked: string[] = [];
    const platform = Object.assign(scene.platform, {
      findPeople: async (who: { readonly emails: readonly string[]; readonly mobiles: readonly string[] }) => {
        asked.push(...who.emails, ...who.mobiles);
        return found;
      },
    });
    const deps = {
      store: scene.storage.store,
      policy: scene.policy(),
      now: scene.clock.now(),
      pause: async () => undefined,
    };
    const count = await askThoseFound(platform, deps);
    await scene.settle();
    return { asked, count };
  };

  it('asks those who are found, once, and looks for nobody who was asked', async () => {
    expect(await search({ email: 'wei@example.com', user: 'U0WEI' })).toEqual({ asked: ['wei@example.com'], count: 1 });
    expect(questions()).toHaveLength(1);
    expect(await search()).toEqual({ asked: [], count: 0 });
    await answer(true);
    expect(weiOnSlack().id).toBe('wei');
  });

  it('asks nobody whom the configuration knows as somebody else', async () => {
    expect((await search({ email: 'wei@example.com', user: 'U0LI' })).count).toBe(0);
    expect(questions('U0LI')).toEqual([]);
  });
});
