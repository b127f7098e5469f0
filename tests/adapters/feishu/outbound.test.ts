import { afterEach, describe, expect, it } from 'vitest';
import type { MessageRef } from '../../../src/conversations/platform.ts';
import { HandClock } from '../../support/clock.ts';
import { ACME, asked, DUTY, failing, said, scene, type Scene } from './scene.ts';

let made: Scene | undefined;
afterEach(async () => {
  await made?.stop();
  made = undefined;
});
const open = async (
  ...args: Parameters<typeof scene> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Scene> => (made = await scene('webhook', ...args));

const acme = { kind: 'chat', chat: ACME } as const;
const replies = ({ feishu }: Scene): unknown[] =>
  feishu.calls('message.reply').map(({ body }) => body['reply_in_thread']);

describe('send', () => {
  it('to a chat, as a thread of its own', async () => {
    const { bot, feishu } = await open();
    const ref = await bot.send(acme, said('morning'), 'm1');
    expect(ref).toEqual({ platform: 'feishu', chat: ACME, thread: ref.message, message: ref.message });
    expect(feishu.text(ref.message)).toBe('morning');
    expect(feishu.warnings()).toEqual([]);
  });

  it('into the topic of a message, which it opens', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    const to = { kind: 'thread', chat: ACME, thread: root.id } as const;
    const first = await bot.send(to, asked('orders fail'), 'm1');
    const second = await bot.send(to, said('and more'), 'm2');
    expect(first).toMatchObject({ chat: ACME, thread: root.id });
    expect(feishu.thread(root.id).map(({ id }) => id)).toEqual([root.id, first.message, second.message]);
    expect(feishu.card(first.message)['schema']).toBe('2.0');
  });

  it('a chat that makes no topics gets quoting replies, and is asked once', async () => {
    const made = await open();
    const { bot, feishu } = made;
    feishu.addChat({ id: 'oc_flat', name: 'flat', members: ['lin'], threads: false });
    const root = await feishu.says('lin', 'oc_flat', 'down');
    const to = { kind: 'thread', chat: 'oc_flat', thread: root.id } as const;
    const first = await bot.send(to, said('one'), 'm1');
    await bot.send(to, said('two'), 'm2');
    expect(feishu.message(first.message)).toMatchObject({ root: root.id, parent: root.id });
    expect(first.thread).toBe(root.id);
    expect(replies(made)).toEqual([true, false, false]);
    const other = await feishu.says('lin', ACME, 'up');
    await bot.send({ kind: 'thread', chat: ACME, thread: other.id }, said('x'), 'm3');
    expect(replies(made).at(-1)).toBe(true);
  });

  it('in a thread whose first message was recalled, by another message of it', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    const to = { kind: 'thread', chat: ACME, thread: root.id } as const;
    await bot.send(to, said('one'), 'm1');
    const answer = await feishu.says('lin', ACME, 'oops', { replyTo: root.id });
    await feishu.recalls('lin', root.id);
    await feishu.recalls('lin', answer.id);
    const ref = await bot.send(to, asked('solved?'), 'm2');
    expect(ref).toMatchObject({ chat: ACME, thread: root.id });
    expect(feishu.message(ref.message).thread).toBe(feishu.message(root.id).thread);
    expect((await bot.send(to, asked('solved?'), 'm2')).message).toBe(ref.message);
  });

  it('the same in a chat without topics; where nothing else is in the thread, it is gone', async () => {
    const { bot, feishu } = await open();
    feishu.addChat({ id: 'oc_flat', name: 'flat', members: ['lin'], threads: false });
    const root = await feishu.says('lin', 'oc_flat', 'down');
    const to = { kind: 'thread', chat: 'oc_flat', thread: root.id } as const;
    await feishu.says('lin', 'oc_flat', 'another matter');
    await feishu.recalls('lin', root.id);
    expect(await failing(bot.send(to, said('one'), 'm1'))).toMatchObject({ permanent: true, gone: true });
    const quoting = await feishu.says('lin', 'oc_flat', 'still down', { replyTo: root.id });
    const ref = await bot.send(to, said('two'), 'm2');
    expect(feishu.message(ref.message)).toMatchObject({ root: root.id, parent: quoting.id });
  });

  it('directly, to a person', async () => {
    const { bot, feishu } = await open();
    const ref = await bot.send({ kind: 'direct', user: 'ou_lin' }, said('psst'), 'm1');
    expect(ref.chat).toBe(feishu.p2p('lin'));
    expect(feishu.direct('lin').map(({ id }) => feishu.text(id))).toEqual(['psst']);
  });

  it.each([
    ['outside of the availability', { available: false }, '230013'],
    ['who has stopped the bot', { stoppedBot: true }, '230053'],
    ['who has left', { resigned: true }, '230029'],
  ])('to somebody %s: for good', async (_, person, code) => {
    const { bot, feishu } = await open();
    feishu.addPerson({ key: 'far', name: 'Far', openId: 'ou_far', ...person });
    const error = await failing(bot.send({ kind: 'direct', user: 'ou_far' }, said('x'), 'm1'));
    expect(error).toMatchObject({ permanent: true, gone: true, scope: 'message' });
    expect(error.message).toContain(code);
  });

  it('in a group that the bot is not in, is muted in, or that is no more: the chat is gone', async () => {
    const { bot, feishu } = await open();
    feishu.addChat({ id: 'oc_not', name: 'not', members: ['lin'], bots: [] });
    feishu.addChat({ id: 'oc_mute', name: 'mute', members: ['lin'], muted: true });
    feishu.addChat({ id: 'oc_over', name: 'over', members: ['lin'], disbanded: true });
    for (const chat of ['oc_not', 'oc_mute', 'oc_over'])
      expect(await failing(bot.send({ kind: 'chat', chat }, said('x'), chat))).toMatchObject({
        permanent: true,
        gone: true,
        scope: 'chat',
      });
  });

  it('what a person wrote mentions nobody', async () => {
    const { bot, feishu } = await open();
    const ref = await bot.send(
      acme,
      { author: { name: '<at user_id="all"></at>' }, text: ['<at user_id="ou_wei"></at>'], language: 'en' },
      'm1',
    );
    const card = await bot.send(acme, asked('<at id=all></at> down'), 'm2');
    expect([ref, card].flatMap(({ message }) => feishu.message(message).mentions)).toEqual([]);
    expect(JSON.stringify(feishu.card(card.message))).not.toContain('"<at id=all>');
  });
});

describe('an outcome that is not known', () => {
  it.each([
    ['the connection breaks after Feishu has posted', { kind: 'reset-after-success' }],
    ['Feishu does not answer in time', { kind: 'reset' }],
    ['Feishu answers 500', { kind: '5xx' }],
    ['an answer that is none', { kind: 'garbage' }],
  ] as const)('%s: sent again with its marker, it is one message', async (_, fault) => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'message.create', ...fault });
    expect(await failing(bot.send(acme, said('once'), 'm1'))).toMatchObject({ unknown: true, permanent: false });
    const ref = await bot.send(acme, said('once'), 'm1');
    expect(feishu.messages(ACME, { from: 'bot' }).map(({ id }) => id)).toEqual([ref.message]);
  });

  it('in a thread as well, and another marker is another message', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    const to = { kind: 'thread', chat: ACME, thread: root.id } as const;
    feishu.fault({ call: 'message.reply', kind: 'reset-after-success' });
    await failing(bot.send(to, said('same'), 'm1'));
    await bot.send(to, said('same'), 'm1');
    expect(feishu.thread(root.id)).toHaveLength(2);
    await bot.send(to, said('same'), 'm2');
    expect(feishu.thread(root.id)).toHaveLength(3);
  });

  it('the plain text in the place of a refused card is said once, too', async () => {
    const { bot, feishu } = await open();
    feishu.fault({
      call: 'message.create',
      kind: 'error',
      code: 230099,
      times: 2,
      when: ({ body }) => body['msg_type'] === 'interactive',
    });
    feishu.fault({
      call: 'message.create',
      kind: 'reset-after-success',
      when: ({ body }) => body['msg_type'] === 'post',
    });
    expect(await failing(bot.send(acme, asked('orders fail'), 'm1'))).toMatchObject({ unknown: true });
    await bot.send(acme, asked('orders fail'), 'm1');
    expect(feishu.messages(ACME, { from: 'bot' }).map(({ type }) => type)).toEqual(['post']);
  });

  it('no marker is longer than Feishu takes', async () => {
    const { bot, feishu } = await open();
    await bot.send(acme, said('x'), 'm'.repeat(500));
    expect(String(feishu.calls('message.create')[0]?.body['uuid']).length).toBeLessThanOrEqual(50);
  });
});

describe('a card that Feishu refuses', () => {
  it.each([230099, 200621, 200861, 230025, 230001])('%d: said in plain text, with its buttons gone', async (code) => {
    const { bot, feishu, logged } = await open();
    feishu.fault({ call: 'message.create', kind: 'error', code, msg: 'ErrCode: 11310' });
    const ref = await bot.send(acme, asked('orders fail'), 'm1');
    expect(feishu.message(ref.message).type).toBe('post');
    expect(feishu.text(ref.message)).toContain('orders fail');
    expect(logged.join()).toContain('plain text instead');
  });

  it('a refusal of the chat or of the person is no fault of the card', async () => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'message.create', kind: 'error', code: 230002 });
    await failing(bot.send(acme, asked('x'), 'm1'));
    expect(feishu.calls('message.create')).toHaveLength(1);
  });
});

describe('edit', () => {
  it('a card in its place, a text by an edit', async () => {
    const { bot, feishu } = await open();
    const card = await bot.send(acme, asked('orders fail'), 'm1');
    await bot.edit(card, asked('orders work'));
    expect(feishu.text(card.message)).toContain('orders work');
    const text = await bot.send(acme, said('one'), 'm2');
    await bot.edit(text, said('two'));
    expect(feishu.text(text.message)).toBe('two');
    expect(feishu.messages(ACME, { from: 'bot' })).toHaveLength(2);
    expect([feishu.calls('message.patch').length, feishu.calls('message.update').length]).toEqual([1, 1]);
  });

  it('a card that loses its buttons stays a card: Feishu would refuse a text in its place', async () => {
    const { bot, feishu } = await open();
    const actions = [{ action: 'claim', value: '1', label: 'Claim' }];
    const ref = await bot.send(acme, { text: ['who?'], actions, language: 'en' }, 'm1');
    await bot.edit(ref, said('Wei.'));
    expect(feishu.text(ref.message)).toContain('Wei.');
    expect(feishu.buttons(ref.message)).toEqual([]);
  });

  it('a text that was said in the place of a refused card stays a text', async () => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'message.create', kind: 'error', code: 230099 });
    const ref = await bot.send(acme, asked('orders fail'), 'm1');
    await bot.edit(ref, asked('orders work'));
    expect(feishu.message(ref.message).type).toBe('post');
    expect(feishu.text(ref.message)).toContain('orders work');
  });

  it('a card that Feishu refuses cannot stand in a card’s place: gone, so that it is said anew', async () => {
    const { bot, feishu } = await open();
    const ref = await bot.send(acme, asked('orders fail'), 'm1');
    feishu.fault({ call: 'message.patch', kind: 'error', code: 230099 });
    expect(await failing(bot.edit(ref, asked('x')))).toMatchObject({ permanent: true, gone: true, scope: 'message' });
  });

  const gone = { permanent: true, gone: true, scope: 'message' };

  it('a card older than 14 days is gone', async () => {
    const clock = new HandClock(1_763_350_000_000);
    const { bot, feishu } = await open({ emulator: { clock } });
    const ref = await bot.send(acme, asked('orders fail'), 'm1');
    clock.advance(14 * 86_400_000 + 1_000);
    // Their tokens would have ended in earnest as well.
    await bot.profile('ou_lin');
    const error = await failing(bot.edit(ref, asked('x')));
    expect(error).toMatchObject(gone);
    expect(error.message).toContain('230031');
    expect(feishu.text(ref.message)).toContain('orders fail');
  });

  it('a recalled one is gone, and nobody can answer to it', async () => {
    const { bot, feishu } = await open();
    const [card, text] = [await bot.send(acme, asked('a'), 'm1'), await bot.send(acme, said('b'), 'm2')];
    for (const { message } of [card, text]) feishu.world.message(message).recalled = true;
    expect(await failing(bot.edit(card, asked('x')))).toMatchObject(gone);
    expect(await failing(bot.edit(text, said('x')))).toMatchObject(gone);
    const to = { kind: 'thread', chat: ACME, thread: text.message } as const;
    expect(await failing(bot.send(to, said('x'), 'm3'))).toMatchObject(gone);
  });

  it('the twenty-first edit of a text is gone: 230072 means that only here', async () => {
    const { bot } = await open();
    const ref = await bot.send(acme, said('0'), 'm1');
    for (let n = 1; n <= 20; n += 1) await bot.edit(ref, said(String(n)));
    const error = await failing(bot.edit(ref, said('21')));
    expect(error).toMatchObject(gone);
    expect(error.message).toContain('230072');
  });

  it('somebody else’s message is gone for us', async () => {
    const { bot, feishu } = await open();
    const { id } = await feishu.says('lin', ACME, 'mine');
    const ref: MessageRef = { platform: 'feishu', chat: ACME, thread: id, message: id };
    expect(await failing(bot.edit(ref, said('x')))).toMatchObject(gone);
  });

  it('five updates a second of one card is Feishu’s limit; beyond it comes again', async () => {
    const { bot, feishu } = await open({ emulator: { clock: new HandClock(1_763_350_000_000) } });
    const ref = await bot.send({ kind: 'chat', chat: DUTY }, asked('0'), 'm1');
    for (let n = 1; n <= 5; n += 1) await bot.edit(ref, asked(String(n)));
    expect(await failing(bot.edit(ref, asked('6')))).toMatchObject({ permanent: false, scope: 'chat' });
    expect(feishu.text(ref.message)).toContain('5');
    // The outbox keeps this gap, so that it does not come to that.
    expect(bot.capabilities.minGapPerEditMs).toBeGreaterThanOrEqual(200);
    expect(bot.capabilities.minGapPerChatMs).toBeGreaterThanOrEqual(200);
  });
});
