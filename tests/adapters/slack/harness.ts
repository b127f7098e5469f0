import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createSlack, type Slack, type SlackOptions } from '../../../src/adapters/slack/index.ts';
import type { ChatEvent, Immediate } from '../../../src/conversations/platform.ts';
import { SlackEmulator, type EmulatorOptions } from '../../emulators/slack/index.ts';

export interface Rig {
  readonly slack: SlackEmulator;
  readonly bot: Slack;
  /** What was handed in, in order; also what `receive` then refused. */
  readonly events: ChatEvent[];
  readonly logged: string[];
  /** Replaces how events are stored. */
  receive: (event: ChatEvent) => Promise<Immediate>;
  stop(): Promise<void>;
}

/** The adapter as main runs it, over real HTTP and WebSocket, against the emulator: two people, two channels. */
export const rig = async (
  mode: 'http' | 'socket',
  options: {
    readonly emulator?: EmulatorOptions;
    readonly slack?: Partial<SlackOptions>;
    readonly start?: boolean;
  } = {},
): Promise<Rig> => {
  const slack = await SlackEmulator.start({ mode, ...options.emulator });
  slack.addUser({ id: 'U0LIN', name: 'lin', realName: '林', locale: 'zh-CN', email: 'lin@acme.example' });
  slack.addUser({ id: 'U0WEI', name: 'wei', locale: 'en-US' });
  slack.addChannel({ id: 'C0ACME', name: 'proj-acme', members: ['U0LIN', 'U0WEI'] });
  slack.addChannel({ id: 'C0DB', name: 'duty-db', members: ['U0WEI'] });
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(line) });
  const events: ChatEvent[] = [];
  const bot = createSlack({
    botToken: slack.botToken,
    ...(mode === 'http' ? { signingSecret: slack.signingSecret } : { appToken: slack.appToken }),
    apiUrl: slack.apiUrl,
    receive: (event) => {
      events.push(event);
      return made.receive(event);
    },
    log,
    now: Date.now,
    ...options.slack,
  });
  const server = mode === 'http' ? await serve(bot) : null;
  if (server !== null) slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  if (options.start !== false) await bot.start();
  const made: Rig = {
    slack,
    bot,
    events,
    logged,
    receive: () => Promise.resolve({ kind: 'accepted' }),
    async stop() {
      await bot.stop();
      server?.closeAllConnections();
      server?.close();
      await slack.stop();
    },
  };
  return made;
};

const serve = async (bot: Slack): Promise<Server> => {
  const server = createServer((request, response) => {
    const webhook = bot.webhooks.find(({ path }) => path === new URL(request.url ?? '/', 'http://x').pathname);
    if (webhook === undefined) response.writeHead(404).end();
    else webhook.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

export const types = (events: readonly ChatEvent[]): string[] => events.map((event) => event.type);
