import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../src/conversations/card.ts';
import { DeliveryError, type ChatEvent, type Outgoing, type ReplyToken } from '../../../src/conversations/platform.ts';
import { visibleText } from '../../emulators/slack/index.ts';
import { rig, type Rig } from './harness.ts';

let made: Rig | undefined;
const open = async (...args: Parameters<typeof rig> extends [unknown, ...infer Rest] ? Rest : never): Promise<Rig> =>
  (made = await rig('http', ...args));
afterEach(async () => made?.stop());

const text = (words: string): Outgoing => ({ text: [words], language: 'en' });
const acme = { kind: 'chat', chat: 'C0ACME' } as const;

const card: Card = {
  head: 'ITR-1 · incident · S2',
  title: 'orders fail',
  tone: 'warning',
  lines: [['Response by ', { kind: 'instant', ms: 1_763_350_000_000, text: '11:12' }]],
  fields: [{ label: 'Product', value: ['Database'] }],
  actions: [{ action: 'claim', value: '1', label: 'Claim', style: 'primary' }],
};

const failing = async (call: Promise<unknown>): Promise<DeliveryError> => {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof DeliveryError) return error;
  throw error;
};

/** Where nobody listens. */
const nowhere = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/api/`;
};

const replyTo = (event: ChatEvent | undefined): ReplyToken => {
  if (event === undefined || !('reply' in event) || event.reply === null) throw new Error('no reply token');
  return event.reply;
};

describe('send', () => {
  it('into a thread, with fallback text and marker, and without unfurling', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'down');
    const ref = await bot.send({ kind: 'thread', chat: 'C0ACME', thread: ts }, { card, language: 'en' }, 'm1');
    expect(ref).toMatchObject({ platform: 'slack', chat: 'C0ACME', thread: ts });
    const message = slack.message('C0ACME', ref.message);
    expect(message).toMatchObject({
      thread_ts: ts,
      metadata: { event_type: 'itr_outbox', event_payload: { marker: 'm1' } },
    });
    expect(message?.text).toContain('orders fail');
    expect(visibleText(message ?? {})).toContain('<!date^1763350000^');
    expect(slack.world.calls.at(-1)?.args).toMatchObject({ unfurl_links: 'false' });
    expect(slack.world.warnings).toEqual([]);
  });

  it('at the top of a channel begins a thread of its own', async () => {
    const { bot } = await open();
    const ref = await bot.send(acme, text('morning'), 'm1');
    expect(ref.thread).toBe(ref.message);
  });

  it('to a person opens the conversation once', async () => {
    const { slack, bot } = await open();
    await bot.send({ kind: 'direct', user: 'U0LIN' }, text('a'), 'm1');
    await bot.send({ kind: 'direct', user: 'U0LIN' }, text('b'), 'm2');
    expect(slack.dms('U0LIN').map((message) => message.text)).toEqual(['a', 'b']);
    expect(slack.world.calls.filter(({ method }) => method === 'conversations.open')).toHaveLength(1);
  });

  it('what a person wrote mentions nobody', async () => {
    const { slack, bot } = await open();
    const ref = await bot.send(
      acme,
      { author: { name: '<!here>' }, text: ['<!channel> <@U0WEI>'], language: 'en' },
      'm1',
    );
    expect(slack.message('C0ACME', ref.message)?.text).toBe('*&lt;!here&gt;*: &lt;!channel&gt; &lt;@U0WEI&gt;');
  });

  it('a 3,000-line paste is posted, cut', async () => {
    const { slack, bot } = await open();
    const paste = Array.from({ length: 3_000 }, (_, i) => `line ${i} & <x>`).join('\n');
    const ref = await bot.send(acme, text(paste), 'm1');
    const posted = slack.message('C0ACME', ref.message)?.text ?? '';
    expect(posted.length).toBeLessThanOrEqual(12_000);
    expect(posted).toContain('more characters');
    await bot.edit(ref, text(paste));
    expect(slack.message('C0ACME', ref.message)?.text.length).toBeLessThanOrEqual(4_000);
  });

  it('falls back to plain text where Slack refuses the blocks', async () => {
    const { slack, bot, logged } = await open();
    slack.fault({ method: 'chat.postMessage', kind: 'error', error: 'invalid_blocks' });
    const ref = await bot.send(acme, { card, language: 'en' }, 'm1');
    const message = slack.message('C0ACME', ref.message);
    expect(message?.blocks ?? []).toEqual([]);
    expect(message?.text).toContain('*orders fail*');
    expect(message?.metadata).toMatchObject({ event_payload: { marker: 'm1' } });
    expect(logged.join()).toContain('plain text instead');
  });
});

describe('an outcome that is not known', () => {
  it.each([
    ['the connection breaks after Slack posted', { kind: 'drop-after-success' }],
    ['Slack posts and answers 500', { kind: '500' }],
    ['an answer that is none', { kind: 'garbage' }],
  ] as const)('%s: posted at most once, and said to be unknown', async (_, fault) => {
    const { slack, bot } = await open();
    slack.fault({ method: 'chat.postMessage', ...fault });
    const error = await failing(bot.send(acme, text('once'), 'm1'));
    expect(error).toMatchObject({ unknown: true, permanent: false });
    expect(slack.world.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    const found = await bot.find(acme, 'm1', Date.now() - 60_000);
    expect(found?.message).toBe(slack.messages('C0ACME', { from: 'bot' })[0]?.ts);
  });

  it('a message is found by its marker in a channel, a thread and a direct conversation', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'down');
    for (const to of [
      acme,
      { kind: 'thread', chat: 'C0ACME', thread: ts },
      { kind: 'direct', user: 'U0WEI' },
    ] as const) {
      await bot.send(to, text('a'), `${to.kind}-1`);
      const ref = await bot.send(to, text('b'), `${to.kind}-2`);
      expect(await bot.find(to, `${to.kind}-2`, Date.now() - 60_000)).toEqual(ref);
      expect(await bot.find(to, `${to.kind}-3`, Date.now() - 60_000)).toBeNull();
    }
  });

  it('it is still found after the message was edited', async () => {
    const { bot } = await open();
    const ref = await bot.send(acme, text('a'), 'm1');
    await bot.edit(ref, text('b'));
    expect(await bot.find(acme, 'm1', Date.now() - 60_000)).toEqual(ref);
  });

  it('what never reached Slack was not sent', async () => {
    const { bot } = await open({ slack: { apiUrl: await nowhere() } });
    expect(await failing(bot.send(acme, text('x'), 'm1'))).toMatchObject({ unknown: false, scope: 'platform' });
    expect(bot.health()).toMatchObject({ ok: false });
  });
});

describe('limits and refusals', () => {
  it('a 429 holds up that channel only, for as long as Slack says', async () => {
    const { slack, bot } = await open();
    slack.fault({ method: 'chat.postMessage', channel: 'C0ACME', kind: '429', retryAfter: 3 });
    expect(await failing(bot.send(acme, text('x'), 'm1'))).toMatchObject({
      retryAfterMs: 3_000,
      scope: 'chat',
      unknown: false,
    });
    const started = performance.now();
    await bot.send({ kind: 'chat', chat: 'C0DB' }, text('x'), 'm2');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('a kicked bot: the chat is gone', async () => {
    const { slack, bot } = await open();
    await slack.kickBot('C0ACME');
    expect(await failing(bot.send(acme, text('x'), 'm1'))).toMatchObject({
      permanent: true,
      gone: true,
      scope: 'chat',
    });
  });

  it('a revoked token: everything waits, and health says what to do', async () => {
    const { slack, bot } = await open();
    await slack.revokeTokens();
    expect(await failing(bot.send(acme, text('x'), 'm1'))).toMatchObject({ permanent: false, scope: 'platform' });
    expect(bot.health().ok).toBe(false);
    expect(bot.health().line).toContain('SLACK_BOT_TOKEN');
    slack.reinstall();
    await bot.send(acme, text('x'), 'm1');
    expect(bot.health().ok).toBe(true);
  });

  it('a missing scope is named', async () => {
    const { bot } = await open({ emulator: { scopes: ['chat:write'] } });
    expect(await failing(bot.profile('U0LIN'))).toMatchObject({ permanent: false, scope: 'message' });
    expect(bot.health()).toMatchObject({ ok: true });
    expect(bot.health().line).toContain('users:read');
  });
});

describe('edit', () => {
  it('replaces the card, and takes blocks away where there are none now', async () => {
    const { slack, bot } = await open();
    const ref = await bot.send(acme, { card, language: 'en' }, 'm1');
    await bot.edit(ref, { card: { ...card, title: 'all orders fail' }, language: 'en' });
    expect(visibleText(slack.message('C0ACME', ref.message) ?? {})).toContain('all orders fail');
    await bot.edit(ref, text('closed'));
    expect(visibleText(slack.message('C0ACME', ref.message) ?? {})).toBe('closed');
  });

  it('of a deleted message: gone', async () => {
    const { slack, bot } = await open();
    const ref = await bot.send(acme, text('a'), 'm1');
    await slack.delete('U0BOT', 'C0ACME', ref.message);
    expect(await failing(bot.edit(ref, text('b')))).toMatchObject({ gone: true, permanent: true, scope: 'message' });
  });
});

describe('to one person only', () => {
  it('is seen by that person, in the thread', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'down');
    await bot.whisper({ chat: 'C0ACME', thread: ts, user: 'U0WEI' }, text('Wei was first'));
    expect(slack.ephemerals('U0WEI')).toMatchObject([{ text: 'Wei was first', thread_ts: ts }]);
    expect(slack.ephemerals('U0LIN')).toEqual([]);
  });

  it('goes directly to somebody who is not in the channel', async () => {
    const { slack, bot } = await open();
    await bot.whisper({ chat: 'C0DB', thread: null, user: 'U0LIN' }, text('not yours'));
    expect(slack.dms('U0LIN')).toMatchObject([{ text: 'not yours' }]);
  });

  it('answers a command five times, then says that the token is used up', async () => {
    const { slack, bot, events } = await open();
    await slack.slash('U0WEI', 'C0DB', '/itr', 'mine');
    const token = replyTo(events[0]);
    for (let i = 1; i <= 5; i += 1) expect(await bot.reply(token, text(`answer ${i}`))).toBe(true);
    expect(await bot.reply(token, text('answer 6'))).toBe(false);
    expect(slack.ephemerals('U0WEI')).toHaveLength(5);
  });

  it('answers a button below it, without touching its card', async () => {
    const { slack, bot, events } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'down');
    const ref = await bot.send({ kind: 'thread', chat: 'C0ACME', thread: ts }, { card, language: 'en' }, 'm1');
    await slack.click('U0WEI', 'C0ACME', ref.message, 'claim');
    expect(await bot.reply(replyTo(events.at(-1)), { card, language: 'en' })).toBe(true);
    expect(slack.ephemerals('U0WEI')).toMatchObject([{ thread_ts: ts }]);
    expect(visibleText(slack.message('C0ACME', ref.message) ?? {})).toContain('orders fail');
  });

  it('a token that is none, or leads elsewhere, answers nobody', async () => {
    const { bot } = await open();
    const forged = { url: 'https://evil.example/', user: 'U0WEI', at: Date.now() };
    expect(await bot.reply('rubbish', text('x'))).toBe(false);
    expect(await bot.reply(Buffer.from(JSON.stringify(forged)).toString('base64url'), text('x'))).toBe(false);
  });
});

describe('forms and the home page', () => {
  const form = {
    id: 'intake',
    context: '1',
    title: 'New ticket',
    submit: 'Register',
    cancel: 'Cancel',
    inputs: [{ name: 'title', label: 'Title', kind: 'text', required: true }],
  } as const;

  it('a form opens once per token, and not after three seconds', async () => {
    let skew = 0;
    const { slack, bot, events } = await open({ slack: { now: () => Date.now() + skew } });
    await slack.slash('U0WEI', 'C0DB', '/itr', 'new');
    expect(await bot.openForm(replyTo(events[0]), form)).toBe(true);
    expect(await slack.renderView('U0WEI')).toContain('New ticket');
    expect(await bot.openForm(replyTo(events[0]), form)).toBe(false);
    await slack.slash('U0WEI', 'C0DB', '/itr', 'new');
    skew = 3_001;
    expect(await bot.openForm(replyTo(events[1]), form)).toBe(false);
  });

  it('the home page shows its sections', async () => {
    const { slack, bot, events } = await open();
    await slack.openHome('U0WEI');
    expect(events).toMatchObject([{ type: 'home_opened', user: 'U0WEI' }]);
    const actions = [{ action: 'show', value: '1', label: 'Show' }];
    const items = [{ text: ['ITR-1 orders fail <!channel>'], actions }];
    await bot.publishHome?.('U0WEI', [{ title: 'My tickets', empty: 'none', items }], 'en');
    expect(await slack.renderHome('U0WEI')).toContain('ITR-1');
    await slack.clickHome('U0WEI', 'show');
    expect(events.at(-1)).toMatchObject({ type: 'button', action: 'show', value: '1', chat: null });
  });
});

describe('what the bot asks', () => {
  it('people: name, language, address; remembered until they change', async () => {
    const { slack, bot } = await open();
    expect(await bot.profile('U0LIN')).toEqual({
      name: 'lin',
      email: 'lin@acme.example',
      language: 'zh-CN',
      timezone: 'Asia/Shanghai',
      isBot: false,
    });
    await bot.profile('U0LIN');
    expect(slack.world.calls.filter(({ method }) => method === 'users.info')).toHaveLength(1);
    await slack.updateUser('U0LIN', { locale: 'en-GB' });
    expect(await bot.profile('U0LIN')).toMatchObject({ language: 'en' });
    expect(await bot.profile('U0NOBODY')).toBeNull();
  });

  it('a thread, oldest first, as people see it', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'a < b');
    await slack.post('U0WEI', 'C0ACME', 'ask <@U0LIN>', { thread_ts: ts, files: [{ name: 'a.log' }] });
    await bot.send({ kind: 'thread', chat: 'C0ACME', thread: ts }, text('noted'), 'm1');
    const history = await bot.history('C0ACME', ts);
    expect(history).toMatchObject([
      { message: ts, user: 'U0LIN', text: 'a < b', isBot: false },
      { user: 'U0WEI', mentions: ['U0LIN'], attachments: [{ name: 'a.log' }] },
      { text: 'noted', isBot: true },
    ]);
    expect(await bot.history('C0ACME', '1.000001')).toEqual([]);
  });

  it('no more than 200 messages of it, over several pages', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'root');
    for (let i = 0; i < 230; i += 1) {
      slack.world.add('C0ACME', {
        type: 'message',
        ts: slack.world.nextTs(),
        text: `${i}`,
        user: 'U0LIN',
        thread_ts: ts,
      });
    }
    const history = await bot.history('C0ACME', ts);
    expect(history).toHaveLength(200);
    expect(history[1]?.text).toBe('0');
  });

  it('the thread of a message, the name of a chat, a link to a message', async () => {
    const { slack, bot } = await open();
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'root');
    const { ts: reply } = await slack.post('U0WEI', 'C0ACME', 'reply', { thread_ts: ts });
    expect(await bot.threadOf('C0ACME', reply)).toBe(ts);
    expect(await bot.threadOf('C0ACME', ts)).toBe(ts);
    expect(await bot.threadOf('C0ACME', '1.000001')).toBeNull();
    expect(await bot.chatName('C0ACME')).toBe('#proj-acme');
    await slack.renameChannel('C0ACME', 'acme');
    expect(await bot.chatName('C0ACME')).toBe('#acme');
    expect(await bot.chatName('C0NONE')).toBeNull();
    expect(await bot.permalink({ platform: 'slack', chat: 'C0ACME', thread: ts, message: reply })).toContain(
      'https://',
    );
  });
});

describe('itr doctor', () => {
  it('finds everything right', async () => {
    const { bot } = await open();
    const lines = await bot.diagnose();
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.map(({ line }) => line).join('\n')).toContain('@itr in Acme Support');
  });

  it('names the missing scopes, and what to do', async () => {
    const { bot } = await open({ emulator: { scopes: ['chat:write', 'commands'] } });
    const wrong = (await bot.diagnose()).filter(({ ok }) => !ok);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]?.line).toContain('reactions:read');
    expect(wrong[0]?.fix).toContain('again');
  });

  it('says that the token is wrong, without saying the token', async () => {
    const { bot } = await open({ slack: { botToken: 'xoxb-wrong' } });
    const wrong = (await bot.diagnose()).filter(({ ok }) => !ok);
    expect(wrong[0]?.line).toContain('invalid_auth');
    expect(JSON.stringify(wrong)).not.toContain('xoxb-wrong');
    expect(bot.health()).toMatchObject({ ok: false });
  });

  it('says that Slack cannot be reached', async () => {
    const { bot } = await open({ slack: { apiUrl: await nowhere() } });
    expect(await bot.diagnose()).toMatchObject([{ ok: false }]);
  });
});
