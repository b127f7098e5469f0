import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Context } from 'hono';

/** From the package's root: the same three steps up from `src/adapters/playground` and from `dist/adapters/playground`. */
const FOLDER = new URL('../../../assets/playground/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** One file of the page, or null. The name is held to plain file names: nothing outside the folder can be asked for. */
export const asset = async (c: Context, name: string): Promise<Response | null> => {
  const type = /^[a-z][a-z-]*\.([a-z]+)$/.exec(name)?.[1];
  if (type === undefined || TYPES[type] === undefined) return null;
  const body = await readFile(new URL(name, FOLDER), 'utf8').catch(() => null);
  if (body === null) return null;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': TYPES[type],
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-cache',
    etag,
  };
  if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
};
