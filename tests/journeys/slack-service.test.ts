import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { SLACK } from '../support/slack-stage.ts';
import { serviceStory } from './stories/service.ts';

serviceStory(SLACK);
afterAll(stopPostgres);
