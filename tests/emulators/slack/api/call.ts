import { methodTable } from '../methodTable.ts';
import type { Rates } from '../rates.ts';
import type { JsonObject } from '../types.ts';
import { chatMethods } from './chat.ts';
import { ApiError, Args, invalidArguments } from './context.ts';
import type { ApiContext, Methods } from './context.ts';
import { conversationMethods } from './conversations.ts';
import { itemMethods } from './items.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

export type Answer = { status: number; body: JsonObject; headers: Record<string, string> };

const sessionMethods: Methods = {
  'api.test': (_context, args) => {
    if (args.has('error')) throw new ApiError(args.need('error'));
    return { args: args.all };
  },
  'auth.test': ({ world }) => ({
    url: `https://${world.team.domain}.slack.com/`,
    team: world.team.name,
    user: world.bot.name,
    team_id: world.team.id,
    user_id: world.bot.userId,
    bot_id: world.bot.botId,
    is_enterprise_install: false,
  }),
  'apps.connections.open': ({ sockets, origin }) => {
    // What Slack answers when Socket Mode is off in the app's settings.
    if (!sockets) throw new ApiError('forbidden_team');
    return { url: `${origin.replace('http', 'ws')}/link/?ticket=${sockets.newTicket()}&app_id=emulator` };
  },
};

const methods: Methods = {
  ...sessionMethods,
  ...chatMethods,
  ...conversationMethods,
  ...peopleMethods,
  ...itemMethods,
  ...viewMethods,
};

/** One Web API call: token, scope, rate, arguments, then the method. Errors are answers, as Slack's are. */
export async function call(
  context: ApiContext,
  rates: Rates,
  method: string,
  token: string | undefined,
  args: JsonObject,
): Promise<Answer> {
  const { world } = context;
  const headers: Record<string, string> = { 'x-slack-req-id': world.id('req-') };
  try {
    const row = methodTable[method];
    const run = methods[method];
    if (!row || !run) throw new ApiError('unknown_method', { req_method: method });
    if (method !== 'api.test') authorize(context, method, token, row.scopes);
    if (method !== 'apps.connections.open') headers['x-oauth-scopes'] = [...world.scopes].join(',');
    if (row.scopes.length > 0) headers['x-accepted-oauth-scopes'] = row.scopes.join(',');
    if (world.enforceRates) {
      const seconds = rates.retryAfter(method, String(args.channel ?? ''));
      if (seconds > 0) {
        return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(seconds) } };
      }
    }
    const parsed = new Args(args);
    const missing = row.required.filter((name) => !parsed.has(name));
    if (missing.length > 0) throw invalidArguments(missing.map((name) => `missing required field: ${name}`));
    const unknown = Object.keys(args).filter((name) => !row.known.has(name));
    // Slack ignores these; here they are noted, since they are nearly always a misspelling.
    if (unknown.length > 0 && method !== 'api.test') world.warnings.push(`${method}: unknown ${unknown.join(', ')}`);
    return { status: 200, body: { ok: true, ...(await run(context, parsed)) }, headers };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: 200, body: { ok: false, error: error.code, ...error.extra }, headers };
  }
}

function authorize({ world }: ApiContext, method: string, token: string | undefined, anyOf: string[]): void {
  if (!token) throw new ApiError('not_authed');
  const isApp = token === world.appToken;
  if (!isApp && token !== world.botToken) throw new ApiError('invalid_auth');
  // An app-level token outlives the removal of the app from a workspace.
  if (world.authError && !isApp) throw new ApiError(world.authError);
  if (isApp !== (method === 'apps.connections.open')) throw new ApiError('not_allowed_token_type');
  if (anyOf.length > 0 && !anyOf.some((scope) => world.scopes.has(scope))) {
    throw new ApiError('missing_scope', { needed: anyOf.join(','), provided: [...world.scopes].join(',') });
  }
}
