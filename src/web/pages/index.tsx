import { Hono } from 'hono';
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { STATUSES, ticketId } from '../../domain/words.ts';
import type { Status } from '../../domain/words.ts';
import type { Access } from '../access.ts';
import { ticketNumber } from '../api/read.ts';
import { readText } from '../body.ts';
import type { WebDeps } from '../deps.ts';
import { LANGUAGE_COOKIE, chosenLanguage, languageOf } from '../language.ts';
import { readiness } from '../readiness.ts';
import { Board, FILTERS } from './board.tsx';
import type { Filters } from './board.tsx';
import { DutyPage, ErrorPage, HealthPage, LaterPage, LoginPage, StartPage } from './others.tsx';
import { named } from '../view/named.ts';
import { pageTexts } from './texts.ts';
import { TicketPage } from './ticket.tsx';
import type { PageView } from './view.ts';

const OPEN: readonly Status[] = ['draft', 'queued', 'in_progress', 'pending', 'restored', 'resolved'];
const PER_COLUMN = 60;
const ENTRIES = 300;

export interface Pages {
  readonly app: Hono;
  notFound(c: Context): Response | Promise<Response>;
  failed(c: Context, id: string): Response | Promise<Response>;
}

/** The pages to read. Everything works without scripts. */
export function createPages(deps: WebDeps, access: Access): Pages {
  const app = new Hono();

  const viewOf = (c: Context): PageView => {
    const policy = deps.policy();
    const language = languageOf(c, policy.locale);
    const chosen = chosenLanguage(c);
    if (chosen !== null) setCookie(c, LANGUAGE_COOKIE, chosen, { path: '/', maxAge: 365 * 86_400, sameSite: 'Lax' });
    return {
      language,
      texts: pageTexts(language),
      labels: deps.words(language),
      policy,
      now: deps.now(),
      timezone: policy.timezone,
      open: access.open,
      signedIn: access.hasSession(c),
      playground: deps.playground !== null,
      version: deps.version,
      sameWith(name, value) {
        const url = new URL(c.req.url);
        if (value === null) url.searchParams.delete(name);
        else url.searchParams.set(name, value);
        return url.pathname + url.search;
      },
    };
  };

  const html = (c: Context, page: unknown, status: 200 | 401 | 404 | 429 | 500 = 200): Response => {
    c.header('cache-control', 'no-store');
    return c.html(`<!doctype html>${String(page)}`, status);
  };

  for (const path of ['/', '/board', '/tickets/*', '/duty', '/health', '/new', '/reports', '/logout'])
    app.use(path, access.guardPage);

  app.get('/', (c) => (deps.playground === null ? c.redirect('/board') : html(c, <StartPage view={viewOf(c)} />)));

  app.get('/board', async (c) => {
    const view = viewOf(c);
    const filters = filtersOf(c);
    const ended = c.req.query('ended') === '1';
    const columns = await deps.queries.board({ ...filters, statuses: ended ? STATUSES : OPEN, limit: PER_COLUMN });
    return html(c, <Board view={view} columns={columns} filters={filters} ended={ended} />);
  });

  app.get('/tickets/:number', async (c) => {
    const view = viewOf(c);
    const said = c.req.param('number');
    const number = /^(itr-)?\d{1,9}$/i.test(said) ? ticketNumber(said) : null;
    const ticket = number === null ? null : await deps.store.read.ticket(number);
    if (ticket === null) {
      const { error } = view.texts;
      return html(
        c,
        <ErrorPage view={view} title={error.noTicket(said.slice(0, 40))} text={error.noTicketText} />,
        404,
      );
    }
    if (said !== ticketId(ticket.number)) return c.redirect(`/tickets/${ticketId(ticket.number)}`);
    const timeline = await deps.store.read.timeline(ticket.number);
    const shown = c.req.query('all') === '1' ? timeline : timeline.slice(-ENTRIES);
    return html(
      c,
      <TicketPage
        view={view}
        ticket={ticket}
        timeline={await named(shown, deps)}
        order={c.req.query('order') === 'oldest' ? 'oldest' : 'newest'}
        hidden={timeline.length - shown.length}
      />,
    );
  });

  app.get('/duty', (c) => html(c, <DutyPage view={viewOf(c)} world={deps.world()} />));
  app.get('/health', async (c) => {
    const view = viewOf(c);
    // This page is what says that the database does not answer.
    const people = await deps.people.list().catch(() => null);
    return html(c, <HealthPage view={view} state={await readiness(deps, view.language)} people={people} />);
  });
  app.get('/new', (c) => html(c, <LaterPage view={viewOf(c)} which="new" />));
  app.get('/reports', (c) => html(c, <LaterPage view={viewOf(c)} which="reports" />));

  app.get('/login', (c) => {
    const next = localPath(c.req.query('next'));
    if (access.open || access.hasSession(c)) return c.redirect(next);
    return html(c, <LoginPage view={viewOf(c)} next={next} problem={null} />);
  });
  app.post('/login', async (c) => {
    const form = new URLSearchParams(await readText(c, 16 * 1024));
    const next = localPath(form.get('next') ?? undefined);
    const signedIn = access.signIn((form.get('token') ?? '').trim());
    if (!signedIn.ok) {
      const problem = signedIn.tooMany ? 'tooMany' : 'wrong';
      return html(c, <LoginPage view={viewOf(c)} next={next} problem={problem} />, signedIn.tooMany ? 429 : 401);
    }
    c.header('set-cookie', signedIn.cookie);
    return c.redirect(next, 303);
  });
  app.post('/logout', (c) => {
    c.header('set-cookie', access.signOut);
    return c.redirect('/login', 303);
  });

  return {
    app,
    notFound(c) {
      const view = viewOf(c);
      const { error } = view.texts;
      return html(
        c,
        <ErrorPage
          view={view}
          title={error.notFound}
          text={error.notFoundText(new URL(c.req.url).pathname.slice(0, 200))}
        />,
        404,
      );
    },
    failed(c, id) {
      const view = viewOf(c);
      const { error } = view.texts;
      return html(c, <ErrorPage view={view} title={error.failed} text={error.failedText} id={id} />, 500);
    },
  };
}

function filtersOf(c: Context): Filters {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = (c.req.query(name) ?? '').trim().slice(0, 200);
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** Only to a page of this server: `//elsewhere.example` would lead away. */
const localPath = (said: string | undefined): string =>
  said !== undefined && /^\/(?![/\\])[^\r\n]*$/.test(said) ? said : '/';
