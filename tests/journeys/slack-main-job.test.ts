import { afterAll } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { postgresIsMissing } from '../support/postgres.ts';
import { SLACK, SlackStage } from '../support/slack-stage.ts';
import { mainJobStory } from './stories/main-job.ts';

const missing = postgresIsMissing();
afterAll(stopPostgres);

for (const [mode, database] of [
  ['http', 'sqlite'],
  ['socket', 'sqlite'],
  ['http', 'postgresql'],
] as const)
  mainJobStory(
    {
      ...SLACK,
      title: `Slack (${mode}, ${database}${missing === null ? '' : `; PostgreSQL NOT tested: ${missing}`})`,
      open: () => SlackStage.open({ mode, database }),
    },
    database === 'postgresql' && missing !== null,
  );
