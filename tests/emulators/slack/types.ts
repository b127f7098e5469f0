/** Shapes shared by the emulator's files. Wire shapes keep Slack's snake_case; our own options use camelCase. */

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json | undefined };

export type SlackUser = {
  id: string;
  name: string;
  realName: string;
  email?: string;
  locale: string;
  tz: string;
  isBot: boolean;
  deleted: boolean;
  /** Set for a Slack Connect guest: their home workspace. */
  teamId?: string;
  /** Bots only. */
  botId?: string;
  appId?: string;
};
export type NewUser = { id: string; name: string } & Partial<Omit<SlackUser, 'id' | 'name'>>;

export type SlackChannel = {
  id: string;
  name: string;
  kind: 'channel' | 'group' | 'im';
  members: Set<string>;
  archived: boolean;
  created: number;
  creator: string;
  topic: string;
};
export type NewChannel = {
  id: string;
  name: string;
  members?: string[];
  private?: boolean;
  /** Default true: the bot is in the channel and so gets its events. */
  botIsMember?: boolean;
  topic?: string;
};

export type Usergroup = { id: string; handle: string; name: string; users: string[]; disabled: boolean };

export type Block = JsonObject & { type: string; block_id?: string };
export type Reaction = { name: string; users: string[]; count: number };
export type SlackFile = JsonObject & { id: string; name: string; url_private: string };
export type NewFile = { name: string; mimetype?: string; size?: number; content?: string | Buffer };

/** A message as conversations.replies would return it (so: no `channel` inside). */
export type SlackMessage = {
  type: 'message';
  subtype?: string;
  ts: string;
  text: string;
  team?: string;
  user?: string;
  username?: string;
  bot_id?: string;
  app_id?: string;
  bot_profile?: JsonObject;
  client_msg_id?: string;
  blocks?: Block[];
  attachments?: JsonObject[];
  files?: SlackFile[];
  thread_ts?: string;
  parent_user_id?: string;
  reply_count?: number;
  reply_users?: string[];
  reply_users_count?: number;
  latest_reply?: string;
  is_locked?: boolean;
  edited?: { user: string; ts: string };
  metadata?: JsonObject;
  reactions?: Reaction[];
  root?: JsonObject;
  hidden?: boolean;
  icons?: JsonObject;
};

export type Ephemeral = {
  channel: string;
  user: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks: Block[];
};

export type SlackView = {
  id: string;
  team_id: string;
  type: 'modal' | 'home';
  blocks: Block[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  state: { values: Record<string, Record<string, JsonObject>> };
  hash: string;
  title: JsonObject | null;
  close: JsonObject | null;
  submit: JsonObject | null;
  clear_on_close: boolean;
  notify_on_close: boolean;
  root_view_id: string;
  previous_view_id: string | null;
  app_id: string;
  bot_id: string;
  app_installed_team_id: string;
};

export type ApiCall = {
  n: number;
  method: string;
  /** Emulator clock, ms. */
  at: number;
  args: JsonObject;
  status: number;
  ok: boolean;
  error?: string;
  result: JsonObject;
  /** The fault injected into this call, if any. With `*-after-success` the world DID change. */
  fault?: Fault['kind'];
};

export type Fault = {
  /** Web API method, 'response_url', or '*' for all. */
  method: string;
  channel?: string;
  /** How many matching calls are hit; default 1. */
  times?: number;
  /** Let this many matching calls through first. */
  skip?: number;
  /** Further condition on the arguments. */
  when?: (args: JsonObject) => boolean;
} & (
  | { kind: '429'; retryAfter?: number }
  | { kind: '500'; status?: number }
  | { kind: 'error'; error: string }
  | { kind: 'drop' }
  | { kind: 'drop-after-success' }
  /** Does the work, then keeps the answer back for `ms` of real time. */
  | { kind: 'timeout-after-success'; ms: number }
  /** Keeps the caller waiting first, then does the work. */
  | { kind: 'delay'; ms: number }
  /** 200 with a page of HTML, and nothing done. */
  | { kind: 'garbage' }
);

export type ParcelKind = 'events_api' | 'interactive' | 'slash_commands';
/** One thing Slack sends to the app. `envelopeId` stays the same over re-deliveries. */
export type Parcel = { kind: ParcelKind; envelopeId: string; payload: JsonObject };
export type RetryReason = 'http_timeout' | 'connection_failed' | 'http_error' | 'timeout';
export type Attempt = { num: number; reason?: RetryReason };
export type Outcome =
  | { acked: true; status: number; body: Json | undefined; ms: number }
  | { acked: false; reason: RetryReason; status?: number; noRetry?: boolean; ms: number };
export type Delivery = {
  n: number;
  kind: ParcelKind;
  /** Event type ('message', 'message.message_changed', 'reaction_added'), or the interaction type. */
  what: string;
  eventId?: string;
  payload: JsonObject;
  attempts: Outcome[];
  /** undefined while under way. */
  acked?: boolean;
};

export type DeliveryChaos = {
  /** Share of events sent twice (same event_id), 0..1. */
  duplicate?: number;
  /** Hold each event for a random moment so that they arrive out of order. */
  shuffle?: boolean;
  /** Longest such hold, ms; default 40. */
  shuffleMs?: number;
  /** Share of events whose ack Slack "does not see", so that it retries, 0..1. */
  loseAck?: number;
};

export type Team = { id: string; name: string; domain: string };
export type Bot = { userId: string; botId: string; name: string; realName: string };
export type RequestUrls = { events: string; interactivity: string; commands: string };

export type EmulatorOptions = {
  mode?: 'http' | 'socket';
  /** Where the app listens (HTTP mode). May be set later with setRequestUrl, once the app knows its port. */
  requestUrl?: string | RequestUrls;
  signingSecret?: string;
  botToken?: string;
  appToken?: string;
  /** Emulator clock, ms: message ts, trigger and response_url age, rate limits. Deadlines run on real time. */
  now?: () => number;
  /**
   * Clock for X-Slack-Request-Timestamp, ms; default Date.now, NOT `now`: Bolt compares it with the real clock and
   * would refuse every request of a test that lives in another year.
   */
  signingNow?: () => number;
  port?: number;
  team?: Partial<Team>;
  appId?: string;
  bot?: Partial<Bot>;
  /** Granted bot scopes; a method outside them answers missing_scope. Default: slack.md section 6, with optional. */
  scopes?: string[];
  /** Bot events the app is subscribed to; others are not sent. Default: slack.md section 6. */
  subscriptions?: string[];
  ackDeadlineMs?: number;
  /** Waits before deliveries 2, 3 and 4 of an event. Slack: about 0, 60 000, 300 000. Default 50, 200, 500. */
  retryDelaysMs?: number[];
  pingIntervalMs?: number;
  /** `should_escape` of the slash commands. Default true. */
  slashEscape?: boolean;
  /** Answer 429 beyond 1 message/s/channel (burst 3) and beyond the tier of every method, by the emulator clock. */
  enforceRates?: boolean;
  /** For the chaos dice and for generated ids inside views and blocks. */
  seed?: number;
};
