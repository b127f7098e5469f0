import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';

/** From the package's root: the same two steps up from `src/web` and from `dist/web`. */
const FOLDER = new URL('../../assets/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  'tokens.css': 'text/css; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

interface Asset {
  readonly body: string;
  readonly etag: string;
}

/** The console's own files, by name: nothing else in the folder can be asked for. Read once; asked for again, they cost a 304. */
export function createAssets(): Hono {
  const app = new Hono();
  const kept = new Map<string, Promise<Asset>>();

  app.get('/assets/:name', async (c, next) => {
    const name = c.req.param('name');
    const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (type === undefined) return next();
    const reading = kept.get(name) ?? read(name);
    kept.set(name, reading);
    const { body, etag } = await reading.catch((error: unknown) => {
      kept.delete(name);
      throw error;
    });
    const headers = { 'content-type': type, 'cache-control': 'public, max-age=300, must-revalidate', etag };
    const known = (c.req.header('if-none-match') ?? '')
      .split(',')
      .some((tag) => tag.trim().replace(/^W\//, '') === etag);
    return known ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
  });
  return app;
}

async function read(name: string): Promise<Asset> {
  const body = await readFile(new URL(name, FOLDER), 'utf8');
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
