/** One mistake: which variable, what is wrong, what to do. */
export interface EnvIssue {
  readonly name: string;
  readonly problem: string;
  readonly fix: string;
}

/** `name` is for people to read: a URL may hold a password. */
export type Database =
  | { readonly kind: 'sqlite'; readonly url: string; readonly name: string; readonly file: string }
  | { readonly kind: 'postgresql'; readonly url: string; readonly name: string };

export interface SlackEnv {
  readonly botToken: string;
  /** With both secrets set, Socket Mode is used. */
  readonly mode: 'http' | 'socket';
  readonly signingSecret: string | null;
  readonly appToken: string | null;
  /** With a slash at the end, as the SDK wants it. */
  readonly apiUrl: string;
}

export interface FeishuEnv {
  readonly appId: string;
  readonly appSecret: string;
  readonly mode: 'ws' | 'webhook';
  readonly encryptKey: string | null;
  readonly verificationToken: string | null;
  readonly domain: string;
  /** Ways of ringing people that the tenant pays for, and how many of each a month. */
  readonly urgent: readonly { readonly kind: 'sms' | 'phone'; readonly perMonth: number }[];
  /** How often messages are looked for that did not come. */
  readonly lookEveryMs: number;
}

export interface WecomEnv {
  readonly bot: { readonly id: string; readonly secret: string } | null;
  readonly app: {
    readonly corpId: string;
    readonly agentId: string;
    readonly agentSecret: string;
    readonly token: string;
    readonly aesKey: string;
  } | null;
  /** Chat id → address of the group's webhook. */
  readonly groupWebhooks: Readonly<Record<string, string>>;
  readonly wechatyPuppet: string | null;
  readonly wsUrl: string | null;
  readonly apiUrl: string | null;
}

export interface OidcEnv {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

type Vars = Readonly<Record<string, string>>;

const POSTGRESQL = 'postgresql://user:password@host/database';

export const databaseOf = (vars: Vars, errors: EnvIssue[]): Database | null => {
  const url = vars['DATABASE_URL'] ?? 'file:./data/itr.db';
  const name = 'DATABASE_URL';
  if (/^postgres(ql)?:\/\//i.test(url)) {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed !== null && parsed.hostname !== '' && parsed.pathname.length > 1)
      return { kind: 'postgresql', url, name: `postgresql://${parsed.host}${parsed.pathname}` };
    // The URL holds a password, so it is not repeated.
    const problem = 'it names no PostgreSQL server and database';
    const fix = `write ${POSTGRESQL}, with %40 for an @ in the password`;
    errors.push({ name, problem, fix });
    return null;
  }
  const file = /^file:(?:\/\/(?=\/))?([^?]+)$/i.exec(url)?.[1];
  if (file !== undefined) return { kind: 'sqlite', url, name: url, file };
  const fix = `write file:./data/itr.db (a path), or ${POSTGRESQL}`;
  errors.push({ name, problem: 'it names no database that itr-bot knows', fix });
  return null;
};

export const loopbackHost = (host: string): boolean => {
  const plain = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return plain === 'localhost' || plain === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(plain);
};

export const readPlatforms = (
  vars: Vars,
  errors: EnvIssue[],
): { slack: SlackEnv | null; feishu: FeishuEnv | null; wecom: WecomEnv | null; oidc: OidcEnv | null } => ({
  slack: slackOf(vars, errors),
  feishu: feishuOf(vars, errors),
  wecom: wecomOf(vars, errors),
  oidc: oidcOf(vars, errors),
});

const slackOf = (vars: Vars, errors: EnvIssue[]): SlackEnv | null => {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken } = vars;
  const apiUrl = urlOf(vars, 'SLACK_API_URL', errors) ?? 'https://slack.com/api/';
  if (botToken === undefined) {
    const secret = appToken === undefined ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN';
    if (vars[secret] === undefined) return null;
    const fix = 'set it to the "Bot User OAuth Token" of your Slack app (OAuth & Permissions), or remove the others';
    errors.push({ name: 'SLACK_BOT_TOKEN', problem: `it is missing, but ${secret} is set`, fix });
    return null;
  }
  if (signingSecret === undefined && appToken === undefined) {
    const fix =
      'set SLACK_APP_TOKEN (Socket Mode: no public address needed) or SLACK_SIGNING_SECRET (HTTP: Slack calls /slack/events)';
    errors.push({ name: 'SLACK_BOT_TOKEN', problem: 'alone it can send, but nothing can be received', fix });
    return null;
  }
  return {
    botToken,
    mode: appToken === undefined ? 'http' : 'socket',
    signingSecret: signingSecret ?? null,
    appToken: appToken ?? null,
    apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
  };
};

const feishuOf = (vars: Vars, errors: EnvIssue[]): FeishuEnv | null => {
  const domain = urlOf(vars, 'FEISHU_DOMAIN', errors) ?? 'https://open.feishu.cn';
  const mode = vars['FEISHU_MODE'] ?? 'ws';
  const isMode = mode === 'ws' || mode === 'webhook';
  if (!isMode) errors.push({ name: 'FEISHU_MODE', problem: `"${mode}" is no mode`, fix: 'write ws or webhook' });
  const encryptKey = vars['FEISHU_ENCRYPT_KEY'] ?? null;
  const verificationToken = vars['FEISHU_VERIFICATION_TOKEN'] ?? null;
  const urgent = urgentOf(vars, errors);
  const lookEveryMs = lookEveryOf(vars, errors);
  const keys = group(vars, ['FEISHU_APP_ID', 'FEISHU_APP_SECRET'], errors);
  if (keys === null || !isMode) return null;
  const { FEISHU_APP_ID: appId, FEISHU_APP_SECRET: appSecret } = keys;
  // The one secret judged by its looks: the SDK does nothing with another, and says nothing.
  if (mode === 'ws' && !/^cli_[0-9a-fA-F]{16}$/.test(appId)) {
    const fix = 'copy the App ID: cli_ and 16 hexadecimal digits';
    errors.push({ name: 'FEISHU_APP_ID', problem: 'it is no App ID of Feishu’s', fix });
  }
  if (mode === 'webhook' && encryptKey === null) {
    const fix = 'set FEISHU_ENCRYPT_KEY and FEISHU_VERIFICATION_TOKEN, or FEISHU_MODE=ws';
    errors.push({ name: 'FEISHU_MODE', problem: 'in webhook mode nothing proves that a call is from Feishu', fix });
  }
  return {
    appId,
    appSecret,
    mode,
    encryptKey,
    verificationToken,
    domain: domain.replace(/\/+$/, ''),
    urgent,
    lookEveryMs,
  };
};

/** Not beyond half of the day that a look reaches back. */
const MOST_LOOK_MINUTES = 720;

const lookEveryOf = (vars: Vars, errors: EnvIssue[]): number => {
  const written = vars['FEISHU_LOOK_MINUTES'] ?? '5';
  const minutes = /^\d{1,3}$/.test(written) ? Number(written) : 0;
  if (minutes < 1 || minutes > MOST_LOOK_MINUTES)
    errors.push({
      name: 'FEISHU_LOOK_MINUTES',
      problem: `"${written}" is no number of minutes`,
      fix: `write a number from 1 to ${MOST_LOOK_MINUTES}, or leave it out`,
    });
  return minutes * 60_000;
};

/** `sms:100,phone:20` */
const urgentOf = (vars: Vars, errors: EnvIssue[]): FeishuEnv['urgent'] => {
  const written = vars['FEISHU_URGENT'];
  const parts = written === undefined ? [] : written.split(',').map((part) => part.trim());
  return parts.flatMap((part) => {
    const [, kind, number] = /^(sms|phone):(\d{1,6})$/.exec(part) ?? [];
    if (kind === 'sms' || kind === 'phone') return [{ kind, perMonth: Number(number) }];
    const fix = 'write sms:100,phone:20 (so many text messages and calls a month), or leave it out';
    errors.push({
      name: 'FEISHU_URGENT',
      problem: `"${part}" is no way of ringing people with its number a month`,
      fix,
    });
    return [];
  });
};

const WEBHOOK = 'WECOM_GROUP_WEBHOOK_';

const wecomOf = (vars: Vars, errors: EnvIssue[]): WecomEnv | null => {
  const bot = group(vars, ['WECOM_BOT_ID', 'WECOM_BOT_SECRET'], errors);
  const app = group(
    vars,
    ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_AGENT_SECRET', 'WECOM_TOKEN', 'WECOM_ENCODING_AES_KEY'],
    errors,
  );
  const webhooks = Object.keys(vars).filter((name) => name.startsWith(WEBHOOK) && name !== WEBHOOK);
  const groupWebhooks = Object.fromEntries(
    webhooks.map((name) => [name.slice(WEBHOOK.length), urlOf(vars, name, errors) ?? '']),
  );
  const wechatyPuppet = vars['WECHATY_PUPPET'] ?? null;
  const wsUrl = urlOf(vars, 'WECOM_WS_URL', errors);
  const apiUrl = urlOf(vars, 'WECOM_API_URL', errors);
  if (bot === null && app === null && webhooks.length === 0 && wechatyPuppet === null) return null;
  return {
    bot: bot && { id: bot.WECOM_BOT_ID, secret: bot.WECOM_BOT_SECRET },
    app: app && {
      corpId: app.WECOM_CORP_ID,
      agentId: app.WECOM_AGENT_ID,
      agentSecret: app.WECOM_AGENT_SECRET,
      token: app.WECOM_TOKEN,
      aesKey: app.WECOM_ENCODING_AES_KEY,
    },
    groupWebhooks,
    wechatyPuppet,
    wsUrl,
    apiUrl,
  };
};

const oidcOf = (vars: Vars, errors: EnvIssue[]): OidcEnv | null => {
  const keys = group(vars, ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'], errors);
  const issuer = urlOf(vars, 'OIDC_ISSUER', errors);
  if (keys === null || issuer === null) return null;
  return { issuer, clientId: keys.OIDC_CLIENT_ID, clientSecret: keys.OIDC_CLIENT_SECRET };
};

/** Variables that only work together: all of them, or null; some of them is a mistake for each one missing. */
const group = <K extends string>(vars: Vars, names: readonly K[], errors: EnvIssue[]): Record<K, string> | null => {
  const missing = names.filter((name) => vars[name] === undefined);
  if (missing.length === names.length) return null;
  const present = names.filter((name) => vars[name] !== undefined);
  for (const name of missing) {
    errors.push({
      name,
      problem: `it is missing, but ${present.join(' and ')} is set`,
      fix: `set ${name}, or remove the others`,
    });
  }
  return missing.length > 0 ? null : (Object.fromEntries(names.map((name) => [name, vars[name]])) as Record<K, string>);
};

const SCHEMES = ['http:', 'https:', 'ws:', 'wss:'];

const urlOf = (vars: Vars, name: string, errors: EnvIssue[]): string | null => {
  const written = vars[name];
  if (written === undefined) return null;
  if (URL.canParse(written) && SCHEMES.includes(new URL(written).protocol)) return written;
  const example = name === 'WECOM_WS_URL' ? 'wss://host/path' : 'https://host/path';
  // A webhook's address holds its key, so the value is not repeated.
  errors.push({ name, problem: 'it is not an address', fix: `write it as ${example}` });
  return null;
};
