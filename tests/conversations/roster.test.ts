import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open(); // Monday 2026-11-23 09:41: li is on duty for db-l1, wei next week
});
afterEach(() => scene.close());

const slash = (user: string, text: string) =>
  scene.happens({ type: 'command', user, chat: 'C0ACME', text, reply: null } as never);
const spoken = (): string[] =>
  scene.platform.spoken.map(
    ({ to, what }) => `${to.kind === 'direct' ? `@${to.user}` : to.chat}: ${plain(what.text ?? [])}`,
  );
const whispered = (): string[] => scene.platform.whispers.map(({ user, what }) => `${user}: ${plain(what.text ?? [])}`);
const overrides = () => scene.storage.store.read.overrides();

describe('the rota changed in chat', () => {
  it('/itr duty take until 18:00: from now until then, said in the duty chat', async () => {
    await slash('U0WEI', 'duty take until 18:00');
    expect(await overrides()).toMatchObject([{ team: 'db-l1', person: 'wei' }]);
    expect(spoken().join()).toMatch(/C0DUTY: 数据库一线：魏伟 接班.*18:00（原来是 李丽）/);
    await slash('U0LIN', 'duty');
  });

  it('a swap is written only once the other has agreed', async () => {
    await slash('U0LI', 'duty swap @wei');
    expect(await overrides()).toEqual([]);
    const asked = scene.platform.spoken.find(({ to }) => to.kind === 'direct');
    expect(plain(asked?.what.text ?? [])).toMatch(/李丽 想和你换数据库一线的班/);
    const value = asked?.what.actions?.[0]?.value ?? '';
    const press = (user: string) =>
      scene.happens({
        type: 'button',
        user,
        chat: null,
        thread: null,
        message: null,
        action: 'say:1',
        value,
        reply: null,
      } as never);
    await press('U0MEI');
    expect(await overrides()).toEqual([]);
    await press('U0WEI');
    expect((await overrides()).map(({ person }) => person)).toEqual(['wei', 'li']);
    await press('U0WEI');
    expect(whispered().concat(spoken()).join()).toMatch(/没有这个换班/);
    expect((await overrides()).length).toBe(2);
  });

  it('leave makes holes, and the lead is told of them at once', async () => {
    await slash('U0LI', 'duty leave 11-25 11-26');
    expect(await overrides()).toMatchObject([{ person: 'li', away: true }]);
    expect(spoken().join()).toMatch(/@U0MEI: ⚠️ 数据库一线没有值班人：.*先由组长 梅 顶上/);
  });

  it('what somebody may not, or has not said, is answered', async () => {
    await slash('U0LI', 'duty take @wei until 18:00');
    await slash('U0LI', 'duty take');
    await slash('U0LIN', 'duty leave 11-25');
    expect(await overrides()).toEqual([]);
    expect(whispered()[0]).toMatch(/别人的班由组长改/);
    expect(whispered()[1]).toMatch(/接班请写到什么时候/);
    expect(whispered()[2]).toMatch(/不在任何有值班表的团队里/);
  });
});
