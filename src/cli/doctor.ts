import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { readArgs } from './verb.ts';
import type { Io, Verb } from './verb.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly line: string;
  /** What to do about it. */
  readonly fix?: string;
}

export const verb: Verb = {
  name: 'doctor',
  summary: 'checks keys, scopes, reachability, the configuration, the database and the clock',
  usage: ['doctor [--json]'],
  example: 'itr doctor        # ok    slack  signed in as @itr at Example',

  async run(args, io) {
    const { values } = readArgs(args, { json: { type: 'boolean' } });
    const env = readServerEnv(io);
    if (env === null) return 1;
    const findings = [...(await configuration(env, io)), ...(await database(env, io)), ...(await slack(env, io))];
    if (values.json === true) {
      await io.out(`${JSON.stringify(findings)}\n`);
    } else {
      for (const { what, ok, line, fix } of findings) {
        await io.out(`${ok ? 'ok  ' : 'FAIL'}  ${what}  ${line}\n${fix === undefined || ok ? '' : `      → ${fix}\n`}`);
      }
    }
    return findings.every((finding) => finding.ok) ? 0 : 1;
  },
};

async function configuration(env: ServerEnv, io: Io): Promise<Finding[]> {
  const { findConfig, loadConfig } = await import('../config/source.ts');
  const source = findConfig(env.configFile, io.cwd);
  const loaded = await loadConfig(source, { now: io.now() });
  const what = 'configuration';
  if (loaded.ok) return [{ what, ok: true, line: `${source.label}, ${loaded.warnings.length} warnings` }];
  const first = loaded.errors[0];
  return [
    {
      what,
      ok: false,
      line: `${source.label}: ${loaded.errors.length} mistakes, the first in line ${first?.line ?? 1}: ${first?.message ?? ''}`,
      fix: `run: itr config check ${source.label}`,
    },
  ];
}

async function database(env: ServerEnv, io: Io): Promise<Finding[]> {
  const what = 'database';
  try {
    const { openStorage } = await import('../storage/index.ts');
    const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined });
    const faults = storage.integrity();
    const depth = await storage.queues.outbox.depth(io.now());
    await storage.close();
    const dead: Finding[] =
      depth.dead === 0
        ? []
        : [
            {
              what: 'outbox',
              ok: false,
              line: `${depth.dead} dead letters`,
              fix: 'run: itr outbox list, mend the cause, then: itr outbox retry --all',
            },
          ];
    if (faults.length === 0) return [{ what, ok: true, line: `${env.database.url}, sound` }, ...dead];
    return [
      { what, ok: false, line: faults.slice(0, 3).join('; '), fix: 'stop the program and restore a backup' },
      ...dead,
    ];
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error);
    return [{ what, ok: false, line, fix: `check that ${env.database.url} can be written by this user` }];
  }
}

async function slack(env: ServerEnv, io: Io): Promise<Finding[]> {
  if (env.slack === null) return [{ what: 'slack', ok: true, line: 'not configured' }];
  const [{ createSlack }, { createLog }] = await Promise.all([
    import('../adapters/slack/index.ts'),
    import('../log.ts'),
  ]);
  const { botToken, signingSecret, appToken, apiUrl } = env.slack;
  const adapter = createSlack({
    botToken,
    ...(signingSecret === null ? {} : { signingSecret }),
    ...(appToken === null ? {} : { appToken }),
    apiUrl,
    receive: async () => ({ kind: 'accepted' }),
    log: createLog({ level: 'silent' }),
    now: io.now,
  });
  const found = await adapter.diagnose();
  return found.map(({ ok, line, fix }) => ({ what: 'slack', ok, line, ...(fix === undefined ? {} : { fix }) }));
}
