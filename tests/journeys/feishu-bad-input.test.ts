import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../emulators/feishu/index.ts';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import { lastToast, toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, claimed, events, inTopic, raise, ticketOf, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;

beforeAll(async () => {
  scene = await FeishuScene.open();
});

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

const made = async (): Promise<number> => ((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length;

describe('bad input on Feishu has a defined answer, and nothing is lost', () => {
  it('only a mention, in the chat and in the direct conversation: what one could want', async () => {
    const { feishu } = scene;
    expect(await toldAfter(scene, 'lin', () => feishu.says('lin', ACME, '@bot'))).toContain('想做什么');
    expect(await toldAfter(scene, 'wei', () => feishu.says('wei', DUTY, ' @bot   '))).toContain('想做什么');
    expect(await toldAfter(scene, 'zhou', () => feishu.tells('zhou', '@bot'))).toContain('想做什么');
    await scene.quiet();
    expect(await made()).toBe(0);
  });

  it('an unknown command, in the work topic and to the bot alone', async () => {
    const { feishu } = scene;
    const { work, root } = await claimed(scene, '数据库故障,未知命令');
    expect(await toldAfter(scene, 'wei', () => answers(scene, 'wei', work, '@bot 把它弄好'))).toContain(
      '没看懂“把它弄好”',
    );
    expect(await toldAfter(scene, 'wei', () => feishu.tells('wei', 'sudo reboot'))).toContain('sudo reboot');
    await scene.quiet();
    expect(inTopic(scene, root).some((one) => scene.text(one.id).includes('弄好'))).toBe(false);
  });

  it('nothing but spaces, a lone picture, a sticker: a ticket is asked what is wrong', async () => {
    const { feishu } = scene;
    const count = await made();
    const spaces = await feishu.says('lin', ACME, '   ');
    await feishu.reacts('lin', spaces.id, 'Loudspeaker');
    await ticketOf(scene, spaces.id);
    await scene.until(() => inTopic(scene, spaces.id).some((one) => scene.text(one.id).includes('是什么问题')));
    const picture = await feishu.sendsImage('lin', ACME, { name: 'error.png' });
    await feishu.reacts('lin', picture.id, 'Loudspeaker');
    const { number } = await ticketOf(scene, picture.id);
    await scene.until(() => inTopic(scene, picture.id).some((one) => scene.text(one.id).includes('是什么问题')));
    const sticker = await feishu.sendsSticker('lin', ACME);
    await feishu.reacts('lin', sticker.id, 'Loudspeaker');
    await ticketOf(scene, sticker.id);
    expect(await made()).toBe(count + 3);
    await answers(scene, 'lin', picture.id, '数据库登录报错,部分用户');
    await scene.until(async () => String((await scene.ticket(number))['title']).includes('数据库登录报错'));
  });

  it('a text of more than 30 KB is stored whole; the card and what is carried stay within Feishu’s limits', async () => {
    const { feishu } = scene;
    const lines = Array.from({ length: 1_500 }, (_, n) => `2026-11-19 09:41:${n % 60} 错误 pool exhausted ${n}`).join(
      '\n',
    );
    const root = await feishu.says('lin', ACME, `数据库报错,部分用户受影响\n${lines}`);
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, root.id);
    expect(scene.text(card)).toContain('数据库报错');
    expect(String((await scene.ticket(number))['title']).length).toBeLessThanOrEqual(100);
    await scene.untilStatus('queued', number);
    const work = await scene.hears(DUTY, [`ITR-${number} `]);
    await answers(scene, 'lin', root.id, `完整日志如下\n${lines}`);
    const copy = await scene.hears(DUTY, ['完整日志如下']);
    expect(scene.text(copy.id)).toMatch(/还有 [\d,]+ 个字/);
    expect(feishu.message(copy.id).content.length).toBeLessThan(30_000);
    await feishu.reacts('wei', work.id, 'OnIt');
    await scene.untilStatus('in_progress', number);
    const texts = (await events(scene, number)).map((event) => String(event['text'] ?? ''));
    expect(texts.some((text) => text.includes('完整日志如下') && text.includes('pool exhausted 1499'))).toBe(true);
  });

  it('a claim of what is cancelled, and a press of what a release long ago drew: a word over the card', async () => {
    const { feishu } = scene;
    const { work, root, number, id } = await raise(scene, '数据库故障,已取消');
    await answers(scene, 'lin', root, '@bot 取消');
    await scene.untilStatus('cancelled', number);
    expect(await toldAfter(scene, 'li', () => feishu.reacts('li', work, 'OnIt'))).toContain(id);
    await scene.quiet();
    scene.clock.advance(1_000);
    const action = { tag: 'button', value: { a: 'frobnicate', v: String(number) } };
    const outcome = await feishu.deliver({
      schema: '2.0',
      header: {
        event_id: 'old-release',
        event_type: 'card.action.trigger',
        token: feishu.app.verificationToken,
        app_id: feishu.app.id,
        tenant_key: feishu.app.tenantKey,
        create_time: `${scene.clock.now()}000`,
      },
      event: {
        operator: { open_id: 'ou_li' },
        token: 'c-1',
        action,
        context: { open_message_id: work, open_chat_id: DUTY },
      },
    });
    expect(outcome.acked).toBe(true);
    expect(JSON.stringify(outcome.attempts)).toContain('再点一次');
    expect(lastToast(scene, 'li')).toBe('');
  });

  it('events that it does not know, or that are cut off, are taken and are nothing', async () => {
    const { feishu } = scene;
    await scene.quiet();
    const before = [await made(), feishu.messages(ACME).length, whispers(scene, 'lin').length];
    const header = { token: feishu.app.verificationToken, app_id: feishu.app.id, tenant_key: feishu.app.tenantKey };
    const odd: readonly { readonly type: string; readonly event: JsonObject }[] = [
      { type: 'im.message.receive_v1', event: {} },
      { type: 'im.message.receive_v1', event: { message: { chat_id: ACME, content: '{' } } },
      { type: 'im.message.reaction.created_v1', event: { message_id: 'om_1' } },
      { type: 'drive.file.edit_v1', event: { file_token: 'x' } },
      { type: 'application.bot.menu_v6', event: { event_key: 'help' } },
    ];
    for (const [n, { type: event_type, event }] of odd.entries()) {
      const sent = await feishu.deliver({
        schema: '2.0',
        header: { ...header, event_id: `odd-${n}`, event_type },
        event,
      });
      expect(sent.acked).toBe(true);
    }
    await scene.quiet();
    expect([await made(), feishu.messages(ACME).length, whispers(scene, 'lin').length]).toEqual(before);
  });
});
