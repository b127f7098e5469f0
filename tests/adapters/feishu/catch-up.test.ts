import { afterEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../support/clock.ts';
import type { FeishuOptions } from '../../../src/adapters/feishu/index.ts';
import type { FeishuEmulator } from '../../emulators/feishu/index.ts';
import { ACME, DUTY, scene, tenant, type Scene } from './scene.ts';

const MINUTE = 60_000;
const QUICK = { ReconnectInterval: 0.02, ReconnectNonce: 0 };
const scenes: Scene[] = [];
let machine: FeishuEmulator | undefined;
afterEach(async () => {
  for (const one of scenes.splice(0).reverse()) await one.stop();
  await machine?.stop();
  machine = undefined;
});

type More = NonNullable<Parameters<typeof scene>[1]>;

/** Both sides live by one clock; everything up to now is known to have been received. */
const open = async (more: More = {}): Promise<Scene & { readonly clock: HandClock }> => {
  const clock = new HandClock(1_763_350_000_000);
  const made = await scene('ws', {
    ...more,
    emulator: { clock, clientConfig: QUICK, ...more.emulator },
    bot: { now: clock.now, pace: { leaseEveryMs: 20 }, ...more.bot },
  });
  scenes.push(made);
  await made.bot.catchUp();
  return Object.assign(made, { clock });
};

/** Said, and told to nobody. */
const unheard = async ({ feishu }: Scene, words: string, chat = ACME): Promise<string> => {
  feishu.app.subscriptions.delete('im.message.receive_v1');
  const { id } = await feishu.says('wei', chat, words);
  feishu.app.subscriptions.add('im.message.receive_v1');
  return id;
};

const texts = ({ stored }: Scene): string[] =>
  stored.flatMap((event) => (event.type === 'message' ? [event.text] : []));
const reconnected = async (scene: Scene): Promise<void> => {
  const before = scene.feishu.calls('ws.endpoint').length;
  scene.feishu.dropConnections();
  await scene.feishu.waitFor(() => scene.feishu.calls('ws.endpoint').length > before && scene.feishu.connections === 1);
  await scene.feishu.waitFor(() => scene.bot.health().line.includes('long connection'), { pollMs: 5 });
  await scene.bot.catchUp();
};

describe('after a break', () => {
  it('what was said meanwhile is taken in, in all watched chats, as the events it would have come with', async () => {
    const scene = await open();
    const id = await unheard(scene, 'one');
    await unheard(scene, 'two', DUTY);
    await reconnected(scene);
    expect(texts(scene)).toEqual(['one', 'two']);
    expect(scene.stored[0]).toMatchObject({ id: `feishu:msg:${id}`, chat: ACME, thread: id, user: 'ou_wei' });
    expect(scene.bot.health().ok).toBe(true);
  });

  it('asked for in seconds: in milliseconds Feishu would find nothing', async () => {
    const scene = await open();
    await reconnected(scene);
    const asked = scene.feishu.calls('message.list').map(({ query }) => query['start_time']?.[0] ?? '');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((seconds) => /^\d{10}$/.test(seconds))).toBe(true);
  });

  it('what had come is not taken in again, nor what bots and the bot itself say', async () => {
    const scene = await open();
    await scene.feishu.says('lin', ACME, 'heard');
    await scene.bot.send({ kind: 'chat', chat: ACME }, { text: ['mine'], language: 'en' }, 'm1');
    await reconnected(scene);
    expect(texts(scene)).toEqual(['heard']);
  });

  it('messages forwarded in one say what they hold, as in their event', async () => {
    const scene = await open();
    const { feishu } = scene;
    const one = await feishu.says('wei', DUTY, 'down since 10:20');
    feishu.app.subscriptions.delete('im.message.receive_v1');
    await feishu.forwards('lin', ACME, [one.id]);
    feishu.app.subscriptions.add('im.message.receive_v1');
    await reconnected(scene);
    expect(texts(scene)).toEqual(['down since 10:20', '> down since 10:20']);
  });

  it('what was recalled meanwhile is told as such, with the id of its event, and is not missing', async () => {
    const scene = await open();
    const { feishu } = scene;
    const { id } = await feishu.says('lin', ACME, 'the password is hunter2');
    feishu.app.subscriptions.delete('im.message.recalled_v1');
    await feishu.recalls('lin', id);
    feishu.app.subscriptions.add('im.message.recalled_v1');
    await reconnected(scene);
    expect(scene.stored.at(-1)).toMatchObject({ id: `feishu:recalled:${id}`, type: 'message_deleted', chat: ACME });
    scene.clock.advance(2 * MINUTE);
    await scene.bot.catchUp();
    scene.clock.advance(10 * MINUTE);
    expect(scene.stored).toHaveLength(2);
    expect(scene.bot.health().ok).toBe(true);
  });

  it('from where the last process ended', async () => {
    const first = await open();
    await first.bot.stop();
    await unheard(first, 'in between');
    first.clock.advance(10 * MINUTE);
    const second = await scene('ws', {
      feishu: first.feishu,
      kept: first.kept,
      bot: { now: first.clock.now },
    });
    scenes.push(second);
    await second.bot.catchUp();
    expect(texts(second)).toEqual(['in between']);
  });

  it('somebody of another organization is external, also where no event has told yet which organization is ours', async () => {
    const first = await open();
    const { feishu } = first;
    feishu.addPerson({ key: 'guest', name: 'Guest', openId: 'ou_guest', tenantKey: 'another' });
    feishu.world.chat(ACME).members.add('guest');
    await feishu.says('lin', ACME, 'heard');
    await first.bot.stop();
    await feishu.says('guest', ACME, 'from outside');
    first.clock.advance(10 * MINUTE);
    const second = await scene('ws', { feishu, kept: first.kept, bot: { now: first.clock.now } });
    scenes.push(second);
    await second.bot.catchUp();
    expect(second.stored.at(-1)).toMatchObject({ user: 'ou_guest', external: true });
  });

  it('at the very first start nothing of before is', async () => {
    const clock = new HandClock(1_763_350_000_000);
    const made = await scene('ws', { emulator: { clock }, bot: { now: clock.now }, start: false });
    scenes.push(made);
    await made.feishu.says('lin', ACME, 'before the bot');
    await made.bot.start();
    await made.bot.catchUp();
    expect(made.stored).toEqual([]);
    expect(made.feishu.calls('message.list')).toEqual([]);
  });

  it('several pages, and more chats than may be asked for in a second', async () => {
    const chats = Array.from({ length: 45 }, (_, n) => `oc_many${n}`);
    // By the machine's clock: the pause that the limit wants has to pass for Feishu, too.
    machine = await tenant('ws', { clientConfig: QUICK });
    const scene = await another(machine, { watched: () => chats });
    await scene.bot.catchUp();
    for (const id of chats) scene.feishu.addChat({ id, name: id, members: ['wei'] });
    for (let n = 0; n < 120; n += 1) await unheard(scene, `m${n}`, 'oc_many0');
    await unheard(scene, 'last', 'oc_many44');
    await reconnected(scene);
    expect(scene.stored).toHaveLength(121);
    expect(texts(scene).at(-1)).toBe('last');
    expect(scene.feishu.violations()).toEqual([]);
  });

  it('a chat whose history we may not read costs the others nothing', async () => {
    const scene = await open();
    scene.feishu.world.chat(ACME).bots.clear();
    await unheard(scene, 'two', DUTY);
    await reconnected(scene);
    expect(texts(scene)).toEqual(['two']);
  });

  it('Feishu’s fault is no reason to forget: the next look begins where this one did, and blames nobody', async () => {
    const scene = await open();
    await unheard(scene, 'one');
    scene.feishu.fault({ call: 'message.list', kind: '5xx', times: 4 });
    await reconnected(scene);
    scene.feishu.clearFaults();
    scene.clock.advance(20 * MINUTE);
    await scene.bot.catchUp();
    expect(texts(scene)).toEqual(['one']);
    expect(scene.bot.health().ok).toBe(true);
  });
});

/** Made, and told to nobody. */
const unheardGesture = async ({ feishu }: Scene, who: string, message: string, emoji: string): Promise<void> => {
  feishu.app.subscriptions.delete('im.message.reaction.created_v1');
  await feishu.reacts(who, message, emoji);
  feishu.app.subscriptions.add('im.message.reaction.created_v1');
};

const gestures = ({ stored }: Scene) =>
  stored.flatMap((event) => (event.type === 'reaction_added' ? [[event.chat, event.user, event.emoji]] : []));

describe('gestures of a break', () => {
  const talksOf = (card: string) => () => Promise.resolve([{ chat: ACME, thread: card, wholeChat: false, card }]);

  it('on a ticket’s card are taken in, others’ and what is none are not, and what had come is not again', async () => {
    const talks = { now: talksOf('') };
    const scene = await open({ bot: { talks: () => talks.now() } });
    const { feishu } = scene;
    const card = await scene.bot.send({ kind: 'chat', chat: ACME }, { text: ['a card'], language: 'en' }, 'm1');
    talks.now = talksOf(card.message);
    await feishu.reacts('lin', card.message, 'OnIt');
    await feishu.waitFor(() => gestures(scene).length === 1);
    scene.clock.advance(MINUTE / 2);
    await unheardGesture(scene, 'wei', card.message, 'OnIt');
    await unheardGesture(scene, 'wei', card.message, 'SMILE');
    await reconnected(scene);
    expect(gestures(scene)).toEqual([
      [ACME, 'ou_lin', 'OnIt'],
      [ACME, 'ou_wei', 'OnIt'],
    ]);
    scene.clock.advance(10 * MINUTE);
    await reconnected(scene);
    expect(gestures(scene)).toHaveLength(2);
  });

  it('have the very id of their events', async () => {
    const scene = await open();
    const { id } = await scene.feishu.says('lin', ACME, 'look');
    await scene.feishu.reacts('wei', id, 'OnIt');
    await scene.feishu.waitFor(() => gestures(scene).length === 1);
    await reconnected(scene);
    const handedIn = scene.events.flatMap((event) => (event.type === 'reaction_added' ? [event.id] : []));
    expect(handedIn).toHaveLength(2);
    expect(handedIn[0]).toBe(handedIn[1]);
    expect(gestures(scene)).toHaveLength(1);
  });

  it('on a message of the break itself come after it', async () => {
    const scene = await open();
    const id = await unheard(scene, 'broken again');
    await unheardGesture(scene, 'wei', id, 'OnIt');
    await reconnected(scene);
    expect(scene.stored.map(({ type }) => type)).toEqual(['message', 'reaction_added']);
  });

  it('without the scope for them are asked for once, and cost nothing else', async () => {
    const scene = await open();
    await unheard(scene, 'one');
    await unheard(scene, 'two');
    scene.feishu.app.scopes.delete('im:message.reactions:read');
    scene.feishu.app.scopes.delete('im:message:readonly');
    scene.feishu.app.scopes.add('im:message.history:readonly');
    await reconnected(scene);
    expect(texts(scene)).toEqual(['one', 'two']);
    expect(scene.feishu.calls('reaction.list')).toHaveLength(1);
    expect(scene.bot.health().ok).toBe(true);
  });

  it('a recalled message, and one that we may not see, cost the others nothing', async () => {
    const talks = { now: talksOf('om_nobody') };
    const scene = await open({ bot: { talks: () => talks.now() } });
    const id = await unheard(scene, 'one');
    await unheardGesture(scene, 'wei', id, 'OnIt');
    await reconnected(scene);
    expect(gestures(scene)).toEqual([[ACME, 'ou_wei', 'OnIt']]);
    expect(scene.bot.health().ok).toBe(true);
  });
});

describe('although nothing broke', () => {
  it('it is looked by itself, as often as is configured: a call for each chat', async () => {
    const scene = await open({ bot: { lookEveryMs: 10 } });
    scene.clock.advance(2 * MINUTE);
    await unheard(scene, 'one');
    scene.clock.advance(2 * MINUTE);
    await scene.feishu.waitFor(() => texts(scene).length === 1);
    const asked = scene.feishu.calls('message.list').map(({ query }) => query['container_id']?.[0]);
    expect(asked.slice(0, 4)).toEqual([ACME, DUTY, ACME, DUTY]);
  });

  it('a second connection of the app takes a share: noticed, told in health, and its messages are taken in', async () => {
    const scene = await open();
    // A forgotten process that is connected as the same app, with an inbox of its own.
    const other = await another(scene.feishu, { now: scene.clock.now });
    await scene.feishu.waitFor(() => scene.feishu.connections === 2);
    for (let n = 0; n < 20; n += 1) await scene.feishu.says('lin', ACME, `m${n}`);
    const mine = scene.stored.length;
    expect(other.stored.length).toBeGreaterThan(0);
    expect(mine + other.stored.length).toBe(20);
    scene.clock.advance(2 * MINUTE);
    await scene.bot.catchUp();
    expect(new Set(texts(scene)).size).toBe(20);
    scene.clock.advance(3 * MINUTE);
    expect(scene.bot.health().ok).toBe(false);
    expect(scene.bot.health().line).toContain(
      `${20 - mine} messages did not come although nothing broke: another process is connected as this app`,
    );
  });

  it('what is on its way just now is not missing', async () => {
    const scene = await open();
    scene.clock.advance(5 * MINUTE);
    await unheard(scene, 'just now');
    await scene.bot.catchUp();
    expect([scene.stored, scene.bot.health().ok]).toEqual([[], true]);
    scene.clock.advance(2 * MINUTE);
    await scene.bot.catchUp();
    scene.clock.advance(3 * MINUTE);
    expect([texts(scene), scene.bot.health().ok]).toEqual([['just now'], false]);
  });

  it('what we refused ourselves is nobody else’s', async () => {
    const scene = await open();
    scene.before = () => Promise.reject(new Error('disk full'));
    await scene.feishu.says('lin', ACME, 'down');
    scene.before = () => Promise.resolve();
    await scene.bot.catchUp();
    expect([texts(scene), scene.bot.health().ok]).toEqual([['down'], true]);
  });

  it('a connection that was dead all the while, and is found to be, is nobody else’s', async () => {
    const scene = await open();
    scene.feishu.freezeConnections();
    await unheard(scene, 'into the void');
    scene.clock.advance(2 * MINUTE);
    await scene.bot.catchUp();
    expect(texts(scene)).toEqual(['into the void']);
    await reconnected(scene);
    expect(scene.bot.health().ok).toBe(true);
  });

  it('over for an hour, it is told no longer', async () => {
    const scene = await open();
    await unheard(scene, 'one');
    scene.clock.advance(2 * MINUTE);
    await scene.bot.catchUp();
    expect(scene.bot.health().ok).toBe(true);
    scene.clock.advance(30 * MINUTE);
    await scene.bot.catchUp();
    expect(scene.bot.health().ok).toBe(false);
    scene.clock.advance(31 * MINUTE);
    await scene.bot.catchUp();
    expect(scene.bot.health().ok).toBe(true);
  });

  it('over the webhook it is the address that Feishu cannot reach', async () => {
    const clock = new HandClock(1_763_350_000_000);
    const made = await scene('webhook', { emulator: { clock }, bot: { now: clock.now } });
    scenes.push(made);
    await made.bot.catchUp();
    await unheard(made, 'one');
    clock.advance(2 * MINUTE);
    await made.bot.catchUp();
    expect(texts(made)).toEqual(['one']);
    expect(made.bot.health().line).toContain('could not deliver them to the request address');
  });
});

/** A process of its own, connected as the same app. */
const another = async (feishu: FeishuEmulator, bot: Partial<FeishuOptions>): Promise<Scene> => {
  const made = await scene('ws', { feishu, bot });
  scenes.push(made);
  return made;
};
