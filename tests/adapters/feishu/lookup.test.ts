import { afterEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../support/clock.ts';
import { ACME, DUTY, failing, said, scene, type Scene } from './scene.ts';

let made: Scene | undefined;
afterEach(async () => {
  await made?.stop();
  made = undefined;
});
const open = async (
  ...args: Parameters<typeof scene> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Scene> => (made = await scene('webhook', ...args));

const withoutScope = ({ feishu }: Scene, scope: string): boolean => feishu.app.scopes.delete(scope);

describe('people', () => {
  it('a name and an address', async () => {
    const { bot } = await open();
    expect(await bot.profile('ou_lin')).toMatchObject({ name: '林', email: 'lin@acme.example', isBot: false });
  });

  it('asked for once in ten minutes, and again when Feishu says that somebody changed', async () => {
    const clock = new HandClock(1_763_350_000_000);
    const { bot, feishu } = await open({ bot: { now: clock.now } });
    await bot.profile('ou_lin');
    await bot.profile('ou_lin');
    expect(feishu.calls('user.batch')).toHaveLength(1);
    clock.advance(11 * 60_000);
    await bot.profile('ou_lin');
    expect(feishu.calls('user.batch')).toHaveLength(2);
    feishu.app.subscriptions.add('contact.user.updated_v3');
    await feishu.deliver({
      schema: '2.0',
      header: {
        event_id: 'ev-changed',
        event_type: 'contact.user.updated_v3',
        create_time: '1763350000000',
        token: feishu.app.verificationToken,
        app_id: feishu.app.id,
        tenant_key: feishu.app.tenantKey,
      },
      event: { object: { open_id: 'ou_lin' } },
    });
    await bot.profile('ou_lin');
    expect(feishu.calls('user.batch')).toHaveLength(3);
  });

  it('outside of what the app may see, they are missing without an error: nobody', async () => {
    const { bot, feishu } = await open();
    feishu.addPerson({ key: 'far', name: 'Far', openId: 'ou_far', inContactRange: false });
    expect(await bot.profile('ou_far')).toBeNull();
  });

  it('an id of another app’s, which Feishu refuses: nobody', async () => {
    const { bot } = await open();
    expect(await bot.profile('ou_stranger')).toBeNull();
  });

  it('without the scope for names Feishu tells ids only: nobody that could be named', async () => {
    const scene = await open();
    withoutScope(scene, 'contact:user.base:readonly');
    expect(await scene.bot.profile('ou_lin')).toBeNull();
  });

  it('Feishu down is no answer, and is not remembered as one', async () => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'user.batch', kind: '5xx' });
    expect(await failing(bot.profile('ou_lin'))).toMatchObject({ permanent: false });
    expect(await bot.profile('ou_lin')).toMatchObject({ name: '林' });
  });

  it('a missing scope is told in health, once it is there no more', async () => {
    const scene = await open();
    withoutScope(scene, 'contact:contact.base:readonly');
    await failing(scene.bot.profile('ou_lin'));
    expect(scene.bot.health()).toMatchObject({ ok: true });
    expect(scene.bot.health().line).toMatch(/contact:contact\.base:readonly.*publish a new version/);
    scene.feishu.app.scopes.add('contact:contact.base:readonly');
    await scene.bot.profile('ou_lin');
    expect(scene.bot.health().line).not.toContain('publish');
  });

  it('are found by address, as it was asked; who has none in reach is left out', async () => {
    const { bot, feishu } = await open();
    feishu.addPerson({ key: 'sun', name: '孙', openId: 'ou_sun', mobile: '13800000000' });
    feishu.addPerson({ key: 'far', name: 'Far', openId: 'ou_far', email: 'far@x.example', inContactRange: false });
    const found = await bot.findPeople?.({
      emails: ['lin@acme.example', 'far@x.example', 'nobody@x.example'],
      mobiles: ['+8613800000000'],
    });
    expect(found).toEqual([
      { email: 'lin@acme.example', user: 'ou_lin' },
      { mobile: '+8613800000000', user: 'ou_sun' },
    ]);
  });
});

describe('a thread that began before the bot came', () => {
  it('a topic, oldest first, with the bot’s own words marked', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    await feishu.says('wei', ACME, 'since when?', { replyTo: root.id, inThread: true });
    await bot.send({ kind: 'thread', chat: ACME, thread: root.id }, said('I am here'), 'm1');
    await feishu.says('lin', ACME, 'elsewhere');
    const history = await bot.history(ACME, root.id);
    expect(history.map(({ text, isBot }) => [text, isBot])).toEqual([
      ['down', false],
      ['since when?', false],
      ['I am here', true],
    ]);
    expect(history.map(({ user }) => user).slice(0, 2)).toEqual(['ou_lin', 'ou_wei']);
  });

  it('of quoting replies: found among the chat’s messages, by their root', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    const answer = await feishu.says('wei', ACME, 'since when?', { replyTo: root.id });
    await feishu.says('lin', ACME, 'elsewhere');
    await feishu.says('lin', ACME, 'noon', { replyTo: answer.id });
    expect((await bot.history(ACME, root.id)).map(({ text }) => text)).toEqual(['down', 'since when?', 'noon']);
  });

  it('longer than a page, without a time that Feishu refuses for topics, and at most 200', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'm0');
    for (let n = 1; n <= 210; n += 1) await feishu.says('wei', ACME, `m${n}`, { replyTo: root.id, inThread: true });
    const history = await bot.history(ACME, root.id);
    expect(history).toHaveLength(200);
    expect(history.at(-1)?.text).toBe('m199');
    expect(feishu.calls('message.list').every(({ query }) => query['start_time'] === undefined)).toBe(true);
  });

  it('one that begins with forwarded messages says what they hold', async () => {
    const { bot, feishu } = await open();
    const one = await feishu.says('wei', ACME, 'down since 10:20');
    const forward = await feishu.forwards('lin', ACME, [one.id]);
    await feishu.says('wei', ACME, 'seen', { replyTo: forward.id, inThread: true });
    expect((await bot.history(ACME, forward.id)).map(({ text }) => text)).toEqual(['> down since 10:20', 'seen']);
  });

  it('one message that nobody answered in a chat that talks on is not looked for in all that was said since', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    feishu.app.subscriptions.clear();
    for (let n = 1; n <= 1_100; n += 1) await feishu.says('wei', ACME, `m${n}`);
    expect((await bot.history(ACME, root.id)).map(({ text }) => text)).toEqual(['down']);
    expect(feishu.calls('message.list')).toHaveLength(20);
  });

  it('recalled messages are left out, and what Feishu will not show is empty', async () => {
    const scene = await open();
    const { bot, feishu } = scene;
    const root = await feishu.says('lin', ACME, 'down');
    const slip = await feishu.says('lin', ACME, 'my password', { replyTo: root.id, inThread: true });
    await feishu.recalls('lin', slip.id);
    expect((await bot.history(ACME, root.id)).map(({ text }) => text)).toEqual(['down']);
    expect(await bot.history(ACME, 'om_nowhere')).toEqual([]);
  });

  it('without the scope for a group’s history the first message is all there is', async () => {
    const scene = await open();
    const root = await scene.feishu.says('lin', ACME, 'down');
    await scene.feishu.says('wei', ACME, 'since when?', { replyTo: root.id, inThread: true });
    withoutScope(scene, 'im:message.group_msg');
    expect((await scene.bot.history(ACME, root.id)).map(({ text }) => text)).toEqual(['down']);
  });
});

describe('where things are', () => {
  it('the thread of a message', async () => {
    const { bot, feishu } = await open();
    const root = await feishu.says('lin', ACME, 'down');
    const answer = await feishu.says('wei', ACME, 'hm', { replyTo: root.id, inThread: true });
    expect(await bot.threadOf(ACME, answer.id)).toBe(root.id);
    expect(await bot.threadOf(ACME, root.id)).toBe(root.id);
    expect(await bot.threadOf(ACME, 'om_nowhere')).toBeNull();
  });

  it('the name of a chat; of one that is not ours, none', async () => {
    const { bot } = await open();
    expect(await bot.chatName(ACME)).toBe('proj-acme');
    expect(await bot.chatName('oc_nowhere')).toBeNull();
  });

  it('a link opens the chat, in Feishu or in Lark', async () => {
    const ref = { platform: 'feishu', chat: ACME, thread: 'om_1', message: 'om_1' };
    const { bot } = await open();
    expect(await bot.permalink(ref)).toBe(`https://applink.feishu.cn/client/chat/open?openChatId=${ACME}`);
    const lark = await scene('webhook', { bot: { domain: 'https://open.larksuite.com' }, start: false });
    expect(await lark.bot.permalink(ref)).toBe(`https://applink.larksuite.com/client/chat/open?openChatId=${ACME}`);
    await lark.stop();
  });

  it('a reaction names no chat: known from what was sent and heard, from our database, and else asked for', async () => {
    const { bot, feishu, events } = await open({
      bot: { chatOf: (id) => Promise.resolve(id === 'om_old' ? ACME : null) },
    });
    const ref = await bot.send({ kind: 'chat', chat: ACME }, said('x'), 'm1');
    await feishu.reacts('lin', ref.message, 'OnIt');
    const heard = await feishu.says('lin', ACME, 'down');
    await feishu.reacts('wei', heard.id, 'OnIt');
    expect(feishu.calls('message.get')).toEqual([]);
    feishu.app.subscriptions.delete('im.message.receive_v1');
    const before = await feishu.says('lin', ACME, 'unheard');
    await feishu.reacts('wei', before.id, 'OnIt');
    expect(feishu.calls('message.get')).toHaveLength(1);
    // What means nothing here is not worth a question.
    const another = await feishu.says('lin', ACME, 'unheard as well');
    await feishu.reacts('wei', another.id, 'Fire');
    expect(feishu.calls('message.get')).toHaveLength(1);
    const reactions = events.flatMap((event) => (event.type === 'reaction_added' ? [event.chat] : []));
    expect(reactions).toEqual([ACME, ACME, ACME]);
  });

  it('where what was forwarded cannot be asked for just now, Feishu is told to come again; where it may not be, it is named', async () => {
    const scene = await open();
    const { feishu, stored } = scene;
    const one = await feishu.says('wei', DUTY, 'down since 10:20');
    feishu.fault({ call: 'message.get', kind: '5xx' });
    const { deliveries } = await feishu.forwards('lin', ACME, [one.id]);
    expect(deliveries[0]?.attempts).toMatchObject([{ acked: false, status: 503 }]);
    if (deliveries[0] !== undefined) await feishu.redeliver(deliveries[0]);
    withoutScope(scene, 'im:message:readonly');
    await feishu.forwards('lin', ACME, [one.id]);
    expect(stored.slice(1)).toMatchObject([{ text: '> down since 10:20' }, { text: '[merge_forward]' }]);
  });

  it('where a reaction’s chat cannot be asked for, Feishu is told to come again', async () => {
    const { feishu, stored } = await open();
    feishu.app.subscriptions.delete('im.message.receive_v1');
    const { id } = await feishu.says('lin', ACME, 'unheard');
    feishu.fault({ call: 'message.get', kind: '5xx' });
    const [delivery] = await feishu.reacts('wei', id, 'OnIt');
    expect(delivery?.attempts).toMatchObject([{ acked: false, status: 503 }]);
    if (delivery !== undefined) await feishu.redeliver(delivery);
    expect(stored).toMatchObject([{ type: 'reaction_added', chat: ACME }]);
  });
});
