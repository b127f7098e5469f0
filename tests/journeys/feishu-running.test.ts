import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ACME, DUTY, FEISHU_EXAMPLE, FeishuScene, LOOSE } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { answers, claimed, events, happened, raise, ticketOf, times, untroubled } from '../support/feishu-ticket.ts';

const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function open(options: Parameters<typeof FeishuScene.open>[0] = {}): Promise<FeishuScene> {
  const scene = await FeishuScene.open(options);
  ended.push(() => scene.close());
  return scene;
}

/** Kept when the program stops, for the next to go on with. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'itr-feishu-'));
  ended.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const ready = async (scene: FeishuScene): Promise<string> => {
  const answer = await fetch(`${scene.app.url}/readyz`);
  return `${answer.status} ${await answer.text()}`;
};

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'ws' }, { mode: 'webhook' }])('running ($mode)', ({ mode }) => {
  it('/readyz has a line of Feishu, which says what is wrong', async () => {
    const scene = await open({ mode });
    expect(await scene.until(async () => ((await ready(scene)).startsWith('200') ? ready(scene) : null))).toContain(
      mode === 'ws' ? 'long connection' : 'webhook',
    );
    if (mode === 'webhook') return;
    scene.feishu.away(true);
    await scene.until(async () => (await ready(scene)).startsWith('503'));
    expect(await ready(scene)).toContain('feishu');
    scene.feishu.away(false);
    await scene.feishu.waitFor(() => scene.feishu.connections > 0, { timeoutMs: 15_000 });
    await scene.until(async () => (await ready(scene)).startsWith('200'));
  });

  it('stopped and started with the same database: what was said meanwhile is taken in, once, and the work goes on', async () => {
    const scene = await open({ mode, folder: folder() });
    const { feishu, clock } = scene;
    const { number, root, work } = await claimed(scene, '数据库故障,重启');
    await answers(scene, 'wei', work, '@bot 作战室');
    await scene.until(() => times(scene, work, '作战室已经开好') === 1);
    const room = [...feishu.world.chats.values()].find(({ name }) => name.startsWith('itr-'))?.id ?? '';
    await scene.quiet();
    await scene.app.stop();
    await answers(scene, 'lin', root, '停机时客户说的');
    await answers(scene, 'wei', work, '停机时魏伟说的');
    await feishu.says('wei', room, '停机时在作战室说的');
    clock.advance(60_000);
    await scene.startApp(scene.app.folder);
    await scene.until(() => times(scene, work, '停机时客户说的') > 0 && times(scene, root, '停机时魏伟说的') > 0);
    const inRoom = async (): Promise<number> =>
      (await events(scene, number)).filter((one) => one['role'] === 'war_room' && one['type'] === 'message').length;
    await scene.until(async () => (await inRoom()) === 1);
    // Feishu tries its deliveries again, which by then are known.
    clock.advance(7 * 60_000);
    await feishu.settled();
    await scene.quiet();
    expect([times(scene, work, '停机时客户说的'), times(scene, root, '停机时魏伟说的')]).toEqual([1, 1]);
    expect(await inRoom()).toBe(1);
    expect((await happened(scene, number)).filter((one) => one === 'captured')).toHaveLength(1);
    await answers(scene, 'wei', work, '@bot 解决 调大连接池 #configuration');
    await scene.untilStatus('resolved', number);
    expect(await untroubled(scene)).toEqual([]);
  });
});

describe('running', () => {
  it('two projects’ chats at once: each ticket stays in its own, and both wait in the duty chat', async () => {
    const scene = await open({
      config: FEISHU_EXAMPLE.replace(
        `  - { platform: feishu, id: ${DUTY}, team: db-l1`,
        `  - { platform: feishu, id: ${LOOSE}, project: acme-core, role: intake, capture: every_thread }\n  - { platform: feishu, id: ${DUTY}, team: db-l1`,
      ),
    });
    const { feishu } = scene;
    const first = await raise(scene, '数据库故障,群一');
    const { id: root } = await feishu.says('lin', LOOSE, '数据库全部用户死锁,群二');
    const second = await ticketOf(scene, root);
    const work = await scene.hears(DUTY, [`${second.id} `]);
    await answers(scene, 'wei', work.id, '只给群二');
    await scene.until(() => times(scene, root, '只给群二') === 1);
    await scene.quiet();
    expect(times(scene, first.root, '只给群二')).toBe(0);
    expect(feishu.messages(ACME, { from: 'bot' }).some((one) => scene.text(one.id).includes(second.id))).toBe(false);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('Feishu not there at the start: it runs, says so, and answers once Feishu is back', async () => {
    const scene = await open({ mode: 'webhook', folder: folder() });
    const { feishu, clock } = scene;
    await scene.app.stop();
    feishu.fault({ call: '*', kind: 'reset', times: 1_000 });
    await scene.startApp(scene.app.folder);
    expect(await ready(scene)).toMatch(/^503.*feishu/s);
    expect((await fetch(`${scene.app.url}/healthz`)).status).toBe(200);
    const { id: root } = await feishu.says('lin', ACME, '数据库全部用户故障,启动时断线');
    await feishu.reacts('lin', root, 'Loudspeaker');
    feishu.clearFaults();
    clock.advance(60_000);
    const { id } = await ticketOf(scene, root);
    await scene.hears(DUTY, [`${id} `]);
    await scene.until(async () => (await ready(scene)).startsWith('200'));
    await scene.quiet();
    expect(times(scene, root, `${id} `)).toBe(1);
    expect(await untroubled(scene)).toEqual([]);
  });
});
