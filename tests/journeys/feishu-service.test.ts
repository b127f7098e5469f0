import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU } from '../support/feishu-stage.ts';
import { serviceStory } from './stories/service.ts';

serviceStory(FEISHU);
afterAll(stopPostgres);
