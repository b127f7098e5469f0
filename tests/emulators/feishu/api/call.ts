import type { FeishuApp, JsonObject } from '../types.ts';
import type { Tokens } from './apps.ts';
import { Call, Download } from './context.ts';
import type { Platform } from './context.ts';
import { ApiError } from './errors.ts';
import { routes } from './routes.ts';
import type { Route } from './routes.ts';

export type Reply = { status: number; body: JsonObject; headers: Record<string, string>; download?: Download };
export type Request = { method: string; path: string; query: URLSearchParams; body: JsonObject; authorization: string };

export function routeOf(method: string, path: string): { route: Route; parts: string[] } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { route, parts: match.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}

/** One call of the API: path, token, limits, scope, then the API itself. Errors are answers. */
export function call(platform: Platform, tokens: Tokens, request: Request): Reply {
  const { world, rates } = platform;
  try {
    const found = routeOf(request.method, request.path);
    if (!found) throw wrongPath(request);
    const app = authorized(platform, tokens, request.authorization);
    const wait = rates.api(app.id, found.route.name);
    if (wait > 0) throw tooMany(wait);
    mayCall(app, found.route);
    const answer = found.route.run(new Call(platform, app, found.parts, request.query, request.body));
    if (answer instanceof Download) return { status: 200, body: {}, headers: {}, download: answer };
    const body =
      'bare' in answer ? { code: 0, msg: answer.msg, ...answer.bare } : { code: 0, msg: 'success', ...answer };
    return { status: 200, body: body as JsonObject, headers: {} };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const log_id = world.id('20261119', 26).toUpperCase();
    const body = { code: error.code, msg: error.message, error: { log_id, ...error.extra } };
    return { status: error.status, body, headers: error.headers };
  }
}

export const tooMany = (seconds: number): ApiError =>
  new ApiError(99991400, 'request trigger frequency limit', {
    status: 429,
    headers: { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': String(seconds) },
  });

function wrongPath({ path }: Request): ApiError {
  const elsewhere = routes.some(({ pattern }) => pattern.test(path));
  if (elsewhere) return new ApiError(99991301, "request method doesn't match");
  return new ApiError(99991201, 'resource not find', { status: 404 });
}

function authorized({ world }: Platform, tokens: Tokens, authorization: string): FeishuApp {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
  if (token === '')
    throw new ApiError(99991661, 'Missing access token for authorization. Please make a request with token attached.');
  if (!/^[tu]-/.test(token))
    throw new ApiError(99991671, 'Invalid access token for authorization: must start with t- or u-.');
  const invalid = 'Invalid access token for authorization. Please make a request with token attached.';
  if (token.startsWith('u-')) throw new ApiError(99991668, invalid);
  const app = world.apps.get(tokens.appOf(token) ?? '');
  if (!app) throw new ApiError(99991663, invalid);
  return app;
}

function mayCall(app: FeishuApp, { scopes }: Route): void {
  if (scopes.length === 0 || scopes.some((scope) => app.scopes.has(scope))) return;
  throw new ApiError(99991672, `Access denied. One of the following scopes is required: [${scopes.join(', ')}].`, {
    extra: { permission_violations: scopes.map((subject) => ({ type: 'action_scope_required', subject })) },
  });
}
