import { afterEach, describe, expect, it } from 'vitest';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import { folder, looks, selfWatchStory, tells, told, withAdminChat } from './stories/self-watch.ts';

selfWatchStory(FEISHU);

describe('what it finds wrong with Feishu', () => {
  let stage: FeishuStage;
  afterEach(async () => {
    expect(await stage.troubles()).toEqual([]);
    await stage.close();
  });

  it('keys that are refused at a start: said after a minute, and brought out once they are accepted', async () => {
    const kept = folder();
    stage = await FeishuStage.open({ config: withAdminChat(FEISHU), database: 'sqlite', folder: kept });
    const { feishu } = stage.scene;
    feishu.fault({ call: 'token', kind: 'error', code: 10014, msg: 'app secret invalid', times: 1_000 });
    await stage.restarts(kept);
    await looks(stage, 4);
    expect(await stage.page('/metrics')).toContain('itr_symptom{name="adapter:feishu"} 0');
    await looks(stage, 4);
    expect(await stage.page('/metrics')).toContain('itr_symptom{name="adapter:feishu"} 1');
    const ready = await stage.page('/readyz');
    expect(ready).toContain('warn adapter:feishu: feishu is disconnected');
    expect(ready).toContain('check FEISHU_APP_ID and FEISHU_APP_SECRET');

    feishu.clearFaults();
    await stage.until(() => stage.app.platforms.get('feishu')?.health().ok);
    stage.clock.advance(10 * 60_000);
    await tells(stage, 'feishu 断开');
    await looks(stage, 5);
    await tells(stage, 'feishu 已不再断开');
    expect(told(stage).filter((text) => text.includes('feishu'))).toHaveLength(2);
  });
});
