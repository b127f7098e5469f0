import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configOf, OWNER } from '../../bench/support/config.ts';
import { exactly, notRun } from '../../bench/support/report.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import { Fleet } from './fleet.ts';
import type { Scenario } from './scenario.ts';

const CLAIMS = { short: 200, full: 1_000 };
const AT_ONCE = 20;
/** Both are engineers of the team. */
const RIVALS = [
  { id: 'wei', name: OWNER.name },
  { id: 'li', name: 'Li' },
] as const;

interface Answer {
  readonly status: number;
  readonly body: { readonly assignee?: string; readonly detail?: string; readonly reason?: string };
}

/** Two processes on one PostgreSQL; two people claim the same tickets at the same moment, each through another process. */
export const race: Scenario = async (form) => {
  const claims = CLAIMS[form];
  const missing = postgresIsMissing();
  if (missing !== null) return [notRun('race', missing)];
  const postgres = await startPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'itr-race-'));
  const config = join(folder, 'itr.config.yaml');
  writeFileSync(
    config,
    configOf(1).replace('people: { wei:', 'people: { li: { name: Li, roles: [engineer], teams: [team0] }, wei:'),
  );
  try {
    // The playground is the platform here; claims come by the API.
    const fleet = await Fleet.start(
      folder,
      { ITR_CONFIG: config, DATABASE_URL: await postgres.database(), PLAYGROUND: 'on' },
      2,
    );
    try {
      const numbers = await raise(fleet.url, claims / 2);
      const rounds: (readonly Answer[])[] = [];
      for (let i = 0; i < numbers.length; i += AT_ONCE)
        rounds.push(
          ...(await Promise.all(
            numbers
              .slice(i, i + AT_ONCE)
              .map((number) => Promise.all(RIVALS.map(({ id }) => claim(fleet.url, number, id)))),
          )),
        );
      const owners = await Promise.all(numbers.map((number) => ownersOf(fleet.url, number)));
      const won = rounds.map((answers) => RIVALS.filter((_, i) => answers[i]?.status === 200));
      return [
        exactly('race: claims, two for each ticket', rounds.flat().length, claims),
        exactly('race: tickets without exactly one winner', won.filter(({ length }) => length !== 1).length, 0),
        exactly(
          'race: winners who do not own the ticket, or not alone',
          won.filter(([winner], i) => owners[i]!.assignee !== winner?.id || owners[i]!.claims !== 1).length,
          0,
        ),
        exactly(
          'race: losers who were not told who owns it',
          rounds.filter((answers, i) => !answers.some((answer) => isTold(answer, won[i]![0]?.name ?? ''))).length,
          0,
        ),
      ];
    } finally {
      await fleet.stop();
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const isTold = ({ status, body }: Answer, winner: string): boolean =>
  status === 409 && body.reason === 'already_claimed' && (body.detail ?? '').endsWith(`: ${winner}`);

async function post(url: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const claim = (url: string, number: string, as: string): Promise<Answer> =>
  post(`${url}/api/v1/tickets/${number}/commands`, { type: 'claim', as });

async function raise(url: string, count: number): Promise<readonly string[]> {
  const numbers: string[] = [];
  while (numbers.length < count) {
    const answers = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - numbers.length) }, () =>
        post(`${url}/api/v1/tickets`, { title: 'Contested.', project: 'project0', severity: 'S3' }),
      ),
    );
    numbers.push(...answers.map(({ body }) => (body as { number: string }).number));
  }
  return numbers;
}

async function ownersOf(
  url: string,
  number: string,
): Promise<{ readonly assignee: string | null; readonly claims: number }> {
  const response = await fetch(`${url}/api/v1/tickets/${number}`);
  const ticket = (await response.json()) as { assignee: string | null; timeline: readonly { type: string }[] };
  return { assignee: ticket.assignee, claims: ticket.timeline.filter(({ type }) => type === 'claimed').length };
}
