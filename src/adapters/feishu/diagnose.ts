import { DeliveryError } from '../../conversations/platform.ts';
import { isRaw, list, text } from '../raw.ts';
import type { Api } from './api.ts';
import { ACCESS_CODES, codeOf } from './errors.ts';
import { httpInstance, Refusal } from './http.ts';
import { isAppId } from './ids.ts';
import { redact } from './sdk.ts';
import { SCOPES } from './scopes.ts';

/** One line of `itr doctor`. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly line: string;
  /** What to do about it. */
  readonly fix?: string;
}

const CONSOLE = 'the developer console (open.feishu.cn/app)';

/** Asks Feishu whether everything that is configured works. Changes nothing, opens no connection, and never throws. */
export const diagnose = async ({
  api,
  mode,
  keys,
}: {
  readonly api: Api;
  readonly mode: 'ws' | 'webhook';
  readonly keys: {
    readonly appId: string;
    readonly appSecret: string;
    readonly encryptKey: string | null;
    readonly verificationToken: string | null;
  };
}): Promise<Diagnosis[]> => {
  const form = appId(keys.appId);
  const token = await tokenWorks(api);
  if (!token.ok) return [...form, token];
  return [
    ...form,
    token,
    await botIsOn(api),
    await scopes(api),
    ...(mode === 'ws' ? [await longConnection(api.domain, keys)] : webhook(keys)),
  ];
};

const appId = (id: string): Diagnosis[] =>
  isAppId(id)
    ? []
    : [
        {
          ok: false,
          line: 'Feishu: FEISHU_APP_ID is not of the form cli_ and 16 hexadecimal digits',
          fix: `Copy the App ID from Credentials & Basic Info in ${CONSOLE}: with another form the long connection never opens, and says nothing.`,
        },
      ];

const tokenWorks = async (api: Api): Promise<Diagnosis> => {
  try {
    await api.warm();
    return { ok: true, line: `Feishu: ${api.domain} can be reached, and accepts the app's keys` };
  } catch (error) {
    const code = codeOf(error);
    return code !== null && ACCESS_CODES.has(code)
      ? {
          ok: false,
          line: `Feishu: the keys are refused (${code})`,
          fix: `Set FEISHU_APP_ID and FEISHU_APP_SECRET to those of Credentials & Basic Info in ${CONSOLE}; Feishu and Lark have keys of their own.`,
        }
      : {
          ok: false,
          line: `Feishu: ${api.domain} cannot be reached (${messageOf(error)})`,
          fix: 'Allow outgoing HTTPS to open.feishu.cn (and wss to msg-frontier.feishu.cn for the long connection), or correct FEISHU_DOMAIN.',
        };
  }
};

const botIsOn = async (api: Api): Promise<Diagnosis> => {
  await api.account.start();
  api.account.stop();
  const { problem, openId } = api.account;
  if (openId !== null) return { ok: true, line: `Feishu: the bot is ${api.account.health().line}` };
  return {
    ok: false,
    line: `Feishu: there is no bot (${problem ?? 'no answer'})`,
    fix: `Add the feature “Bot” to the app in ${CONSOLE}, then create a version and have it approved: nothing counts before a version is published.`,
  };
};

/** `GET /application/v6/scopes` tells of each scope of the published version whether the tenant granted it. */
const scopes = async (api: Api): Promise<Diagnosis> => {
  let data: unknown;
  try {
    data = await api.call('application.scopes', (client, options) => client.application.scope.list({}, options));
  } catch (error) {
    return {
      ok: false,
      line: `Feishu: the granted scopes could not be read (${messageOf(error)})`,
      fix: `Compare them by hand with docs/feishu.md under Permissions & Scopes in ${CONSOLE}.`,
    };
  }
  const listed = isRaw(data) ? list(data, 'scopes') : [];
  const granted = new Set(listed.filter((scope) => scope['grant_status'] === 1).map((scope) => text(scope, 'scope_name')));
  const missing = Object.keys(SCOPES).filter((scope) => !granted.has(scope));
  if (missing.length === 0) return { ok: true, line: 'Feishu: all scopes are granted' };
  const asked = new Set(listed.map((scope) => text(scope, 'scope_name')));
  const waiting = missing.filter((scope) => asked.has(scope));
  return {
    ok: false,
    line: `Feishu: scopes are missing: ${missing.map((scope) => `${scope} (${SCOPES[scope] ?? ''})`).join(', ')}`,
    fix:
      waiting.length === missing.length
        ? 'They were asked for: an administrator has to approve the version that asks for them.'
        : `Tick them under Permissions & Scopes in ${CONSOLE}, then create a version and have it approved: a scope counts from the published version on.`,
  };
};

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
      code === 1000040350
        ? 'This app has too many connections: end the processes that are connected as it, or use an app of its own for each environment.'
        : `Choose “long connection” (长连接) under Events & Callbacks in ${CONSOLE}, for events and for callbacks; it is for self-built apps of Feishu only: with Lark set FEISHU_MODE=webhook.`,
  };
};

/** Nothing short of a request of Feishu's own proves the keys. */
const webhook = ({
  encryptKey,
  verificationToken,
}: {
  readonly encryptKey: string | null;
  readonly verificationToken: string | null;
}): Diagnosis[] => [
  encryptKey === null
    ? {
        ok: false,
        line: 'Feishu: FEISHU_ENCRYPT_KEY is not set',
        fix: `Set an Encrypt Key under Events & Callbacks, Encryption Strategy, in ${CONSOLE}, and FEISHU_ENCRYPT_KEY to the same: without it nothing proves that a call is Feishu's.`,
      }
    : {
        ok: true,
        line: 'Feishu: an Encrypt Key is set; whether it is right shows when the address is saved in the console (401 in the log if not)',
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
