import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeishuEmulator } from '../emulators/feishu/index.ts';
import type { Message } from '../emulators/feishu/index.ts';
import { ACME, BOSS, DUTY, DUTY2, FEISHU_EXAMPLE } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { ItrProcess } from '../support/process.ts';

/** What the bot asks Feishu for on the way of one ticket; killed at each of these. */
const MOMENTS = [
  { at: 'the first card is posted', call: 'message.reply', chat: ACME, skip: 0, kind: 'reset-after-success' },
  { at: 'the question is posted', call: 'message.reply', chat: ACME, skip: 1, kind: 'reset' },
  { at: 'the work card is posted', call: 'message.create', chat: DUTY, skip: 0, kind: 'reset-after-success' },
  { at: 'the work card is edited', call: 'message.patch', chat: DUTY, skip: 0, kind: 'reset-after-success' },
  { at: 'the answer is carried over', call: 'message.reply', chat: ACME, skip: 2, kind: 'reset-after-success' },
] as const;

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'ws' }, { mode: 'webhook' }])(
  'kill -9 loses nothing and doubles nothing ($mode)',
  ({ mode }) => {
    let feishu: FeishuEmulator;
    let folder: string;
    let itr: ItrProcess;

    beforeAll(async () => {
      feishu = await FeishuEmulator.start({
        delivery: mode === 'ws' ? 'socket' : 'webhook',
        retryDelaysMs: [500, 2_000, 4_000, 8_000],
      });
      for (const key of ['lin', 'wei']) feishu.addPerson({ key, name: key, openId: `ou_${key}` });
      for (const id of [ACME, DUTY, DUTY2, BOSS]) feishu.addChat({ id, name: id, members: ['lin', 'wei'] });
      folder = mkdtempSync(join(tmpdir(), 'itr-crash-'));
      writeFileSync(join(folder, 'itr.config.yaml'), FEISHU_EXAMPLE.replaceAll('people: [wei, li]', 'people: [wei]'));
      await run();
    }, 60_000);

    afterAll(async () => {
      await itr.kill();
      await feishu.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function run(): Promise<void> {
      itr = await ItrProcess.start(folder, {
        ITR_CONFIG: join(folder, 'itr.config.yaml'),
        FEISHU_APP_ID: feishu.app.id,
        FEISHU_APP_SECRET: feishu.app.secret,
        FEISHU_DOMAIN: feishu.url,
        FEISHU_MODE: mode,
        ...(mode === 'ws'
          ? {}
          : {
              FEISHU_ENCRYPT_KEY: feishu.app.encryptKey,
              FEISHU_VERIFICATION_TOKEN: feishu.app.verificationToken,
            }),
      });
      if (mode === 'webhook')
        feishu.setRequestUrl({ events: `${itr.url}/feishu/events`, callbacks: `${itr.url}/feishu/cards` });
    }

    const until = <T>(predicate: () => T | Promise<T>) => feishu.waitFor(predicate, { timeoutMs: 60_000, pollMs: 50 });
    const text = (message: Message): string => feishu.text(message.id);
    const inTopic = (root: string): Message[] =>
      feishu.thread(root).filter((one) => one.sender.kind === 'app' && one.id !== root);
    /** The card quotes the last progress too. */
    const isCarried = (one: Message): boolean => text(one).includes('在看了') && !text(one).includes('ITR-');
    const chatOf = (path: string, body: Record<string, unknown>): string => {
      const message = /messages\/([^/]+)/.exec(path)?.[1];
      return message === undefined ? String(body['receive_id']) : feishu.message(message).chat;
    };

    for (const [index, moment] of MOMENTS.entries()) {
      it(`killed when ${moment.at} (${moment.kind})`, async () => {
        const name = `故障${index} 数据库很慢`;
        let killed: Promise<void> | null = null;
        feishu.fault({
          call: moment.call,
          skip: moment.skip,
          kind: moment.kind,
          when: ({ path, body }) => chatOf(path, body) === moment.chat,
        });
        const met = (): boolean => feishu.calls(moment.call).some((call) => call.fault !== undefined && call.n > from);
        const from = feishu.calls().length;
        const watch = until(met).then(() => (killed = itr.kill().then(run)));
        const { id: root } = await feishu.says('lin', ACME, name);
        await feishu.reacts('lin', root, 'Loudspeaker');
        await until(() => inTopic(root).length >= 2);
        await feishu.says('lin', ACME, '全部用户都受影响', { replyTo: root, inThread: true });
        const work = await until(() => feishu.messages(DUTY, { from: 'bot' }).find((one) => text(one).includes(name)));
        await until(() => killed === null || killed.then(() => true));
        await feishu.reacts('wei', work.id, 'OnIt');
        await feishu.says('wei', DUTY, `在看了 ${name}`, { replyTo: work.id, inThread: true });
        await watch;
        await until(() => killed!.then(() => true));
        await until(() => inTopic(root).some(isCarried));
        await until(() => inTopic(root).some((one) => text(one).includes('处理中')));
        await until(() => text(feishu.message(work.id)).includes('处理中'));
        feishu.clearFaults();

        const cards = inTopic(root).filter((one) => text(one).includes('处理中'));
        const questions = inTopic(root).filter((one) => text(one).includes('直接回复'));
        const carried = inTopic(root).filter(isCarried);
        const workCards = feishu
          .messages(DUTY, { from: 'bot' })
          .filter((one) => text(one).includes(name) && one.root === undefined);
        expect([cards.length, questions.length, carried.length, workCards.length]).toEqual([1, 1, 1, 1]);
      }, 120_000);
    }

    it('a war room: killed after the group was made and before it was recorded, there is one group', async () => {
      const { id: root } = await feishu.says('lin', ACME, '全部用户数据库故障，要开作战室');
      await feishu.reacts('lin', root, 'Loudspeaker');
      const work = await until(() =>
        feishu.messages(DUTY, { from: 'bot' }).find((one) => text(one).includes('要开作战室')),
      );
      await feishu.reacts('wei', work.id, 'OnIt');
      await until(() => text(feishu.message(work.id)).includes('处理中'));
      const from = feishu.calls().length;
      feishu.fault({ call: 'chat.create', kind: 'reset-after-success' });
      const restarted = until(() => feishu.calls('chat.create').some((call) => call.n > from)).then(() =>
        itr.kill().then(run),
      );
      await feishu.says('wei', DUTY, '@bot 作战室', { replyTo: work.id, inThread: true });
      await restarted;
      await until(() => inTopic(work.id).some((one) => text(one).includes('作战室已经开好')));
      const rooms = [...feishu.world.chats.values()].filter(({ name }) => name.startsWith('itr-'));
      expect(rooms).toHaveLength(1);
      expect(feishu.messages(rooms[0]?.id ?? '', { from: 'bot' })).toHaveLength(1);
    }, 120_000);

    it('and at the end every ticket is there once', async () => {
      const response = await fetch(`${itr.url}/api/v1/tickets?limit=200`);
      const { items } = (await response.json()) as { items: { number: string }[] };
      expect(items).toHaveLength(MOMENTS.length + 1);
      expect(feishu.warnings()).toEqual([]);
      expect(await itr.stop()).toBe(0);
    });
  },
);
