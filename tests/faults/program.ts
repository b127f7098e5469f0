import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configOf, OWNER, REQUESTER } from '../../bench/support/config.ts';
import { SlackEmulator } from '../emulators/slack/index.ts';
import { ItrProcess } from '../support/process.ts';
import { addTeams } from './scene.ts';

export interface Program {
  readonly slack: SlackEmulator;
  readonly folder: string;
  readonly itr: ItrProcess;
}

/** A Slack that repeats what was not acknowledged, sooner than the real one, with the channels of `configOf(teams)`. */
export async function openWorkspace(teams: number): Promise<SlackEmulator> {
  // For as long as a killed program may take to be there again on a busy machine; Slack itself goes on for six minutes.
  const retryDelaysMs = [200, 1_000, 3_000, 6_000, 10_000, 10_000, 10_000, 15_000, 15_000];
  const slack = await SlackEmulator.start({ mode: 'http', retryDelaysMs });
  for (const { user, name } of [OWNER, REQUESTER])
    slack.addUser({ id: user, name: name.toLowerCase(), locale: 'en-US' });
  addTeams(slack, teams);
  return slack;
}

/** What a process of the program needs to know to be connected to it. */
export function environment(slack: SlackEmulator, folder: string, config: string): Readonly<Record<string, string>> {
  const file = join(folder, 'itr.config.yaml');
  writeFileSync(file, config);
  return {
    ITR_CONFIG: file,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  };
}

/** The program in a process of its own, on SQLite in a folder of its own. Both are gone afterwards. */
export async function withProgram<T>(
  teams: number,
  work: (program: Program) => Promise<T>,
  options: { readonly config?: string; readonly env?: (folder: string) => Readonly<Record<string, string>> } = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'itr-faults-'));
  const slack = await openWorkspace(teams);
  try {
    const itr = await ItrProcess.start(folder, {
      ...environment(slack, folder, options.config ?? configOf(teams)),
      ...options.env?.(folder),
    });
    slack.setRequestUrl(`${itr.url}/slack/events`);
    try {
      return await work({ slack, folder, itr });
    } finally {
      await itr.stop();
    }
  } finally {
    await slack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
