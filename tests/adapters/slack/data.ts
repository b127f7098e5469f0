import type { Raw } from '../../../src/adapters/slack/payload.ts';
import type { Self } from '../../../src/adapters/slack/inbound.ts';

/** Builders of what Slack sends: the shapes are Slack's, the content is ours. */

export const SELF: Self = { teamId: 'T0HOME', enterpriseId: null, botUserId: 'U0BOT' };
export const NOW = 1_763_350_000_000;
export const TS = '1763349990.000200';
export const ROOT = '1763349000.000100';

let count = 0;

export const envelope = (event: Raw, more: Raw = {}): Raw => ({
  token: 'old',
  type: 'event_callback',
  team_id: 'T0HOME',
  api_app_id: 'A0ITR',
  event_id: `Ev${(count += 1)}`,
  event_time: 1_763_349_991,
  authorizations: [
    { enterprise_id: null, team_id: 'T0HOME', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
  ],
  is_ext_shared_channel: false,
  event: { event_ts: TS, ...event },
  ...more,
});

export const posted = (more: Raw = {}): Raw => ({
  type: 'message',
  user: 'U0LIN',
  ts: TS,
  team: 'T0HOME',
  text: 'orders fail',
  channel: 'C0ACME',
  channel_type: 'channel',
  ...more,
});

export const changed = (message: Raw, previous: Raw | null = null): Raw => ({
  type: 'message',
  subtype: 'message_changed',
  hidden: true,
  channel: 'C0ACME',
  channel_type: 'channel',
  ts: '1763349995.000300',
  event_ts: '1763349995.000300',
  message: { type: 'message', user: 'U0LIN', ts: TS, ...message },
  ...(previous === null ? {} : { previous_message: { type: 'message', user: 'U0LIN', ts: TS, ...previous } }),
});
