import { afterEach, describe, expect, it } from 'vitest';
import { BridgeScene } from '../support/bridge-scene.ts';
import type { PlatformName, Side } from '../support/bridge-scene.ts';

let scene: BridgeScene;

afterEach(async () => {
  await scene.close();
});

interface Bridged {
  /** The thread in the project's chat, and the card in it. */
  readonly root: string;
  readonly card: string;
  /** The work card, and the thread under it. */
  readonly work: string;
}

const PAIRS: readonly { readonly origin: PlatformName; readonly work: PlatformName }[] = [
  { origin: 'slack', work: 'feishu' },
  { origin: 'feishu', work: 'slack' },
  { origin: 'feishu', work: 'feishu' },
];

async function raise(text: string): Promise<Bridged> {
  const { origin, work } = scene;
  const root = await origin.says('lin', `${text}，全部用户受影响`);
  await origin.reacts('lin', root, 'capture');
  const card = await scene.hears(origin, ['ITR-1'], root);
  await scene.untilStatus('queued');
  const there = await scene.hears(work, ['ITR-1 ']);
  return { root, card: card.id, work: there.id };
}

const count = (side: Side, thread: string, ...words: string[]): number =>
  side.heard(thread).filter(({ text }) => words.every((word) => text.includes(word)) && !text.includes('ITR-1')).length;

const textOf = (side: Side, message: string): string => side.heard().find(({ id }) => id === message)?.text ?? '';

describe.each(PAIRS)('a ticket raised on $origin and worked on on $work', (pair) => {
  it('what is said appears on the other side in its author’s name, exactly once; notes stay inside, nothing is carried back', async () => {
    scene = await BridgeScene.open(pair);
    const { origin, work } = scene;
    const at = await raise('数据库故障');
    await work.reacts('wei', at.work, 'claim');
    await scene.untilStatus('in_progress');
    await origin.says('lin', '客户说的第一句', at.root);
    await work.says('wei', '魏伟答的第一句', at.work);
    await work.says('wei', '// 内部怀疑交换机', at.work);
    await origin.attaches('lin', 'slow.log', at.root);
    await origin.says('lin', '客户说的第二句', at.root);
    await scene.hears(work, [pair.origin === 'slack' ? 'lin' : '林', '客户说的第一句'], at.work);
    await scene.hears(work, ['客户说的第二句'], at.work);
    await scene.hears(work, ['slow.log'], at.work);
    await scene.hears(origin, ['魏伟', '魏伟答的第一句'], at.root);
    expect(await scene.troubles()).toEqual([]);
    expect([
      count(work, at.work, '客户说的第一句'),
      count(work, at.work, '客户说的第二句'),
      count(work, at.work, 'slow.log'),
      count(origin, at.root, '魏伟答的第一句'),
    ]).toEqual([1, 1, 1, 1]);
    // Neither back to where it was said, nor the note outside.
    expect([
      count(origin, at.root, '客户说的'),
      count(work, at.work, '魏伟答的'),
      count(origin, at.root, '交换机'),
      count(work, at.work, '交换机'),
    ]).toEqual([0, 0, 0, 0]);
  });

  it('what is edited or taken back there is corrected here', async () => {
    scene = await BridgeScene.open(pair);
    const { origin, work } = scene;
    const at = await raise('数据库故障');
    const said = await origin.says('lin', '重启过一次', at.root);
    const copy = await scene.hears(work, ['重启过一次'], at.work);
    if (pair.origin === 'slack') {
      await scene.slack.edit('U0LIN', 'C0ACME', said, '重启过两次');
      await scene.until(() => textOf(work, copy.id).includes('重启过两次'));
    }
    await origin.deletes('lin', said);
    await scene.until(() => !/重启过/.test(textOf(work, copy.id)));
    expect(textOf(work, copy.id)).toMatch(/删除|撤回/);

    const answer = await work.says('wei', '马上就好', at.work);
    const carried = await scene.hears(origin, ['马上就好'], at.root);
    await work.deletes('wei', answer);
    await scene.until(() => !textOf(origin, carried.id).includes('马上就好'));
    expect(await scene.troubles()).toEqual([]);
  });

  it('claimed by reaction on one and confirmed by reaction on the other; both cards show the same', async () => {
    scene = await BridgeScene.open(pair);
    const { origin, work } = scene;
    const at = await raise('数据库故障');
    await work.reacts('wei', at.work, 'claim');
    await scene.untilStatus('in_progress');
    const both = (word: string): Promise<boolean> =>
      scene.until(() => [textOf(origin, at.card), textOf(work, at.work)].every((text) => text.includes(word)));
    await both('处理中');
    await both('魏伟');
    await work.tells('wei', '解决 连接池配置过小，已调整到 200 #configuration', at.work);
    await scene.untilStatus('resolved');
    await both('已解决');
    const ask = await scene.hears(origin, ['连接池配置过小', '魏伟'], at.root);
    await origin.reacts('lin', ask.id, 'done');
    await scene.untilStatus('closed');
    await both('已关闭');
    expect(await scene.troubles()).toEqual([]);
  });

  it('one person with two identities: Wei claims in one chat and releases in the other', async () => {
    scene = await BridgeScene.open(pair);
    const { origin, work } = scene;
    const at = await raise('数据库故障');
    await origin.reacts('wei', at.card, 'claim');
    await scene.untilStatus('in_progress');
    expect((await scene.ticket())['assignee']).toBe('wei');
    await scene.until(() => textOf(work, at.work).includes('魏伟'));
    await work.tells('wei', '释放', at.work);
    await scene.untilStatus('queued');
    await work.reacts('wei', at.work, 'claim');
    await scene.untilStatus('in_progress');
    expect((await scene.ticket())['assignee']).toBe('wei');
    await work.unreacts('wei', at.work, 'claim');
    await scene.untilStatus('queued');
    const { timeline } = await scene.ticket();
    const actors = (timeline as { type: string; actor: string }[]).flatMap(({ type, actor }) =>
      ['claimed', 'released'].includes(type) ? [`${type} ${actor}`] : [],
    );
    expect(actors).toEqual(['claimed wei', 'released wei', 'claimed wei', 'released wei']);
    expect(await scene.troubles()).toEqual([]);
  });

  it('what would ring on the other platform is text there and rings nobody', async () => {
    scene = await BridgeScene.open(pair);
    const { origin, work } = scene;
    const at = await raise('数据库故障 <at id=all></at> @everyone');
    await work.reacts('wei', at.work, 'claim');
    await scene.untilStatus('in_progress');
    const [fromOrigin, fromWork] = (['origin', 'work'] as const).map((side) =>
      pair[side] === 'slack'
        ? '看这里 <at id=all></at> <at user_id="all"></at> <at id=ou_wei></at> @everyone'
        : '看这里 <!channel> <!here|here> <@U0WEI> <!subteam^S1> @everyone',
    );
    await origin.says('lin', fromOrigin ?? '', at.root);
    await work.says('wei', fromWork ?? '', at.work);
    await scene.hears(work, ['看这里'], at.work);
    await scene.hears(origin, ['看这里'], at.root);
    expect(await scene.troubles()).toEqual([]);
    const rang = [work.rings(at.work), origin.rings(at.root)].map((all) =>
      all.filter(({ text }) => text.includes('看这里')),
    );
    expect(rang).toEqual([[], []]);
    expect(textOf(work, at.work)).toContain('@everyone');
  });
});
