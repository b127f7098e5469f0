import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { createAccess } from './access.ts';
import { createApi } from './api/index.ts';
import { createAssets } from './assets.ts';
import type { WebDeps } from './deps.ts';
import { createScrape } from './metrics.ts';
import { createPages } from './pages/index.tsx';
import { Problem, noSuch, problemResponse } from './problem.ts';
import { readiness, readinessText } from './readiness.ts';

/** No inline scripts or styles anywhere, so what people wrote can never become one. */
const CSP = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

/** Everything on the common port but the platforms' webhooks: console, API, health, the playground. */
export function createWeb(deps: WebDeps): Hono {
  const app = new Hono();
  const access = createAccess(deps.env);
  const scrape = createScrape(deps);
  const pages = createPages(deps, access);

  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
    const route = routePath(c, -1);
    deps.metrics.request(
      c.req.method,
      route.includes('*') ? 'other' : route,
      c.res.status,
      performance.now() - started,
    );
  });

  app.get('/healthz', (c) => c.text('ok\n', 200, NO_STORE));
  app.get('/readyz', async (c) => {
    const state = await readiness(deps);
    const status = state.ready ? 200 : 503;
    const wantsJson = (c.req.header('accept') ?? '').includes('application/json');
    return wantsJson ? c.json(state, status, NO_STORE) : c.text(readinessText(state), status, NO_STORE);
  });
  app.get('/metrics', async (c) =>
    c.body(await scrape(), 200, { 'content-type': deps.metrics.registry.contentType, ...NO_STORE }),
  );

  app.route('/', createAssets());
  app.route('/', createApi(deps, access));
  if (deps.playground !== null) {
    app.use('/playground/api/*', access.guardPlayground);
    app.use('/playground', access.guardPage);
    app.route('/', deps.playground);
  }
  app.route('/', pages.app);

  app.notFound((c) =>
    wantsPage(c)
      ? pages.notFound(c)
      : problemResponse(noSuch(`${c.req.path} does not exist`, 'no-such-address'), c.req.path),
  );

  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(error, c.req.path);
    const id = randomUUID().slice(0, 8);
    deps.log.error({ err: error, errorId: id, method: c.req.method, path: c.req.path }, 'a request failed');
    if (wantsPage(c)) return pages.failed(c, id);
    const text = `The server failed to do this; its log says why, under ${id}`;
    return problemResponse(new Problem(500, 'internal', 'Internal error', text, { errorId: id }), c.req.path);
  });
  return app;
}

const NO_STORE = { 'cache-control': 'no-store' };

const wantsPage = (c: Context): boolean =>
  !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html');
