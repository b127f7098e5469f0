import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlackEmulator, visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import { ItrProcess } from '../support/process.ts';
import { EXAMPLE } from '../support/world.ts';

/** What the bot asks Slack for on the way of one ticket; killed at each of these, before Slack answers. */
const MOMENTS = [
  { at: 'the first card is posted', method: 'chat.postMessage', channel: 'C0ACME', skip: 0 },
  { at: 'the question is posted', method: 'chat.postMessage', channel: 'C0ACME', skip: 1 },
  { at: 'the work card is posted', method: 'chat.postMessage', channel: 'C0DUTY', skip: 0 },
  { at: 'the first card is edited', method: 'chat.update', channel: 'C0ACME', skip: 0 },
  { at: 'the work card is edited', method: 'chat.update', channel: 'C0DUTY', skip: 0 },
  { at: 'the answer is carried over', method: 'chat.postMessage', channel: 'C0ACME', skip: 2 },
] as const;

let slack: SlackEmulator;
let folder: string;
let itr: ItrProcess;

beforeAll(async () => {
  slack = await SlackEmulator.start({ mode: 'http', retryDelaysMs: [200, 1_000, 3_000] });
  for (const id of ['U0LIN', 'U0WEI'])
    slack.addUser({ id, name: id.slice(2).toLowerCase(), locale: 'zh-CN', tz: 'Asia/Shanghai' });
  for (const id of ['C0ACME', 'C0DUTY'])
    slack.addChannel({ id, name: id.toLowerCase(), members: ['U0LIN', 'U0WEI'], botIsMember: true });
  folder = mkdtempSync(join(tmpdir(), 'itr-crash-'));
  writeFileSync(join(folder, 'itr.config.yaml'), EXAMPLE.replaceAll('people: [wei, li]', 'people: [wei]'));
  await run();
});

afterAll(async () => {
  await itr.kill();
  await slack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(): Promise<void> {
  itr = await ItrProcess.start(folder, {
    ITR_CONFIG: join(folder, 'itr.config.yaml'),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  });
  slack.setRequestUrl(`${itr.url}/slack/events`);
}

const inThread = (channel: string, thread: string): SlackMessage[] =>
  slack.messages(channel, { thread_ts: thread, from: 'bot' });
/** The card quotes the last progress too. */
const isCarried = (message: SlackMessage): boolean =>
  visibleText(message).includes('在看了') && !visibleText(message).includes('ITR-');
const until = <T>(predicate: () => T | Promise<T>) => slack.waitFor(predicate, { timeoutMs: 50_000, pollMs: 50 });

describe('kill -9 loses nothing and doubles nothing', () => {
  for (const [index, moment] of MOMENTS.entries()) {
    for (const kind of ['drop', 'drop-after-success'] as const) {
      const when = kind === 'drop' ? 'before Slack has done it' : 'after Slack has done it, before the answer';
      it(`killed when ${moment.at}, ${when}`, async () => {
        const name = `故障${index}${kind === 'drop' ? 'A' : 'B'} 数据库很慢`;
        let killed: Promise<void> | null = null;
        slack.fault({
          method: moment.method,
          channel: moment.channel,
          skip: moment.skip,
          times: 1,
          kind,
          when: () => {
            killed ??= itr.kill().then(run);
            return true;
          },
        });
        const { ts } = await slack.post('U0LIN', 'C0ACME', name);
        await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
        await until(() => inThread('C0ACME', ts).length >= 2);
        await slack.post('U0LIN', 'C0ACME', '全部用户都受影响', { thread_ts: ts });
        const work = await until(() =>
          slack.messages('C0DUTY', { from: 'bot' }).find((one) => visibleText(one).includes(name)),
        );
        await until(() => killed === null || killed.then(() => true));
        await slack.react('U0WEI', 'C0DUTY', work.ts, 'eyes');
        await slack.post('U0WEI', 'C0DUTY', `在看了 ${name}`, { thread_ts: work.ts });

        await until(() => inThread('C0ACME', ts).some(isCarried));
        await until(() =>
          slack.messages('C0ACME', { thread_ts: ts }).some((one) => visibleText(one).includes('处理中')),
        );
        await until(() => visibleText(slack.message('C0DUTY', work.ts)!).includes('处理中'));
        expect(killed, `the fault was never met: ${moment.at}`).not.toBeNull();
        await until(() => killed!.then(() => true));
        slack.clearFaults();

        const cards = inThread('C0ACME', ts).filter((one) => visibleText(one).includes('处理中'));
        const questions = inThread('C0ACME', ts).filter((one) => visibleText(one).includes('直接回复'));
        const carried = inThread('C0ACME', ts).filter(isCarried);
        const workCards = slack
          .messages('C0DUTY', { from: 'bot' })
          .filter((one) => visibleText(one).includes(name) && (one.thread_ts ?? one.ts) === one.ts);
        expect([cards.length, questions.length, carried.length, workCards.length]).toEqual([1, 1, 1, 1]);
      }, 90_000);
    }
  }

  it('and at the end every ticket is there once, with an unbroken timeline', async () => {
    const response = await fetch(`${itr.url}/api/v1/tickets?limit=200`);
    const { items } = (await response.json()) as { items: { number: string; assignee: string }[] };
    expect(items).toHaveLength(MOMENTS.length * 2);
    expect(new Set(items.map((one) => one.assignee))).toEqual(new Set(['wei']));
    expect(await itr.stop()).toBe(0);
  });
});
