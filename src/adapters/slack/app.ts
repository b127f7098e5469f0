import { App, type AckFn, type Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import { answerTo, type Intake } from './intake.ts';
import type { Raw } from './payload.ts';

/**
 * Bolt, between a receiver of ours and our intake. It tells apart buttons, commands, shortcuts and forms, and has them acknowledged by whoever
 * handles them: here, after the commit. Events never come this way: Bolt acknowledges those before anything may look at them (docs/adr/0003).
 */
export const createApp = (options: {
  readonly receiver: Receiver;
  readonly intake: Intake;
  readonly botToken: string;
  readonly client: WebClientOptions;
}): App => {
  const { logger } = options.client;
  const app = new App({
    receiver: options.receiver,
    // Not `token`: Bolt would ask auth.test by itself, and refuse everything while Slack is down.
    authorize: () => Promise.resolve({ botToken: options.botToken }),
    clientOptions: options.client,
    ...(logger === undefined ? {} : { logger }),
    // Both are of no use without listeners, and the first is wrong about edits.
    ignoreSelf: false,
    convoStore: false,
  });
  app.use(async (args) => {
    const answer = answerTo(await options.intake(args.body as unknown as Raw));
    if (hasAck(args)) await args.ack(answer);
  });
  return app;
};

const hasAck = (args: object): args is { ack: AckFn<unknown> } => 'ack' in args && typeof args.ack === 'function';
