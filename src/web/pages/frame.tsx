import type { Child } from 'hono/jsx';
import { fullTime, shortTime } from '../view/time.ts';
import type { PageView } from './view.ts';

/** The frame of every page. Scripts are a convenience: without them everything can be read. */
export const Frame = (props: {
  readonly view: PageView;
  readonly title: string;
  readonly here?: string;
  readonly children?: Child;
}) => {
  const { view, title, here } = props;
  const { texts, language } = view;
  const other = language === 'en' ? 'zh-CN' : 'en';
  const links = [
    ['/board', texts.nav.board],
    ['/duty', texts.nav.duty],
    ['/new', texts.nav.new],
    ['/reports', texts.nav.reports],
    ['/health', texts.nav.health],
    ...(view.playground ? ([['/playground', texts.nav.playground]] as const) : []),
  ] as const;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · itr`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/tokens.css" />
        <link rel="stylesheet" href="/assets/console.css" />
        <script type="module" src="/assets/console.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">
          {texts.skip}
        </a>
        <header class="bar">
          <a class="brand" href="/">
            itr
          </a>
          <nav>
            {links.map(([path, name]) => (
              <a href={path} aria-current={path === here ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <a class="language" href={view.sameWith('lang', other)} lang={other} hreflang={other}>
            {texts.otherLanguage}
          </a>
        </header>
        <main id="main">{props.children}</main>
        <footer>
          {view.open ? <p class="open">{texts.openFooter}</p> : null}
          <p>
            itr-bot {view.version} · {texts.times(view.timezone)}
          </p>
          {view.signedIn ? (
            <form method="post" action="/logout">
              <button class="button" type="submit">
                {texts.signOut}
              </button>
            </form>
          ) : null}
        </footer>
      </body>
    </html>
  );
};

/** An instant: short to read, whole on hover and focus. */
export const Time = ({ ms, view, text }: { readonly ms: number; readonly view: PageView; readonly text?: string }) => (
  <time datetime={new Date(ms).toISOString()} title={fullTime(ms, view.timezone)} tabindex={0}>
    {text ?? shortTime(ms, view.timezone, view.now, view.language)}
  </time>
);

/** What is not there, and what to do about it. */
export const Empty = (props: { readonly title: string; readonly children?: Child }) => (
  <section class="empty">
    <h1>{props.title}</h1>
    {props.children}
  </section>
);
