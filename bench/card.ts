import { SlackEmulator } from '../tests/emulators/slack/index.ts';
import type { ApiCall, SlackMessage } from '../tests/emulators/slack/index.ts';
import { OWNER, REQUESTER, configOf, dutyOf, intakeOf } from './support/config.ts';
import { median, percentile, sleep, until } from './support/numbers.ts';
import { inFolder, startProgram } from './support/process.ts';
import { below } from './support/report.ts';
import type { Figure } from './support/report.ts';

const TEAMS = 15;
const CLAIMS = 30;
/** A card is edited once in 3 s at most: only one that has rested shows how fast an edit is. */
const REST_MS = 3_500;

interface Claim {
  readonly team: number;
  /** The card that the owner reacts to, and the one that the customer sees. */
  readonly work: string;
  readonly origin: string;
}

/** From 👀 on the card in the duty channel until Slack (the emulator) is told to show the owner on it. */
export async function card(): Promise<readonly Figure[]> {
  const slack = await openWorkspace();
  try {
    return await inFolder(async (folder) => {
      const program = await startProgram(folder, {
        config: configOf(TEAMS),
        env: {
          SLACK_API_URL: slack.apiUrl,
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_SIGNING_SECRET: slack.signingSecret,
        },
      });
      slack.setRequestUrl(`${program.url}/slack/events`);
      try {
        const claims = await raiseTickets(slack);
        await sleep(REST_MS);
        const work: number[] = [];
        const origin: number[] = [];
        for (const claim of claims) {
          const at = Date.now();
          const since = slack.calls().length;
          await slack.react(OWNER.user, dutyOf(claim.team), claim.work, 'eyes');
          work.push((await ownerShown(slack, since, dutyOf(claim.team), claim.work)).at - at);
          origin.push((await ownerShown(slack, since, intakeOf(claim.team), claim.origin)).at - at);
        }
        const figures = (name: string, ms: readonly number[]): Figure => {
          console.log(`  ${name}: ms p50 / max ${median(ms).toFixed(0)} / ${percentile(ms, 1).toFixed(0)}`);
          return below(`card: 👀 to ${name}, median`, median(ms), { name: 'limit', value: 300 }, 'ms');
        };
        return [figures('work card', work), figures("customer's card", origin)];
      } finally {
        await program.stop();
      }
    });
  } finally {
    await slack.stop();
  }
}

async function openWorkspace(): Promise<SlackEmulator> {
  const slack = await SlackEmulator.start({ mode: 'http' });
  for (const { user, name } of [OWNER, REQUESTER])
    slack.addUser({ id: user, name: name.toLowerCase(), realName: name });
  const members = [OWNER.user, REQUESTER.user];
  for (let team = 0; team < TEAMS; team++) {
    for (const id of [intakeOf(team), dutyOf(team)]) slack.addChannel({ id, name: id.toLowerCase(), members });
  }
  return slack;
}

/** Team by team and then again, so that claims of one team are far enough apart for its channels. */
async function raiseTickets(slack: SlackEmulator): Promise<readonly Claim[]> {
  const posts: { readonly team: number; readonly ts: string }[] = [];
  for (let i = 0; i < CLAIMS; i++) {
    const team = i % TEAMS;
    const { ts } = await slack.post(REQUESTER.user, intakeOf(team), `Trouble number ${i}: the orders page is slow`);
    posts.push({ team, ts });
  }
  return Promise.all(
    posts.map(async ({ team, ts }, i) => {
      const find = (channel: string, thread?: string): Promise<SlackMessage> =>
        until(
          `the card of number ${i} in ${channel}`,
          () =>
            slack
              .messages(channel, { from: 'bot', ...(thread === undefined ? {} : { thread_ts: thread }) })
              .find((message) => JSON.stringify(message.blocks).includes(`Trouble number ${i}:`)) ?? null,
          { withinMs: 15_000, everyMs: 50 },
        );
      const [origin, work] = await Promise.all([find(intakeOf(team), ts), find(dutyOf(team))]);
      return { team, work: work.ts, origin: origin.ts };
    }),
  );
}

const ownerShown = (slack: SlackEmulator, since: number, channel: string, ts: string): Promise<ApiCall> =>
  until(
    `${OWNER.name} on the card`,
    () =>
      slack
        .calls()
        .slice(since)
        .find(
          ({ method, args, ok }) =>
            ok &&
            method === 'chat.update' &&
            args['channel'] === channel &&
            args['ts'] === ts &&
            JSON.stringify(args).includes(OWNER.name),
        ) ?? null,
    { withinMs: 10_000 },
  );
