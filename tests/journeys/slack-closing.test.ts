import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { SLACK } from '../support/slack-stage.ts';
import { closingStory } from './stories/closing.ts';

closingStory(SLACK);
afterAll(stopPostgres);
