import { afterEach, describe, expect, it } from 'vitest';
import type { Form } from '../../../src/conversations/card.ts';
import type { ChatEvent, ReplyToken } from '../../../src/conversations/platform.ts';
import { createIntake } from '../../../src/adapters/feishu/intake.ts';
import { ACME, asked, inbox, said, scene, type Scene } from './scene.ts';

let made: Scene | undefined;
afterEach(async () => {
  await made?.stop();
  made = undefined;
});

const form: Form = {
  id: 'resolve',
  context: '1',
  title: 'Resolve',
  submit: 'Send',
  cancel: 'Cancel',
  inputs: [{ name: 'solution', label: 'Solution', kind: 'long_text', required: false }],
};

const tokenOf = (event: ChatEvent): ReplyToken => {
  if (event.type !== 'button' || event.reply === null) throw new Error('no reply token');
  return event.reply;
};

describe.each([{ mode: 'ws' }, { mode: 'webhook' }] as const)('a press ($mode)', ({ mode }) => {
  const open = async (
    ...args: Parameters<typeof scene> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<Scene> => (made = await scene(mode, ...args));

  /** Answers each press as the conversation would: after it was stored. */
  const answering = async (answer: (scene: Scene, token: ReplyToken) => unknown): Promise<Scene> => {
    const scene = await open();
    scene.before = (event) => {
      if (event.type === 'button') setImmediate(() => void answer(scene, tokenOf(event)));
      return Promise.resolve();
    };
    return scene;
  };

  const pressed = async ({ bot, feishu }: Scene) => {
    const ref = await bot.send({ kind: 'chat', chat: ACME }, asked('orders fail'), 'm1');
    return feishu.presses('wei', ref.message, 'Claim');
  };

  it('a refusal is a toast over the card, for who pressed alone', async () => {
    const answers: boolean[] = [];
    const scene = await answering(async ({ bot }, token) =>
      answers.push(await bot.reply(token, said('Lin was first.'))),
    );
    expect((await pressed(scene)).toast).toEqual({ type: 'warning', content: 'Lin was first.' });
    expect(answers).toEqual([true]);
    expect(scene.feishu.toasts('lin')).toEqual([]);
    expect(scene.stored).toMatchObject([{ type: 'button', action: 'claim', value: '1', user: 'ou_wei', chat: ACME }]);
  });

  it('handled without a word it ends at once, and without a toast', async () => {
    const scene = await answering(({ bot }, token) => bot.settled?.(token));
    expect(await pressed(scene)).toEqual({ token: expect.any(String) as string });
  });

  it.each([
    ['too long for a toast', said('x'.repeat(300))],
    ['with buttons', asked('which one?')],
  ])('an answer %s is said directly, and the toast says so', async (_, answer) => {
    const answers: boolean[] = [];
    const scene = await answering(async ({ bot }, token) => answers.push(await bot.reply(token, answer)));
    expect((await pressed(scene)).toast).toMatchObject({
      type: 'info',
      content: expect.stringContaining('direct') as string,
    });
    // The conversation then writes to the person.
    expect(answers).toEqual([false]);
  });

  it('handled elsewhere, or by nobody: `{}` within Feishu’s 3 seconds, and an answer is too late then', async () => {
    const scene = await open();
    expect(await pressed(scene)).toEqual({ token: expect.any(String) as string });
    expect(scene.feishu.toasts('wei')).toEqual([]);
    const [delivery] = scene.feishu.deliveries('card.action.trigger');
    expect(delivery?.attempts[0]?.ms).toBeLessThan(3_000);
    const [event] = scene.stored;
    if (event === undefined) throw new Error('nothing stored');
    expect(await scene.bot.reply(tokenOf(event), said('late'))).toBe(false);
  });

  it('an answer is given once, and only to a press of ours', async () => {
    const answers: boolean[] = [];
    const scene = await answering(async ({ bot }, token) => {
      answers.push(await bot.reply(token, said('first')), await bot.reply(token, said('second')));
    });
    expect((await pressed(scene)).toast?.content).toBe('first');
    expect(answers).toEqual([true, false]);
    expect(await scene.bot.reply('rubbish', said('x'))).toBe(false);
    expect(await scene.bot.openForm('rubbish', form)).toBe(false);
  });

  it('the same press delivered twice waits once: the second is answered with nothing, at once', async () => {
    const scene = await open();
    const pressing = pressed(scene);
    await scene.feishu.waitFor(() => scene.stored.length === 1, { pollMs: 1 });
    const [first] = scene.feishu.deliveries('card.action.trigger');
    if (first === undefined) throw new Error('nothing delivered');
    expect((await scene.feishu.redeliver(first)).attempts).toMatchObject([{ acked: true, body: '{}' }]);
    expect(scene.stored).toHaveLength(1);
    const [event] = scene.stored;
    if (event === undefined) throw new Error('nothing stored');
    expect(await scene.bot.reply(tokenOf(event), said('Lin was first.'))).toBe(true);
    expect((await pressing).toast?.content).toBe('Lin was first.');
  });

  it('what could not be stored is an error on the screen: Feishu tells nobody of it again', async () => {
    const scene = await open();
    scene.before = () => Promise.reject(new Error('disk full'));
    await expect(pressed(scene)).rejects.toMatchObject({ code: 200671 });
    expect(scene.stored).toEqual([]);
  });

  it('of somebody whom Feishu does not name: asked to press again, nothing stored', async () => {
    const scene = await open();
    const delivery = await scene.feishu.deliver({
      schema: '2.0',
      header: {
        event_id: 'ev-nobody',
        event_type: 'card.action.trigger',
        create_time: '1763350000000000',
        token: mode === 'ws' ? '' : scene.feishu.app.verificationToken,
        app_id: scene.feishu.app.id,
        tenant_key: scene.feishu.app.tenantKey,
      },
      event: {
        operator: { open_id: '', user_id: 'u1' },
        token: 'c-1',
        action: { tag: 'button', value: { a: 'claim' } },
      },
    });
    const [attempt] = delivery.attempts;
    expect(attempt?.acked === true && attempt.body).toContain('Try again');
    expect(scene.stored).toEqual([]);
  });

  const withForm = async (): Promise<{ readonly scene: Scene; readonly card: string }> => {
    const scene = await answering(({ bot }, token) => bot.openForm(token, form));
    expect((await pressed(scene)).toast).toMatchObject({
      type: 'info',
      content: expect.stringContaining('form') as string,
    });
    const [root, sent] = scene.feishu.messages(ACME, { from: 'bot' });
    if (root === undefined || sent === undefined) throw new Error('no form');
    expect(sent.root).toBe(root.id);
    return { scene, card: sent.id };
  };

  it('a form comes as a card in the thread of what was pressed; accepted, it is replaced by one that says so', async () => {
    const { scene, card } = await withForm();
    const answer = await scene.feishu.submits('wei', card, { solution: 'pool to 200' });
    expect(answer.toast).toEqual({ type: 'success', content: 'Submitted.' });
    expect(scene.feishu.text(card)).toContain('Submitted');
    expect(scene.feishu.buttons(card)).toEqual([]);
    expect(scene.stored.at(-1)).toMatchObject({
      type: 'form',
      form: 'resolve',
      context: '1',
      values: { solution: 'pool to 200' },
      user: 'ou_wei',
    });
  });

  it('a form that lacks something: a toast says what, and it stays to be filled in', async () => {
    const errors = { solution: 'Say what helped.' };
    const { take } = inbox();
    let refuse = true;
    const scene = await open({
      bot: {
        receive: (event) => {
          if (event.type === 'button') setImmediate(() => void scene.bot.openForm(tokenOf(event), form));
          return Promise.resolve(event.type === 'form' && refuse ? { kind: 'form_errors', errors } : take(event));
        },
      },
    });
    await pressed(scene);
    const card = scene.feishu.messages(ACME, { from: 'bot' }).at(-1)?.id ?? '';
    const refused = await scene.feishu.submits('wei', card, { solution: '' });
    expect(refused).toMatchObject({ toast: { type: 'error', content: 'Say what helped.' } });
    expect(refused.card).toBeUndefined();
    expect(scene.feishu.buttons(card)).toHaveLength(1);
    refuse = false;
    expect(await scene.feishu.submits('wei', card, { solution: 'pool to 200' })).toMatchObject({
      toast: { type: 'success' },
    });
  });
});

describe('from where a press could not be placed', () => {
  it('a form goes to the person directly', async () => {
    made = await scene('webhook');
    const { bot, feishu } = made;
    // A word of the menu: no chat, no message.
    made.before = (event) => {
      if (event.type === 'command' && event.reply !== null) void bot.openForm(event.reply, form);
      return Promise.resolve();
    };
    await feishu.opensMenu('wei', 'new');
    const card = await feishu.waitFor(() => feishu.direct('wei')[0]);
    expect(feishu.text(card.id)).toContain('Resolve');
  });

  it('an intake whose payload cannot be read says so once, and is not asked again', async () => {
    made = await scene('webhook');
    const { feishu, logged } = made;
    const { take } = inbox();
    const intake = createIntake({
      self: {
        appId: feishu.app.id,
        tenantKey: null,
        get openId(): string {
          throw new Error('stumbled');
        },
      },
      now: Date.now,
      receive: (event) => Promise.resolve(take(event)),
      callbacks: undefined as never,
      places: undefined as never,
      lookup: undefined as never,
      isGesture: () => true,
      language: () => 'en',
      log: { error: (_: object, line: string) => void logged.push(line) } as never,
    });
    const { id } = await feishu.says('lin', ACME, 'x');
    const [delivery] = feishu.deliveries('im.message.receive_v1');
    expect(feishu.message(id).type).toBe('text');
    expect(await intake(delivery?.payload ?? {})).toEqual({});
    expect(logged.at(-1)).toBe('Feishu payload not understood');
  });
});
