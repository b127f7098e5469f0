import { DeliveryError } from '../../conversations/platform.ts';
import { at, isRaw, list, text, type Raw } from '../raw.ts';
import type { Answer, Api } from './api.ts';
import { ACCESS_CODES, codeOf, IP_REFUSED, QUOTA_OF_MONTH } from './errors.ts';
import { httpInstance, Refusal } from './http.ts';
import { redact } from './sdk.ts';
import { PAID_SCOPES, SCOPES } from './scopes.ts';
import type { Paid } from './urgent.ts';

/** One line of `itr doctor`. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly line: string;
  /** What to do about it. */
  readonly fix?: string;
}

const CONSOLE = 'the developer console (open.feishu.cn/app)';

const SET_KEYS = `Set FEISHU_APP_ID and FEISHU_APP_SECRET to those of Credentials & Basic Info in ${CONSOLE}; Feishu and Lark have keys of their own.`;
const ALLOW_ADDRESS = `Add this server's public address to the app's IP allow-list (IP 白名单) under Security Settings (安全设置) in ${CONSOLE}, or empty that list.`;
const AGAIN = 'Feishu may be busy: ask again in a minute.';

/** What to do where the answer says nothing of what was asked; null: it does. */
const otherTrouble = (error: unknown): string | null => {
  const code = codeOf(error);
  if (code === IP_REFUSED) return ALLOW_ADDRESS;
  if (code === QUOTA_OF_MONTH)
    return 'The organization has used up its API calls of this month: an administrator sees and extends them at admin.feishu.cn (费用中心).';
  if (code !== null && ACCESS_CODES.has(code)) return SET_KEYS;
  return error instanceof DeliveryError && (error.unknown || error.scope === 'platform') ? AGAIN : null;
};

/** Asks Feishu whether everything that is configured works. Changes nothing, opens no connection, and never throws. */
export const diagnose = async ({
  api,
  mode,
  paid,
  keys,
}: {
  readonly api: Api;
  readonly mode: 'ws' | 'webhook';
  readonly paid: readonly Paid[];
  readonly keys: { readonly appId: string; readonly appSecret: string; readonly verificationToken: string | null };
}): Promise<Diagnosis[]> => {
  const token = await tokenWorks(api);
  if (!token.ok) return [token];
  return [
    token,
    await botIsOn(api, keys.appId),
    await scopes(api, paid),
    ...(mode === 'ws' ? [await longConnection(api.domain, keys)] : webhook(keys.verificationToken)),
  ];
};

const tokenWorks = async (api: Api): Promise<Diagnosis> => {
  try {
    await api.warm();
    return { ok: true, line: `Feishu: ${api.domain} can be reached, and accepts the app's keys` };
  } catch (error) {
    const code = codeOf(error);
    if (code === IP_REFUSED)
      return { ok: false, line: `Feishu: this server's address is refused (${code})`, fix: ALLOW_ADDRESS };
    return code !== null && ACCESS_CODES.has(code)
      ? { ok: false, line: `Feishu: the keys are refused (${code})`, fix: SET_KEYS }
      : {
          ok: false,
          line: `Feishu: ${api.domain} cannot be reached (${messageOf(error)})`,
          fix: 'Allow outgoing HTTPS to open.feishu.cn (and wss to msg-frontier.feishu.cn for the long connection), or correct FEISHU_DOMAIN.',
        };
  }
};

/** Of the app in this organization: 2 it is on, 4 it is on, and a newer version waits to be. */
const ON: ReadonlySet<number> = new Set([2, 4]);

const botIsOn = async (api: Api, appId: string): Promise<Diagnosis> => {
  const fix = `Add the feature “Bot” to the app in ${CONSOLE}, then create a version and have it approved: nothing counts before a version is published.`;
  let bot: Raw;
  try {
    bot = await api.call<Raw>('bot.info', async (client, options) => {
      // Not under `data`, as everything else is.
      const { code, msg, ...answer } = await client.request<Answer<never>>(
        { method: 'GET', url: '/open-apis/bot/v3/info' },
        options,
      );
      return { code, msg, data: at(answer, 'bot') };
    });
  } catch (error) {
    const other = otherTrouble(error);
    const line = other === null ? 'there is no bot' : 'who the bot is could not be asked';
    return { ok: false, line: `Feishu: ${line} (${messageOf(error)})`, fix: other ?? fix };
  }
  const [openId, status] = [text(bot, 'open_id'), bot['activate_status']];
  if (openId === null) return { ok: false, line: 'Feishu: there is no bot', fix };
  const name = `“${text(bot, 'app_name') ?? ''}” (${appId})`;
  return typeof status !== 'number' || ON.has(status)
    ? { ok: true, line: `Feishu: the bot is ${name}` }
    : {
        ok: false,
        line: `Feishu: the bot ${name} is not in use in this organization (activate_status ${status})`,
        fix: `Create a version under Version Management & Release in ${CONSOLE} and have it approved; if it was, an administrator has to enable the app (admin.feishu.cn).`,
      };
};

/** `GET /application/v6/scopes` tells of each scope of the published version whether the tenant granted it. It needs no scope itself. */
const scopes = async (api: Api, paid: readonly Paid[]): Promise<Diagnosis> => {
  const wanted = { ...SCOPES, ...Object.fromEntries(paid.map(({ kind }) => [PAID_SCOPES[kind], 'for FEISHU_URGENT'])) };
  let data: unknown;
  try {
    data = await api.call('application.scopes', (client, options) => client.application.scope.list({}, options));
  } catch (error) {
    return {
      ok: false,
      line: `Feishu: the granted scopes could not be read (${messageOf(error)})`,
      fix:
        codeOf(error) === NOT_INSTALLED
          ? `Create a version of the app in ${CONSOLE} and have it approved: nothing counts before a version is published.`
          : (otherTrouble(error) ??
            `Compare them by hand with docs/platforms/feishu.md under Permissions & Scopes in ${CONSOLE}.`),
    };
  }
  // Those of the type `user` are for acting in somebody's name, which this app never does.
  const listed = (isRaw(data) ? list(data, 'scopes') : []).filter((scope) => scope['scope_type'] !== 'user');
  const granted = new Set(
    listed.filter((scope) => scope['grant_status'] === 1).map((scope) => text(scope, 'scope_name')),
  );
  const missing = Object.entries(wanted).filter(([scope]) => !granted.has(scope));
  if (missing.length === 0) return { ok: true, line: 'Feishu: all scopes are granted' };
  const asked = new Set(listed.map((scope) => text(scope, 'scope_name')));
  return {
    ok: false,
    line: `Feishu: scopes are missing: ${missing.map(([scope, why]) => `${scope} (${why})`).join(', ')}`,
    fix: missing.every(([scope]) => asked.has(scope))
      ? 'They were asked for: an administrator has to approve the version that asks for them.'
      : `Add them under Permissions & Scopes in ${CONSOLE}, or import manifests/feishu-scopes.json there (all but those for FEISHU_URGENT), then create a version and have it approved: a scope counts from the published version on.`,
  };
};

/** The app is not installed: none of its versions was ever published. */
const NOT_INSTALLED = 212100;

/** Of the address of a connection: busy, an internal error. */
const BUSY: ReadonlySet<number> = new Set([1, 1000040343]);

/** Feishu gives an address for a connection only to an app that may have one. It is not opened: the running server has it. */
const longConnection = async (
  domain: string,
  { appId: AppID, appSecret: AppSecret }: { readonly appId: string; readonly appSecret: string },
): Promise<Diagnosis> => {
  let code: number | null;
  try {
    const answer: unknown = await httpInstance().request({
      url: `${domain}/callback/ws/endpoint`,
      method: 'POST',
      data: { AppID, AppSecret },
    });
    code = isRaw(answer) && typeof answer['code'] === 'number' ? answer['code'] : null;
  } catch (error) {
    code = error instanceof Refusal ? error.code : null;
  }
  if (code === 0) return { ok: true, line: 'Feishu: a long connection can be opened' };
  return {
    ok: false,
    line: `Feishu: no long connection can be opened (${code ?? 'no answer'})`,
    fix:
      code === null || BUSY.has(code)
        ? AGAIN
        : code === 1000040350
          ? 'This app has too many connections: end the processes that are connected as it, or use an app of its own for each environment.'
          : `Choose “long connection” (长连接) under Events & Callbacks in ${CONSOLE}, for events and for callbacks; it is for self-built apps of Feishu only: with Lark set FEISHU_MODE=webhook.`,
  };
};

/** Nothing short of a request of Feishu's own proves the keys. Without an Encrypt Key the program does not get here. */
const webhook = (verificationToken: string | null): Diagnosis[] => [
  {
    ok: true,
    line: 'Feishu: an Encrypt Key is set; whether it is right, the console says when the address is saved',
  },
  ...(verificationToken === null
    ? [
        {
          ok: false,
          line: 'Feishu: FEISHU_VERIFICATION_TOKEN is not set',
          fix: `Set it to the Verification Token under Events & Callbacks, Encryption Strategy, in ${CONSOLE}.`,
        },
      ]
    : []),
];

const messageOf = (error: unknown): string =>
  redact(error instanceof DeliveryError || error instanceof Error ? error.message : String(error));
