import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { byHand, instantFor } from '../../support/by-hand.ts';
import type { Message, Platform, Stage } from '../../support/stage.ts';

/** The example with a chat for the administrators. */
export const withAdminChat = ({ example, name, idOf }: Platform): string =>
  example.replace('chats:\n', `chats:\n  - { platform: ${name}, id: ${idOf('loose')}, role: admin }\n`);

/** A folder that is kept over a restart, until the test has ended. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'itr-watch-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** What the administrators' chat reads of the bot itself. */
export const told = (stage: Stage): readonly string[] =>
  stage.found('loose', '自检').map((message) => stage.text(message));

/** Until it is said, and known to have arrived: time that passes before would be time that a message waits. */
export async function tells(stage: Stage, words: string): Promise<void> {
  await stage.hears('loose', '自检', words);
  await stage.quiet();
}

/** Ten seconds pass and it looks, so many times. */
export async function looks(stage: Stage, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    stage.clock.pass(10_000);
    await stage.app.watch.look();
  }
}

/** A message that the platform refuses for ever; the thread it should have come to. */
async function deadLetter(stage: Stage): Promise<Message> {
  const { root, work } = await stage.claimed('数据库故障,发不出去');
  await stage.quiet();
  stage.shuts('acme');
  await stage.says('wei', work, '只能说一次的话');
  await stage.until(async () => (await stage.app.storage.queues.outbox.depth(stage.clock.now())).dead === 1);
  stage.reopens('acme');
  return root;
}

async function retryAll(stage: Stage): Promise<void> {
  await stage.app.api('/api/v1/outbox/retry', { method: 'POST', body: { all: true } });
}

export function selfWatchStory(platform: Platform): void {
  describe(`what the program finds wrong with itself, on ${platform.title}`, () => {
    let stage: Stage;
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
      await stage.close();
    });

    async function open(config = withAdminChat(platform), folder?: string): Promise<void> {
      // The machine's clock is moved here, and that of a database server would not move along.
      stage = await platform.open({ config, database: 'sqlite', ...(folder === undefined ? {} : { folder }) });
    }

    it('a dead letter: in the metrics, on both pages, and once in the administrators’ chat; its end, once', async () => {
      await open();
      await looks(stage, 1);
      expect(await stage.page('/metrics')).toContain('itr_symptom{name="dead_letters"} 0');
      expect(await stage.page('/readyz')).toContain('self-watch: all is well');

      const thread = await deadLetter(stage);
      await looks(stage, 3);
      await tells(stage, '1 条消息发不出去');
      expect(await stage.page('/metrics')).toContain('itr_symptom{name="dead_letters"} 1');
      const ready = await fetch(`${stage.app.url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.text()).toMatch(/warn dead_letters: 1 message could not be delivered.*itr outbox retry/);
      expect(await stage.page('/health')).toContain('dead_letters: 1 message could not be delivered');

      await retryAll(stage);
      await stage.hears(thread, '只能说一次的话');
      await stage.quiet();
      expect(stage.found(thread, '只能说一次的话')).toHaveLength(1);
      await looks(stage, 3);
      await tells(stage, '放弃的消息都处理好了');
      expect(told(stage)).toHaveLength(2);
      expect(await stage.page('/metrics')).toContain('itr_symptom{name="dead_letters"} 0');
      expect(await stage.page('/readyz')).toContain('self-watch: all is well');
    });

    it('a restart in between says nothing twice, and still says when it is over', async () => {
      const kept = folder();
      await open(withAdminChat(platform), kept);
      await deadLetter(stage);
      await looks(stage, 1);
      await tells(stage, '1 条消息发不出去');
      await stage.restarts(kept);
      await looks(stage, 2);
      await stage.quiet();
      expect(told(stage)).toHaveLength(1);
      expect(await stage.page('/readyz')).toContain('dead_letters: ');
      await retryAll(stage);
      await stage.quiet();
      await looks(stage, 1);
      await tells(stage, '放弃的消息都处理好了');
      expect(told(stage)).toHaveLength(2);
    });

    it('a watch that could not look once since the start says so after a minute, as one that stopped does', async () => {
      const kept = folder();
      await open(withAdminChat(platform), kept);
      await byHand(stage.app, `INSERT INTO key_values (key, value) VALUES ('symptom:inbox', 'spoiled')`);
      await stage.restarts(kept);
      await expect(stage.app.watch.look()).rejects.toThrow('JSON');
      expect(await stage.page('/readyz')).toContain('ok   self-watch: has not looked yet');
      stage.clock.pass(61_000);
      expect(await stage.page('/readyz')).toContain('warn self-watch: has not looked for 1 m');
      const [, idle] = /^itr_watch_idle_seconds (\S+)$/m.exec(await stage.page('/metrics')) ?? [];
      expect(Number(idle)).toBeGreaterThan(60);
    });

    it('a database that takes no writes: not ready, and ready again at once', async () => {
      await open();
      const full = `BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`;
      await byHand(stage.app, `CREATE TRIGGER full BEFORE INSERT ON key_values WHEN NEW.key = 'watched-at' ${full}`);
      await looks(stage, 1);
      const unready = await fetch(`${stage.app.url}/readyz`);
      expect(unready.status).toBe(503);
      expect(await unready.text()).toContain('FAIL database: takes no writes (');
      expect(await stage.page('/metrics')).toContain('itr_database_up 0');
      expect(await stage.page('/health')).toContain('takes no writes');
      await byHand(stage.app, 'DROP TRIGGER full');
      expect(await stage.page('/readyz')).toContain('ok   database: answers in');
      expect(await stage.page('/metrics')).toContain('itr_database_up 1');
    });

    it('a timer that does not ring; a visitor’s moved clock is no fault, and neither is the time it takes to notice', async () => {
      await open();
      const { number, id } = await stage.raise('数据库故障,定时');
      await stage.quiet();
      stage.clock.advance(4 * 3_600_000);
      await stage.app.watch.look();
      expect(await stage.page('/readyz')).toContain('self-watch: all is well');

      // Due a minute ago, and put off as after a decision that failed.
      const [due, next] = [-60_000, 50_000].map((ms) => instantFor(stage.app, stage.clock.now() + ms));
      await byHand(stage.app, `UPDATE timers SET due_at = ${due}, try_at = ${next} WHERE ticket = ${number}`);
      await looks(stage, 1);
      expect(await stage.page('/metrics')).toContain('itr_symptom{name="late_timer"} 1');
      expect(await stage.page('/readyz')).toContain(`late_timer: a reminder is late: a timer of ${id} is overdue by`);
      await tells(stage, `${id} 的定时已过`);

      stage.clock.advance(60_000);
      await stage.until(async () => {
        const { timers } = await stage.app.storage.queries.watch.waiting(stage.clock.now());
        return timers.overdueMs === 0;
      });
      await looks(stage, 5);
      await tells(stage, '提醒恢复准时');
      expect(told(stage)).toHaveLength(2);
    });

    it('the machine’s clock is set: said, with by how much', async () => {
      await open();
      await looks(stage, 1);
      stage.clock.set(90_000);
      await looks(stage, 1);
      await tells(stage, '本机时钟跳了 +90.0 秒');
      await looks(stage, 31);
      await tells(stage, '时钟恢复平稳');
      expect(told(stage)).toHaveLength(2);
    });

    it('a timer that was lost is back after the audit; the next one that finds nothing ends it', async () => {
      await open();
      const { number, id } = await stage.raise('数据库故障,核对');
      await stage.quiet();
      const { read } = stage.app.storage.store;
      const before = await read.timersOf(number);
      await byHand(stage.app, `DELETE FROM timers WHERE ticket = ${number}`);
      expect(await stage.app.watch.audit()).toMatchObject({ looked: 1, tickets: [number] });
      expect(await read.timersOf(number)).toEqual(before);
      await looks(stage, 2);
      await tells(stage, `定时核对发现 1 个工单不对，能改的已改好：${id}`);
      expect(await stage.page('/metrics')).toContain('itr_audit_differences_total 1\n');
      expect(await stage.page('/readyz')).toContain(`warn audit: the audit found wrong timers on 1 ticket`);
      await stage.app.watch.audit();
      await looks(stage, 1);
      await tells(stage, '再次核对定时，没有差异');
      expect(await stage.page('/readyz')).toMatch(
        /self-watch: all is well.*timers of 1 open ticket audited.*no difference/,
      );
    });

    it('without a chat for it, each administrator who can be reached is told directly', async () => {
      await open(platform.example);
      await looks(stage, 1);
      stage.clock.set(-5_000);
      await looks(stage, 1);
      await stage.hearsDirectly('admin', '自检', '本机时钟跳了 −5.0 秒');
    });

    it('a chat that the bot was removed from is on the pages; `bind admin` makes one for such messages', async () => {
      await open(platform.example);
      const duty = platform.idOf('duty');
      // An invitation that is delivered late, after the removal, would be believed.
      await stage.quiet();
      await stage.removesBot('duty');
      await stage.until(async () =>
        (await stage.page('/readyz')).includes(`warn ${platform.name}: not in the chat ${duty}`),
      );
      await stage.addsBot('duty');
      await stage.until(async () => !(await stage.page('/readyz')).includes(duty));

      await stage.orders('admin', 'loose', 'bind admin');
      await stage.hears('loose', '已绑定');
      await looks(stage, 1);
      stage.clock.set(90_000);
      await looks(stage, 1);
      await tells(stage, '本机时钟跳了');
    });
  });
}
