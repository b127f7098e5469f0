import type { Verb } from './verb.ts';
import type { Logger } from '../log.ts';
import type { Itr } from '../main.ts';
import { Refused, readArgs } from './verb.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';

export const verb: Verb = {
  name: 'start',
  summary: 'runs the bot, the console and the playground until it is told to stop',
  usage: ['start'],
  example: 'itr start        # then open http://localhost:3000',

  async run(args, io) {
    readArgs(args, {});
    const env = readServerEnv(io, { listens: true });
    if (env === null) return 1;
    const [{ createLog }, { createClock }, { ConfigError, startItr }] = await Promise.all([
      import('../log.ts'),
      import('../clock.ts'),
      import('../main.ts'),
    ]);
    const log = createLog({ level: env.logLevel, secrets: env.secrets });
    try {
      const itr = await startItr({ env, log, clock: createClock(), cwd: io.cwd });
      // Before it says that it runs: whoever reads that may send a signal at once.
      const stopped = untilStopped(itr, log);
      io.err(await welcome(itr, env.playground));
      for (const feature of [...env.notYet, ...itr.config.notYet()]) log.info(`not acted on yet: ${feature}`);
      await stopped;
      return 0;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw cannotListen(error, env) ?? error;
      for (const issue of error.issues) io.err(`${issue.line === 0 ? '' : `line ${issue.line}: `}${issue.message}\n`);
      io.err(`${error.message}. "itr config check" says the same; nothing was started.\n`);
      return 1;
    }
  },
};

/** Null: the error is about something else. */
function cannotListen(error: unknown, { host, port }: ServerEnv): Refused | null {
  const { code, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === 'EADDRINUSE')
    return new Refused(`port ${port} is taken by another program; set PORT to a free one, such as PORT=${port + 1}`);
  if (code === 'EACCES' && syscall === 'listen')
    return new Refused(`this user may not use port ${port}; set PORT to one above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Refused(`this machine has no address "${host}"; set HOST to one that it has, such as HOST=127.0.0.1`);
  return null;
}

async function welcome(itr: Itr, playground: boolean): Promise<string> {
  const lines = [...itr.platforms.values()].map((platform) => `  ${platform.health().line}`);
  const first = playground ? `Open ${itr.url}/playground and react with 🎫 to a message.` : `Open ${itr.url}/board.`;
  return [`itr-bot runs at ${itr.url} with ${itr.config.source.label}.`, ...lines, first, ''].join('\n');
}

/** SIGTERM and SIGINT end it cleanly, a second one at once; SIGHUP reads the configuration again. */
function untilStopped(itr: Itr, log: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) process.exit(1);
      stopping = true;
      log.info({ signal }, 'stopping');
      itr.stop().then(resolve, reject);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('SIGHUP', () => void itr.config.reload());
    // The Slack SDK leaves promises behind that reject on a revoked token. What we own is durable and tried again, so going on is safe; ending is not.
    process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise nobody waited for was rejected'));
  });
}
