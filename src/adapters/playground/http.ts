import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Language } from '../../domain/words.ts';
import { asset } from './assets.ts';
import type { ChatServer } from './chat-server.ts';
import type { MovableClock, NextPoint } from './clock.ts';
import { ChatProblem, type Inbound } from './inbound.ts';
import { createLive } from './live.ts';
import { viewOf } from './view.ts';

const DAY_MS = 86_400_000;
/** Further at once, and a repeated reminder would fire thousands of times. */
const FARTHEST_MS = 31 * DAY_MS;

const As = z.object({ as: z.string().min(1).max(200) });
const Post = As.extend({
  chat: z.string().min(1).max(200),
  thread: z.string().min(1).max(200).nullish(),
  text: z.string(),
});
const Edit = As.extend({ text: z.string() });
const React = As.extend({ emoji: z.string().min(1).max(64), on: z.boolean() });
const Click = As.extend({ on: z.string().min(1).max(200), action: z.string().max(200), value: z.string().max(200) });
const Submit = As.extend({ values: z.record(z.string(), z.string().max(20_000)) });
const Speak = z.object({ language: z.enum(['zh-CN', 'en']) });
const MoveClock = z.union([
  z.strictObject({ advanceMs: z.int().positive().max(FARTHEST_MS) }),
  z.strictObject({ toNextPoint: z.literal(true) }),
]);

export interface PlaygroundHttp {
  readonly server: ChatServer;
  readonly inbound: Inbound;
  readonly now: () => number;
  /** Null: time cannot be moved, because a real platform is configured. */
  readonly clock: MovableClock | null;
  readonly nextPoint: NextPoint;
  /** The configuration's gestures, as they are now: gesture → emoji names and characters. */
  readonly gestures: () => Readonly<Record<string, readonly string[]>>;
  readonly teams: () => Readonly<Record<string, string>>;
  readonly speak: ((language: Language) => void) | null;
  /** Told of every error that is ours; the answer carries the same `errorId`. */
  readonly failed: (error: unknown, errorId: string) => void;
}

/** RFC 9457, with a `code` that the page has a sentence for in both languages. */
const problem = (
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): Response =>
  new Response(
    JSON.stringify({ type: 'about:blank', title: code.replaceAll('_', ' '), status, code, detail, ...more }),
    {
      status,
      headers: { 'content-type': 'application/problem+json' },
    },
  );

const body = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  // A page of another origin can post a form or plain text without asking, but not JSON.
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
    throw new ChatProblem(400, 'not_json', 'Send JSON with content-type application/json.');
  const json: unknown = await c.req.json().catch(() => undefined);
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const first = read.error.issues[0];
  throw new ChatProblem(
    400,
    'bad_request',
    `${first?.path.join('.') || 'body'}: ${first?.message ?? 'not understood'}`,
  );
};

/** `/playground`, its assets and `/playground/api/*`. */
export const createRoutes = (http: PlaygroundHttp) => {
  const { server, inbound, clock } = http;
  const live = createLive(server);
  const app = new Hono();

  const viewer = (c: Context): string => {
    const as = c.req.query('as') ?? '';
    if (!server.person(as)) throw new ChatProblem(400, 'unknown_person', `Nobody here is called "${as}".`);
    return as;
  };

  const time = async () => ({
    now: http.now(),
    movable: clock !== null,
    advancedMs: server.advancedMs(),
    nextPoint: clock === null ? null : await http.nextPoint().catch(() => null),
  });

  app.onError((error) => {
    if (error instanceof ChatProblem) return problem(error.status, error.code, error.message);
    const errorId = randomUUID().slice(0, 8);
    http.failed(error, errorId);
    const detail = `The playground failed to do this; the server's log says why, under ${errorId}.`;
    return problem(500, 'internal', detail, { errorId });
  });

  app.get('/playground', async (c) => (await asset(c, 'index.html')) ?? problem(500, 'internal', 'assets/ is missing'));
  app.get('/playground/', (c) => c.redirect('/playground', 301));
  app.get('/playground/assets/:name', async (c) => {
    const file = await asset(c, c.req.param('name'));
    return file ?? problem(404, 'not_found', 'There is no such file.');
  });

  app.get('/playground/api/state', async (c) => {
    const me = viewer(c);
    const gestures = Object.entries(http.gestures()).map(([gesture, emoji]) => ({ gesture, emoji }));
    c.header('cache-control', 'no-store');
    const more = { gestures, teams: http.teams(), language: server.language(), clock: await time() };
    return c.json({ ...viewOf(server, me), ...more });
  });
  app.get('/playground/api/events', (c) => live.stream(c));

  app.post('/playground/api/messages', async (c) => {
    const { as, chat, thread, text } = await body(c, Post);
    return c.json(await inbound.post(as, chat, thread ?? null, text));
  });
  app.patch('/playground/api/messages/:id', async (c) => {
    const { as, text } = await body(c, Edit);
    return c.json(await inbound.edit(as, c.req.param('id'), text));
  });
  app.delete('/playground/api/messages/:id', async (c) => c.json(await inbound.remove(viewer(c), c.req.param('id'))));
  app.post('/playground/api/messages/:id/reactions', async (c) => {
    const { as, emoji, on } = await body(c, React);
    return c.json(await inbound.react(as, c.req.param('id'), emoji, on));
  });
  app.post('/playground/api/messages/:id/capture', async (c) => {
    const { as } = await body(c, As);
    return c.json(await inbound.capture(as, c.req.param('id')));
  });

  app.post('/playground/api/buttons', async (c) => {
    const { as, on, action, value } = await body(c, Click);
    return c.json(await inbound.click(as, on, action, value));
  });
  app.post('/playground/api/forms/:id', async (c) => {
    const { as, values } = await body(c, Submit);
    const errors = await inbound.submit(as, c.req.param('id'), values);
    if (Object.keys(errors).length > 0) return problem(422, 'form_errors', 'Something is missing.', { errors });
    return c.json({ delivered: true });
  });
  app.delete('/playground/api/forms/:id', (c) => {
    server.closeForm(viewer(c), c.req.param('id'));
    return c.json({});
  });
  app.delete('/playground/api/whispers/:id', (c) => {
    server.dismiss(viewer(c), c.req.param('id'));
    return c.json({});
  });
  app.post('/playground/api/home', async (c) => {
    await inbound.openHome((await body(c, As)).as);
    return c.json({});
  });

  app.post('/playground/api/language', async (c) => {
    const { language } = await body(c, Speak);
    http.speak?.(language);
    server.setLanguage(language);
    await server.saved();
    return c.json({});
  });

  app.get('/playground/api/clock', async (c) => c.json(await time()));
  app.post('/playground/api/clock', async (c) => {
    if (clock === null)
      throw new ChatProblem(409, 'clock_fixed', 'Time cannot be moved while a real platform is configured.');
    const move = await body(c, MoveClock);
    let ms: number;
    if ('advanceMs' in move) ms = move.advanceMs;
    else {
      const next = await http.nextPoint();
      if (next === null) throw new ChatProblem(409, 'nothing_due', 'No clock is running, so nothing will be due.');
      // Due already: the loops are on it; a second is enough to see them.
      ms = Math.min(Math.max(next - clock.now(), 1_000), FARTHEST_MS);
    }
    await clock.advance(ms);
    server.noteAdvance(ms);
    await server.saved();
    return c.json(await time());
  });

  app.all('/playground/api/*', () => problem(404, 'not_found', 'There is no such route.'));
  return { app, close: () => live.closeAll() };
};
