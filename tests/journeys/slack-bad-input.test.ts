import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';

let scene: SlackScene;
let tickets = 0;

beforeAll(async () => {
  scene = await SlackScene.open();
});

afterAll(async () => {
  await scene.close();
});

beforeEach(() => {
  scene.slack.clearFaults();
});

/** Lin raises it, answers the question, and it waits in the queue. */
async function raise(text: string): Promise<{ readonly ts: string; readonly number: number; readonly work: string }> {
  const { slack } = scene;
  const { ts } = await slack.post('U0LIN', 'C0ACME', `${text} 数据库`);
  await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
  const number = ++tickets;
  await scene.hears('C0ACME', [`ITR-${number}`], ts);
  await scene.hears('C0ACME', ['直接回复'], ts);
  await slack.post('U0LIN', 'C0ACME', '部分用户受影响', { thread_ts: ts });
  await scene.untilStatus('queued', number);
  const work = await scene.hears('C0DUTY', [`ITR-${number} `, text]);
  return { ts, number, work: work.ts };
}

const whispers = (user: string): string[] => scene.slack.ephemerals(user).map(visibleText);
const stored = async (): Promise<number> => (await scene.app.storage.queries.backlog(scene.clock.now())).inbox.waiting;

describe('bad input on Slack has a defined answer, and nothing is lost', () => {
  it('a bad, missing, old or future signature: 401, and nothing is stored', async () => {
    const { slack } = scene;
    // What Slack told of the bot's channels at the start is no part of it.
    await scene.quiet();
    const body = JSON.stringify({
      type: 'event_callback',
      event_id: 'EvBAD',
      event: { type: 'message', channel: 'C0ACME', user: 'U0LIN', text: 'x', ts: '1.000001' },
    });
    const now = Math.floor(Date.now() / 1000);
    const good = slack.sign(body);
    const json = { 'content-type': 'application/json' };
    const attempts = [
      {},
      {
        ...good,
        'x-slack-signature': `${(good['x-slack-signature'] ?? good['X-Slack-Signature'] ?? 'v0=0').slice(0, -1)}0x`,
      },
      slack.sign(body, now - 301),
      slack.sign(body, now + 330),
      slack.sign(`${body} `),
    ];
    for (const headers of attempts) {
      const response = await slack.postRaw('/slack/events', body, { ...json, ...headers });
      expect(response.status).toBe(401);
    }
    expect(await stored()).toBe(0);
    expect(scene.app.logged.join('')).not.toContain(slack.signingSecret);
  });

  it('an unknown channel: the bot explains how to bind it, and after binding the same thread becomes a ticket', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0LOOSE', '数据库连接不上');
    await slack.react('U0LIN', 'C0LOOSE', ts, 'ticket');
    const said = await scene.hears('C0LOOSE', ['/itr bind project acme-core'], ts);
    expect(said.thread_ts).toBe(ts);
    await slack.slash('U0LIN', 'C0LOOSE', '/itr', 'bind project acme-core');
    await scene.until(() => whispers('U0LIN').length > 0);
    expect((await scene.app.api('/api/v1/tickets')).body['items']).toEqual([]);
    await slack.slash('U0ADMIN', 'C0LOOSE', '/itr', 'bind project acme-core');
    await scene.until(() => scene.app.world.policy().chats.some((chat) => chat.id === 'C0LOOSE'));
    await slack.unreact('U0LIN', 'C0LOOSE', ts, 'ticket');
    await slack.react('U0LIN', 'C0LOOSE', ts, 'ticket');
    await scene.hears('C0LOOSE', [`ITR-${++tickets}`, '数据库连接不上'], ts);
  });

  it('a second 🎫 anywhere in the thread answers with the ticket that is there', async () => {
    const { slack } = scene;
    const { ts, number } = await raise('重复建单');
    const { ts: reply } = await slack.post('U0ZHOU', 'C0ACME', '我也遇到了', { thread_ts: ts });
    await slack.react('U0ZHOU', 'C0ACME', reply, 'ticket');
    await scene.until(() => whispers('U0ZHOU').some((text) => text.includes(`ITR-${number}`)));
    expect((await scene.app.api('/api/v1/tickets?q=重复建单')).body['items']).toHaveLength(1);
  });

  it('a form without a field: what is missing is said at the field', async () => {
    const { slack } = scene;
    const { number, work } = await raise('表单');
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.until(() => scene.text('C0DUTY', work).includes('处理中'));
    await slack.click('U0WEI', 'C0DUTY', work, 'form:resolve');
    await scene.until(() => slack.openView('U0WEI'));
    const answer = await slack.submitView('U0WEI', { solution: '   ', cause: 'defect' });
    expect(answer.action).toBe('errors');
    expect(Object.keys(answer.errors ?? {})).toHaveLength(1);
    expect((await scene.ticket(number))['status']).toBe('in_progress');
    await slack.closeView('U0WEI');
  });

  it('a claim of a closed ticket, and one by somebody who may not: a private word each', async () => {
    const { slack } = scene;
    const { number, work } = await raise('已关闭');
    await slack.react('U0ZHAO', 'C0DUTY', work, 'eyes');
    await scene.until(() => whispers('U0ZHAO').some((text) => text.includes(`ITR-${number}`)));
    await slack.slash('U0LIN', 'C0ACME', '/itr', `cancel ${number}`);
    await scene.untilStatus('cancelled', number);
    const before = whispers('U0LI').length;
    await slack.react('U0LI', 'C0DUTY', work, 'eyes');
    await scene.until(() => whispers('U0LI').length > before);
    expect(whispers('U0LI').at(-1)).toContain(`ITR-${number}`);
    expect((await scene.ticket(number))['status']).toBe('cancelled');
  });

  it('an emoji without a meaning, another bot, and the bot’s own messages: nothing at all', async () => {
    const { slack } = scene;
    const { work, number } = await raise('安静');
    slack.addUser({ id: 'U0OTHER', name: 'otherbot', isBot: true });
    await slack.joinChannel('U0OTHER', 'C0ACME');
    await scene.quiet();
    const calls = slack.calls('chat.postMessage').length;
    const seq = (await scene.ticket(number))['timeline'] as unknown[];
    await slack.react('U0WEI', 'C0DUTY', work, 'banana');
    await slack.mention('U0OTHER', 'C0ACME', '建单 数据库又慢了');
    await scene.quiet();
    expect(slack.calls('chat.postMessage')).toHaveLength(calls);
    expect(((await scene.ticket(number))['timeline'] as unknown[]).length).toBe(seq.length);
  });

  it('a 3,000-line paste is stored whole; its card stays within Slack’s limits', async () => {
    const { slack } = scene;
    const lines = Array.from(
      { length: 3_000 },
      (_, line) => `2026-11-19 09:41:${line % 60} ERROR pool exhausted ${line}`,
    );
    const { ts } = await slack.post('U0LIN', 'C0ACME', `数据库报错\n${lines.join('\n')}`.slice(0, 39_000));
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    const number = ++tickets;
    const card = await scene.hears('C0ACME', [`ITR-${number}`], ts);
    expect(visibleText(card)).toContain('数据库报错');
    const ticket = await scene.ticket(number);
    expect(String(ticket['title']).length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(ticket['timeline'])).toContain('pool exhausted 500');
  });

  it('an edited message keeps both versions, a deleted one is marked', async () => {
    const { slack } = scene;
    const { ts, number } = await raise('改与删');
    const reply = await slack.post('U0LIN', 'C0ACME', '端口是 5432', { thread_ts: ts });
    await slack.edit('U0LIN', 'C0ACME', reply.ts, '端口是 5433');
    await scene.until(async () => (await types(number)).includes('message_edited'));
    await slack.delete('U0LIN', 'C0ACME', reply.ts);
    await scene.until(async () => (await types(number)).includes('message_deleted'));
    const timeline = JSON.stringify((await scene.ticket(number))['timeline']);
    expect(timeline).toContain('5432');
    expect(timeline).toContain('5433');
  });

  it('a kicked bot: what could not be said is kept and shown, and the rest goes on', async () => {
    const { slack } = scene;
    const { ts, number, work } = await raise('被移出群');
    await slack.kickBot('C0ACME');
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.until(() => scene.text('C0DUTY', work).includes('处理中'));
    await scene.until(async () => (await scene.app.storage.queues.outbox.deadLetters(10)).length > 0);
    const dead = await scene.app.storage.queues.outbox.deadLetters(10);
    expect(dead.every((letter) => letter.lane === 'slack:C0ACME')).toBe(true);
    await slack.joinBot('C0ACME');
    await scene.app.storage.queues.outbox.reviveAll(scene.clock.now());
    await scene.until(() =>
      slack.messages('C0ACME', { thread_ts: ts }).some((one) => visibleText(one).includes('处理中')),
    );
    expect((await scene.ticket(number))['assignee']).toBe('wei');
  });

  it('a revoked token: everything waits, health says why, and with a token again nothing was lost', async () => {
    const { slack } = scene;
    const { number, work } = await raise('令牌失效');
    slack.fault({ method: '*', kind: 'error', error: 'token_revoked', times: 4 });
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('in_progress', number);
    await scene.until(async () => (await (await fetch(`${scene.app.url}/readyz`)).text()).includes('token_revoked'));
    slack.clearFaults();
    for (let minute = 0; minute < 7; minute++) scene.clock.advance(60_000);
    await scene.until(() => scene.text('C0DUTY', work).includes('处理中'));
    expect(
      (await scene.app.storage.queues.outbox.deadLetters(10)).filter((letter) => letter.ticket === number),
    ).toEqual([]);
  });
});

async function types(number: number): Promise<string[]> {
  return ((await scene.ticket(number))['timeline'] as { type: string }[]).map((event) => event.type);
}
