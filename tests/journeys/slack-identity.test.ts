/** People whom the file gives no id on Slack: asked by e-mail, confirmed by themselves, shown in the directory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { raise } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

const UNKNOWN = EXAMPLE.replace('email: wei@example.com, slack: U0WEI,', 'email: wei@example.com,');

let scene: SlackScene;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-identity-'));
});
afterEach(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});

const wei = (email = 'Wei@Example.com') => {
  scene.slack.addUser({ id: 'U0WEI', name: 'ww', realName: 'Wei W', locale: 'zh-CN', tz: 'Asia/Shanghai', email });
};
const questions = (user = 'U0WEI'): SlackMessage[] =>
  scene.slack.dms(user).filter((one) => visibleText(one).includes('你是') && one.user === scene.slack.botUserId);
const answered = async (action: 'identify:yes' | 'identify:no'): Promise<void> => {
  const [question] = questions();
  await scene.slack.click('U0WEI', scene.slack.dmChannel('U0WEI'), question?.ts ?? '', action);
};
const standing = async (person: string): Promise<unknown> => {
  const { body } = await scene.app.api('/api/v1/people');
  const found = (body['items'] as { readonly id: string; readonly on: Record<string, unknown> }[]).find(
    ({ id }) => id === person,
  );
  return found?.on['slack'];
};

const confirmed = (): Promise<unknown> =>
  scene.until(() => scene.app.directory.actor('slack', 'U0WEI', '', null).id === 'wei');

it('who acts is asked once; with his yes he is on duty, mentioned and may claim, without a restart', async () => {
  scene = await SlackScene.open({ config: UNKNOWN });
  const { slack } = scene;
  wei();
  expect(await standing('wei')).toEqual({ state: 'unmatched' });
  expect(await standing('li')).toEqual({ state: 'configured', user: 'U0LI' });
  const { work } = await raise(scene, '数据库时断时续,一个人还没对上');
  expect(JSON.stringify(slack.message('C0DUTY', work))).not.toContain('<@U0WEI>');

  await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
  await scene.until(() => questions().length > 0);
  expect(scene.text(scene.slack.dmChannel('U0WEI'), questions()[0]?.ts ?? '')).toMatch(
    /你是 \*?魏伟\*?（数据库一线）吗？/,
  );
  await scene.quiet();
  expect((await scene.ticket())['status']).toBe('queued');
  expect(await standing('wei')).toMatchObject({ state: 'asked', user: 'U0WEI' });

  await slack.react('U0WEI', 'C0DUTY', work, 'raising_hand');
  await scene.quiet();
  expect(questions()).toHaveLength(1);

  await answered('identify:yes');
  await confirmed();
  expect(await standing('wei')).toMatchObject({ state: 'confirmed', user: 'U0WEI' });
  await slack.post('U0LIN', 'C0ACME', '又有一个');
  const second = await raise(scene, '数据库又断了,这次他在');
  expect(JSON.stringify(slack.message('C0DUTY', second.work))).toContain('<@U0WEI>');
  await slack.react('U0WEI', 'C0DUTY', second.work, 'eyes');
  expect((await scene.untilStatus('in_progress', second.number))['assignee']).toBe('wei');

  const page = await (await fetch(`${scene.app.url}/health?lang=zh-CN`)).text();
  expect(page).toContain('本人确认');
  expect(page).not.toContain('example.com');
  const log = scene.app.logged.join('');
  expect(log).toContain('who somebody is was confirmed by himself');
  expect(log.toLowerCase()).not.toContain('wei@example.com');
});

it('the daily search finds him by his e-mail; his answer outlives a restart, and an administrator can take it back', async () => {
  scene = await SlackScene.open({ config: UNKNOWN, folder });
  wei();
  await scene.app.postDigests();
  await scene.until(() => questions().length > 0);
  await scene.app.postDigests();
  await scene.quiet();
  expect(questions()).toHaveLength(1);
  expect(scene.slack.calls('users.lookupByEmail').some(({ args }) => args['email'] === 'li@example.com')).toBe(false);
  await answered('identify:yes');
  await confirmed();

  await scene.app.stop();
  await scene.startApp(folder);
  expect(scene.app.directory.actor('slack', 'U0WEI', '', null).id).toBe('wei');

  const unlink = (body: object) => scene.app.api('/api/v1/people/unlink', { method: 'POST', body });
  expect((await unlink({ platform: 'slack', user: 'U0LIN' })).status).toBe(404);
  expect((await unlink({ platform: 'slack', user: 'U0WEI' })).body).toEqual({ unlinked: true });
  expect(scene.app.directory.actor('slack', 'U0WEI', '', null).id).toBe('slack:U0WEI');
  expect(await standing('wei')).toMatchObject({ state: 'refused' });
  await scene.app.postDigests();
  await scene.quiet();
  expect(questions()).toHaveLength(1);

  // Asked anew, he has not answered yet when the file says it, which is enough.
  await unlink({ platform: 'slack', user: 'U0WEI', askAgain: true });
  await scene.app.postDigests();
  await scene.until(() => questions().length === 2);
  writeFileSync(join(folder, 'itr.config.yaml'), EXAMPLE);
  await scene.until(() => scene.app.directory.actor('slack', 'U0WEI', '', null).id === 'wei');
  expect(await standing('wei')).toEqual({ state: 'configured', user: 'U0WEI' });
});

it('a member of another organization proves nothing by his address', async () => {
  scene = await SlackScene.open({ config: UNKNOWN });
  scene.slack.addUser({
    id: 'U0FAR',
    name: 'far',
    realName: 'Far',
    locale: 'zh-CN',
    tz: 'Asia/Shanghai',
    email: 'wei@example.com',
    teamId: 'T0FAR',
  });
  await scene.slack.post('U0FAR', scene.slack.dmChannel('U0FAR'), '我的');
  await scene.until(() => scene.slack.dms('U0FAR').length > 1);
  await scene.app.postDigests();
  await scene.quiet();
  expect(questions('U0FAR')).toEqual([]);
});
