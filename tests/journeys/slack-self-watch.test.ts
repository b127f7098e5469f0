import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { byHand, instantFor } from '../support/by-hand.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, raise } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

const CHATS = 'chats:\n';
const WITH_ADMIN_CHAT = EXAMPLE.replace(CHATS, `${CHATS}  - { platform: slack, id: C0LOOSE, role: admin }\n`);

let scene: SlackScene;
afterEach(async () => {
  await scene.close();
});

async function open(config = WITH_ADMIN_CHAT, folder?: string): Promise<void> {
  // The machine's clock is moved here, and that of a database server would not move along.
  scene = await SlackScene.open({ config, database: 'sqlite', ...(folder === undefined ? {} : { folder }) });
}

const page = async (path: string): Promise<string> =>
  (await fetch(`${scene.app.url}${path}`, { headers: { accept: 'text/html', 'accept-language': 'en' } })).text();

/** What the administrators' chat reads of the bot itself. */
const told = (): readonly string[] =>
  scene.slack
    .messages('C0LOOSE', { from: 'bot' })
    .map(visibleText)
    .filter((text) => text.includes('自检'));

/** Until it is said, and known to have arrived: time that passes before would be time that a message waits. */
async function tells(words: string): Promise<void> {
  await scene.until(() => told().find((text) => text.includes(words)));
  await scene.quiet();
}

/** Ten seconds pass and it looks, so many times. */
async function looks(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    scene.clock.pass(10_000);
    await scene.app.watch.look();
  }
}

const sql = (statement: string): Promise<void> => byHand(scene.app, statement);

const postTo = async (path: string, body: unknown): Promise<void> => {
  await scene.app.api(path, { method: 'POST', body });
};

/** A message that Slack refuses for ever. */
async function deadLetter(): Promise<void> {
  const { slack } = scene;
  const { work } = await claimed(scene, '数据库故障,发不出去');
  await scene.quiet();
  slack.fault({ method: 'chat.postMessage', channel: 'C0ACME', kind: 'error', error: 'channel_not_found' });
  await slack.post('U0WEI', 'C0DUTY', '只能说一次的话', { thread_ts: work });
  await scene.until(async () => (await scene.app.storage.queues.outbox.depth(scene.clock.now())).dead === 1);
  slack.clearFaults();
}

describe('what the program finds wrong with itself', () => {
  it('a dead letter: in the metrics, on both pages, and once in the administrators’ chat; its end, once', async () => {
    await open();
    await looks(1);
    expect(await page('/metrics')).toContain('itr_symptom{name="dead_letters"} 0');
    expect(await page('/readyz')).toContain('self-watch: all is well');

    await deadLetter();
    await looks(3);
    await tells('1 条消息发不出去');
    expect(await page('/metrics')).toContain('itr_symptom{name="dead_letters"} 1');
    const ready = await fetch(`${scene.app.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/warn dead_letters: 1 message could not be delivered.*itr outbox retry/);
    expect(await page('/health')).toContain('dead_letters: 1 message could not be delivered');

    await postTo('/api/v1/outbox/retry', { all: true });
    await scene.hears('C0ACME', ['只能说一次的话']);
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
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true });
    });
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
    await postTo('/api/v1/outbox/retry', { all: true });
    await scene.quiet();
    await looks(1);
    await tells('放弃的消息都处理好了');
    expect(told()).toHaveLength(2);
  });

  it('a timer that does not ring; a visitor’s moved clock is no fault, and neither is the time it takes to notice', async () => {
    await open();
    const { number, id } = await raise(scene, '数据库故障,定时');
    await scene.quiet();
    scene.clock.advance(4 * 3_600_000);
    await scene.app.watch.look();
    expect(await page('/readyz')).toContain('self-watch: all is well');

    // Due a minute ago, and put off as after a decision that failed.
    const [due, next] = [-60_000, 50_000].map((ms) => instantFor(scene.app, scene.clock.now() + ms));
    await sql(`UPDATE timers SET due_at = ${due}, try_at = ${next} WHERE ticket = ${number}`);
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

  it('a platform whose token is refused: said after a minute, and brought out once it works again', async () => {
    await open();
    const { slack } = scene;
    await slack.revokeTokens();
    await scene.until(() => scene.app.platforms.get('slack')?.health().ok === false);
    await looks(4);
    expect(await page('/metrics')).toContain('itr_symptom{name="adapter:slack"} 0');
    await looks(4);
    expect(await page('/metrics')).toContain('itr_symptom{name="adapter:slack"} 1');
    const ready = await page('/readyz');
    expect(ready).toContain('warn adapter:slack: slack is disconnected');
    expect(ready).toContain('warn slack: the platform reported access_revoked');

    slack.reinstall();
    scene.clock.advance(10 * 60_000);
    await tells('slack 断开');
    await scene.until(() => scene.app.platforms.get('slack')?.health().ok === true);
    await looks(5);
    await tells('slack 已不再断开');
    expect(told().filter((text) => text.includes('slack'))).toHaveLength(2);
  });

  it('a watch that could not look once since the start says so after a minute, as one that stopped does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'itr-watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await open(WITH_ADMIN_CHAT, folder);
    await sql(`INSERT INTO key_values (key, value) VALUES ('symptom:inbox', 'spoiled')`);
    await scene.close();
    await open(WITH_ADMIN_CHAT, folder);
    await expect(scene.app.watch.look()).rejects.toThrow('JSON');
    expect(await page('/readyz')).toContain('ok   self-watch: has not looked yet');
    scene.clock.pass(61_000);
    expect(await page('/readyz')).toContain('warn self-watch: has not looked for 1 m');
    const [, idle] = /^itr_watch_idle_seconds (\S+)$/m.exec(await page('/metrics')) ?? [];
    expect(Number(idle)).toBeGreaterThan(60);
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

  it('a timer that was lost is back after the audit; the next one that finds nothing ends it', async () => {
    await open();
    const { number, id } = await raise(scene, '数据库故障,核对');
    await scene.quiet();
    const { read } = scene.app.storage.store;
    const before = await read.timersOf(number);
    await sql(`DELETE FROM timers WHERE ticket = ${number}`);
    expect(await scene.app.watch.audit()).toMatchObject({ looked: 1, tickets: [number] });
    expect(await read.timersOf(number)).toEqual(before);
    await looks(2);
    await tells(`定时核对发现 1 个工单不对，能改的已改好：${id}`);
    expect(await page('/metrics')).toContain('itr_audit_differences_total 1\n');
    expect(await page('/readyz')).toContain(`warn audit: the audit found wrong timers on 1 ticket`);
    await scene.app.watch.audit();
    await looks(1);
    await tells('再次核对定时，没有差异');
    expect(await page('/readyz')).toMatch(/self-watch: all is well.*timers of 1 open ticket audited.*no difference/);
  });

  it('without a chat for it, each administrator who can be reached is told directly', async () => {
    await open(EXAMPLE);
    await looks(1);
    scene.clock.set(-5_000);
    await looks(1);
    const direct = await scene.until(() =>
      scene.slack.dms('U0ADMIN').find((message) => visibleText(message).includes('本机时钟跳了 −5.0 秒')),
    );
    expect(visibleText(direct)).toContain('自检');
  });

  it('a chat that the bot was removed from is on the pages; `/itr bind admin` makes one for such messages', async () => {
    await open(EXAMPLE);
    const { slack } = scene;
    // An invitation that is delivered late, after the removal, would be believed.
    await scene.quiet();
    await slack.kickBot('C0DUTY');
    await scene.until(async () => (await page('/readyz')).includes('warn slack: not in the chat C0DUTY'));
    await slack.joinBot('C0DUTY');
    await scene.until(async () => !(await page('/readyz')).includes('C0DUTY'));

    await slack.slash('U0ADMIN', 'C0LOOSE', '/itr', 'bind admin');
    await scene.hears('C0LOOSE', ['已绑定']);
    await looks(1);
    scene.clock.set(90_000);
    await looks(1);
    await tells('本机时钟跳了');
  });
});
