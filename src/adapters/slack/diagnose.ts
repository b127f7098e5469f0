import type { WebClient } from '@slack/web-api';
import { codeOf, toDeliveryError } from './errors.ts';
import { redact } from './sdk.ts';
import { SCOPES } from './scopes.ts';

/** One line of `itr doctor`. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly line: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** Slack's signatures are refused beyond five minutes; half of that is worth a word. */
const MAX_SKEW_MS = 150_000;

/** Asks Slack whether everything that is configured works. Changes nothing, and never throws. */
export const diagnose = async (options: {
  readonly client: WebClient;
  readonly apiUrl: string;
  readonly signingSecret: string | null;
  /** A client with the app token; null without Socket Mode. */
  readonly socket: WebClient | null;
  /** The real time. */
  readonly clock: () => number;
}): Promise<Diagnosis[]> => {
  const reached = await reach(options.apiUrl, options.clock);
  if (!reached[0]?.ok) return reached;
  return [
    ...reached,
    ...(await token(options.client)),
    ...(options.socket === null ? [secret(options.signingSecret)] : [await appToken(options.socket)]),
  ];
};

const reach = async (apiUrl: string, clock: () => number): Promise<Diagnosis[]> => {
  let date: string | null;
  try {
    const url = new URL('api.test', apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    date = response.headers.get('date');
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return [
      {
        ok: false,
        line: `Slack: ${apiUrl} cannot be reached (${why})`,
        fix: 'Allow outgoing HTTPS to slack.com (and wss-primary.slack.com for Socket Mode), or correct SLACK_API_URL.',
      },
    ];
  }
  const reachable: Diagnosis = { ok: true, line: `Slack: ${apiUrl} can be reached` };
  const skew = date === null ? Number.NaN : clock() - Date.parse(date);
  if (!Number.isFinite(skew)) return [reachable];
  const seconds = Math.round(Math.abs(skew) / 1000);
  return Math.abs(skew) <= MAX_SKEW_MS
    ? [reachable, { ok: true, line: `Slack: this machine's clock agrees with Slack's to ${seconds} s` }]
    : [
        reachable,
        {
          ok: false,
          line: `Slack: this machine's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} Slack's`,
          fix: 'Synchronize the clock (NTP): beyond 300 s every request of Slack’s is refused as forged.',
        },
      ];
};

const token = async (client: WebClient): Promise<Diagnosis[]> => {
  try {
    const answer = await client.auth.test();
    const works: Diagnosis = {
      ok: true,
      line: `Slack: the bot token works, as @${answer.user ?? '?'} in ${answer.team ?? '?'}`,
    };
    const granted = answer.response_metadata?.scopes;
    if (granted === undefined) return [works];
    const missing = Object.keys(SCOPES).filter((scope) => !granted.includes(scope));
    if (missing.length === 0) return [works, { ok: true, line: 'Slack: all scopes of the manifest are granted' }];
    return [
      works,
      {
        ok: false,
        line: `Slack: scopes are missing: ${missing.map((scope) => `${scope} (${SCOPES[scope] ?? ''})`).join(', ')}`,
        fix: 'Add them under OAuth & Permissions (or paste the manifest again), then install the app to the workspace again.',
      },
    ];
  } catch (error) {
    return [
      {
        ok: false,
        line: redact(
          `Slack: the bot token does not work (${codeOf(error) ?? toDeliveryError('auth.test', error).message})`,
        ),
        fix: 'Set SLACK_BOT_TOKEN to the “Bot User OAuth Token” (xoxb-…) of OAuth & Permissions; install the app first.',
      },
    ];
  }
};

const appToken = async (client: WebClient): Promise<Diagnosis> => {
  try {
    await client.apps.connections.open({});
    return { ok: true, line: 'Slack: the app token opens Socket Mode' };
  } catch (error) {
    return {
      ok: false,
      line: redact(
        `Slack: Socket Mode does not open (${codeOf(error) ?? toDeliveryError('apps.connections.open', error).message})`,
      ),
      fix: 'Set SLACK_APP_TOKEN to an app-level token (xapp-…) with the scope connections:write, and switch Socket Mode on.',
    };
  }
};

/** Nothing short of a request of Slack's own proves it. */
const secret = (signingSecret: string | null): Diagnosis =>
  signingSecret === null
    ? {
        ok: false,
        line: 'Slack: neither a signing secret nor an app token is set',
        fix: 'Set SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode).',
      }
    : {
        ok: true,
        line: 'Slack: a signing secret is set; whether it is right shows at Slack’s first request (401 in the log if not)',
      };
