import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { byHand, instantFor } from '../support/by-hand.ts';
import { ACME, DUTY, FEISHU_EXAMPLE, FeishuScene, LOOSE } from '../support/feishu-scene.ts';
import { toldAfter } from '../support/feishu-steps.ts';
import { answers, claimed, raise, times, untroubled } from '../support/feishu-ticket.ts';

const CHATS = 'chats:\n';
const WITH_ADMIN_CHAT = FEISHU_EXAMPLE.replace(CHATS, `${CHATS}  - { platform: feishu, id: ${LOOSE}, role: admin }\n`);

let scene: FeishuScene;
afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
  await scene.close();
});

async function open(config = WITH_ADMIN_CHAT, folder?: string): Promise<void> {
  // The machine's clock is moved here, and that of a database server would not move along.
  scene = await FeishuScene.open({ config, database: 'sqlite', ...(folder === undefined ? {} : { folder }) });
}

const page = async (path: string): Promise<string> =>
  (await fetch(`${scene.app.url}${path}`, { headers: { accept: 'text/html', 'accept-language': 'en' } })).text();

/** What the administrators' chat reads of the bot itself. */
const told = (): readonly string[] =>
  scene.feishu
    .messages(LOOSE, { from: 'bot' })
    .map(({ id }) => scene.text(id))
    .filter((text) => text.includes('自检'));

/** Until it is said, and known to have arrived: time that passes before would be time that a message waits. */
async function tells(words: string): Promise<void> {
  await scene.until(() => told().find((text) => text.includes(words)));
  await scene.quiet();
}

/** Ten seconds pass and it looks, so many times. */
async function looks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    scene.clock.pass(10_000);
    await scene.app.watch.look();
  }
}

const retryAll = async (): Promise<void> => {
  await scene.app.api('/api/v1/outbox/retry', { method: 'POST', body: { all: true } });
};

/** A message into a topic whose chat nobody may speak in; the topic. */
async function deadLetter(): Promise<string> {
  const { feishu } = scene;
  const { root, work } = await claimed(scene, '数据库故障,发不出去');
  await scene.quiet();
  feishu.world.chat(ACME).muted = true;
  await answers(scene, 'wei', work, '只能说一次的话');
  await scene.until(async () => (await scene.app.storage.queues.outbox.depth(scene.clock.now())).dead === 1);
  feishu.world.chat(ACME).muted = false;
  return root;
}

describe('what the program finds wrong with itself, on Feishu', () => {
  it('a dead letter: in the metrics, on both pages, and once in the administrators’ chat; its end, once', async () => {
    await open();
    await looks(1);
    expect(await page('/metrics')).toContain('itr_symptom{name="dead_letters"} 0');
    expect(await page('/readyz')).toContain('self-watch: all is well');

    const root = await deadLetter();
    await looks(3);
    await tells('1 条消息发不出去');
    expect(await page('/metrics')).toContain('itr_symptom{name="dead_letters"} 1');
    const ready = await fetch(`${scene.app.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/warn dead_letters: 1 message could not be delivered.*itr outbox retry/);
    expect(await page('/health')).toContain('dead_letters: 1 message could not be delivered');

    await retryAll();
    await scene.until(() => times(scene, root, '只能说一次的话') === 1);
    await scene.quiet();
    await looks(3);
    await tells('放弃的消息都处理好了');
    await scene.quiet();
    expect(told()).toHaveLength(2);
    expect(await page('/metrics')).toContain('itr_symptom{name="dead_letters"} 0');
    expect(await page('/readyz')).toContain('self-watch: all is well');
  });

  it('a restart in between says nothing twice, and still says when it is over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'itr-watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await open(WITH_ADMIN_CHAT, folder);
    await deadLetter();
    await looks(1);
    await tells('1 条消息发不出去');
    await scene.quiet();
    await scene.app.stop();
    await scene.startApp(folder);
    await looks(2);
    await scene.quiet();
    expect(told()).toHaveLength(1);
    expect(await page('/readyz')).toContain('dead_letters: ');
    await retryAll();
    await scene.quiet();
    await looks(1);
    await tells('放弃的消息都处理好了');
    expect(told()).toHaveLength(2);
  });

  it('a timer that does not ring is said with its ticket, and that reminders are on time again', async () => {
    await open();
    const { number, id } = await raise(scene, '数据库故障,定时');
    await scene.quiet();
    // Due a minute ago, and put off as after a decision that failed.
    const [due, next] = [-60_000, 50_000].map((ms) => instantFor(scene.app, scene.clock.now() + ms));
    await byHand(scene.app, `UPDATE timers SET due_at = ${due}, try_at = ${next} WHERE ticket = ${number}`);
    await looks(1);
    expect(await page('/metrics')).toContain('itr_symptom{name="late_timer"} 1');
    expect(await page('/readyz')).toContain(`late_timer: a reminder is late: a timer of ${id} is overdue by`);
    await tells(`${id} 的定时已过`);

    scene.clock.advance(60_000);
    await scene.until(async () => {
      const { timers } = await scene.app.storage.queries.watch.waiting(scene.clock.now());
      return timers.overdueMs === 0;
    });
    await looks(5);
    await tells('提醒恢复准时');
    expect(told()).toHaveLength(2);
  });

  it('keys that are refused at a start: said after a minute, and brought out once they are accepted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'itr-watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await open(WITH_ADMIN_CHAT, folder);
    const { feishu } = scene;
    await scene.app.stop();
    feishu.fault({ call: 'token', kind: 'error', code: 10014, msg: 'app secret invalid', times: 1_000 });
    await scene.startApp(folder);
    await looks(4);
    expect(await page('/metrics')).toContain('itr_symptom{name="adapter:feishu"} 0');
    await looks(4);
    expect(await page('/metrics')).toContain('itr_symptom{name="adapter:feishu"} 1');
    const ready = await page('/readyz');
    expect(ready).toContain('warn adapter:feishu: feishu is disconnected');
    expect(ready).toContain('check FEISHU_APP_ID and FEISHU_APP_SECRET');

    feishu.clearFaults();
    await scene.until(() => scene.app.platforms.get('feishu')?.health().ok);
    scene.clock.advance(10 * 60_000);
    await tells('feishu 断开');
    await looks(5);
    await tells('feishu 已不再断开');
    expect(told().filter((text) => text.includes('feishu'))).toHaveLength(2);
  });

  it('the machine’s clock is set: said, with by how much', async () => {
    await open();
    await looks(1);
    scene.clock.set(90_000);
    await looks(1);
    await tells('本机时钟跳了 +90.0 秒');
    await looks(31);
    await tells('时钟恢复平稳');
    expect(told()).toHaveLength(2);
  });

  it('without a chat for it, each administrator who can be reached is told directly', async () => {
    await open(FEISHU_EXAMPLE);
    await looks(1);
    const said = await toldAfter(scene, 'admin', async () => {
      scene.clock.set(-5_000);
      await looks(1);
    });
    expect(said).toContain('自检');
    expect(said).toContain('本机时钟跳了 −5.0 秒');
  });

  it('a chat that the bot was removed from is on the pages; `@bot bind admin` makes one for such messages', async () => {
    await open(FEISHU_EXAMPLE);
    const { feishu } = scene;
    await feishu.removesBot('wei', DUTY);
    await scene.until(async () => (await page('/readyz')).includes(`warn feishu: not in the chat ${DUTY}`));
    await feishu.addsBot('wei', DUTY);
    await scene.until(async () => !(await page('/readyz')).includes(DUTY));

    await feishu.says('admin', LOOSE, '@bot bind admin');
    await scene.hears(LOOSE, ['已绑定']);
    await looks(1);
    scene.clock.set(90_000);
    await looks(1);
    await tells('本机时钟跳了');
  });
});
