import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import { mainJobStory } from './stories/main-job.ts';

afterAll(stopPostgres);

for (const mode of ['ws', 'webhook'] as const)
  mainJobStory({ ...FEISHU, title: `Feishu (${mode})`, open: () => FeishuStage.open({ mode }) });
