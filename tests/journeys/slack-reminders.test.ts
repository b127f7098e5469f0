import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { SLACK } from '../support/slack-stage.ts';
import { remindersStory } from './stories/reminders.ts';

remindersStory(SLACK);
afterAll(stopPostgres);
