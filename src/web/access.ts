import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { WebEnv } from './deps.ts';
import { Problem } from './problem.ts';

const SESSION = 'itr_session';
const SESSION_MS = 7 * 24 * 3_600_000;
/** Wrong tokens at the sign-in page within a minute, from everybody together: guessing must not be fast, and a lock per address would need memory. */
const WRONG_PER_MINUTE = 20;

export interface Access {
  /** Nobody is asked who he is: on this machine only, with nothing configured. */
  readonly open: boolean;
  readonly guardApi: MiddlewareHandler;
  readonly guardPage: MiddlewareHandler;
  /** The playground's own API changes things, and is called by its page: the session is enough, from pages of this server. */
  readonly guardPlayground: MiddlewareHandler;
  hasSession(c: Context): boolean;
  /** The `Set-Cookie` of a session, or why not. */
  signIn(
    token: string,
  ): { readonly ok: true; readonly cookie: string } | { readonly ok: false; readonly tooMany: boolean };
  readonly signOut: string;
}

/**
 * One administrator's token for the API, and a session made of it for pages. Sessions are not stored: the cookie is a signed end date, and ends
 * with the token or the secret it was made with.
 */
export function createAccess(env: WebEnv): Access {
  const { apiToken } = env;
  const open = apiToken === null && env.isLoopback;
  const secret = env.sessionSecret ?? randomBytes(32).toString('hex');
  const wanted = apiToken === null ? null : digest(apiToken);
  const attributes = `Path=/; HttpOnly; SameSite=Strict${env.publicUrl.startsWith('https:') ? '; Secure' : ''}`;
  let wrong = { count: 0, since: 0 };

  const isToken = (said: string): boolean => wanted !== null && timingSafeEqual(digest(said), wanted);

  const sign = (until: string): string =>
    createHmac('sha256', secret)
      .update(`session ${until} `)
      .update(wanted ?? '')
      .digest('base64url');

  const hasSession = (c: Context): boolean => {
    const [until = '', signature = ''] = (getCookie(c, SESSION) ?? '').split('.');
    return wanted !== null && Number(until) > Date.now() && timingSafeEqual(digest(signature), digest(sign(until)));
  };

  /**
   * Open means open to this machine, not to any page that a browser on it shows: a foreign site whose name is made to point here (DNS rebinding) is told
   * apart by the name it asks for.
   */
  const isLocalName = (c: Context): boolean => {
    const host = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
    const name = host.replace(/:\d+$/, '');
    return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name) || host === new URL(env.publicUrl).host;
  };

  const guardOpen = (c: Context): void => {
    if (isLocalName(c)) return;
    throw new Problem(
      403,
      'foreign-host',
      'Not under this name',
      'Without a token the console answers only to localhost and to the host of PUBLIC_URL; set PUBLIC_URL, or ITR_API_TOKEN',
    );
  };

  return {
    open,

    guardApi: async (c, next) => {
      if (open) guardOpen(c);
      else {
        const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
        // A page that is signed in may read; what changes something needs the token itself.
        const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
        if (bearer === undefined ? !(reads && hasSession(c)) : !isToken(bearer))
          throw unauthorized(bearer !== undefined);
      }
      await next();
    },

    guardPage: async (c, next) => {
      if (open) guardOpen(c);
      else if (!hasSession(c)) {
        if (!(c.req.header('accept') ?? '').includes('text/html')) throw unauthorized(false);
        const { pathname, search } = new URL(c.req.url);
        return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`);
      }
      await next();
      return undefined;
    },

    guardPlayground: async (c, next) => {
      if (open) guardOpen(c);
      else if (!hasSession(c)) throw unauthorized(false);
      await next();
    },

    hasSession,

    signIn(token) {
      const now = Date.now();
      if (now - wrong.since > 60_000) wrong = { count: 0, since: now };
      // The right token first: strangers' guesses must not lock out who knows it.
      if (!isToken(token)) {
        if (wrong.count >= WRONG_PER_MINUTE) return { ok: false, tooMany: true };
        wrong.count += 1;
        return { ok: false, tooMany: false };
      }
      const until = String(now + SESSION_MS);
      return { ok: true, cookie: `${SESSION}=${until}.${sign(until)}; Max-Age=${SESSION_MS / 1000}; ${attributes}` };
    },

    signOut: `${SESSION}=; Max-Age=0; ${attributes}`,
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const unauthorized = (wrong: boolean): Problem =>
  new Problem(
    401,
    'unauthorized',
    'Who is asking?',
    wrong
      ? 'This is not the API token of this server (ITR_API_TOKEN)'
      : 'Send the API token of this server: Authorization: Bearer ITR_API_TOKEN',
    {},
    { 'www-authenticate': `Bearer realm="itr"${wrong ? ', error="invalid_token"' : ''}` },
  );
