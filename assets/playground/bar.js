import { attempt } from './api.js';
import { app, become, chatLabel, go, lastThread, remember, showTab, unread } from './app.js';
import { $, h, sync, toast } from './dom.js';
import { exact, full, now, setNow } from './time.js';
import { lang, setLanguage, w } from './words.js';

const move = async (body, button) => {
  button.disabled = true;
  const time = await attempt('POST', '/clock', body);
  button.disabled = false;
  if (time) {
    setNow(time.now);
    toast(w().movedTo(full(time.now)));
  }
  await app.refresh();
};

const MINUTE = 60_000;
const MOVES = [
  { id: 'p15', body: { advanceMs: 15 * MINUTE } },
  { id: 'h1', body: { advanceMs: 60 * MINUTE } },
  { id: 'd1', body: { advanceMs: 1440 * MINUTE } },
  { id: 'next', body: { toNextPoint: true } },
];

/** On a phone there is no room for the year. */
const clockText = () => {
  const [year, ...rest] = full(now()).split('-');
  return [h('span', { class: 'year' }, `${year}-`), rest.join('-')];
};

/** The time, and what pushes it. */
const drawClock = () => {
  const { movable, nextPoint } = app.state.clock;
  const box = $('clock');
  box.setAttribute('aria-label', w().clock);
  sync(box, [
    {
      key: 'now',
      signature: full(now()) + lang(),
      build: () => h('time', { title: `${exact(now())}${movable ? '' : ` · ${w().fixed}`}` }, '⏱ ', ...clockText()),
    },
    ...(movable ? MOVES : []).map(({ id, body }) => ({
      key: id,
      signature: JSON.stringify([lang(), id === 'next' ? nextPoint : 0]),
      build: () =>
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            data: { move: id, focus: id },
            title: id === 'next' && nextPoint !== null ? w().nextAt(exact(nextPoint)) : null,
            onclick: (event) => void move(body, event.currentTarget),
          },
          w()[id],
        ),
    })),
  ]);
};

const drawPeople = () => {
  const select = $('me');
  const label = (one) => `${one.shown[lang()].name} · ${one.shown[lang()].role}`;
  const signature = JSON.stringify([lang(), app.state.people.length]);
  if (select.dataset.drawn !== signature) {
    select.dataset.drawn = signature;
    select.replaceChildren(...app.state.people.map((one) => h('option', { value: one.id }, label(one))));
  }
  select.value = app.me;
};

const chatButton = (id, label, count) => ({
  key: id,
  signature: JSON.stringify([lang(), label, count, app.chat === id]),
  build: () =>
    h(
      'button',
      {
        type: 'button',
        class: 'chat-name',
        'aria-current': app.chat === id ? 'page' : null,
        data: { focus: id, chat: id },
        onclick: () => {
          go(id, lastThread(id));
          if (id === 'home') void attempt('POST', '/home', { as: app.me }).then(() => app.refresh());
        },
      },
      h('span', { class: 'clip' }, label),
      count > 0 &&
        h('span', { class: 'badge', title: w().unread(count), 'aria-label': w().unread(count) }, String(count)),
    ),
});

const heading = (word) => ({ key: `h-${word}`, signature: w()[word], build: () => h('h2', {}, w()[word]) });

const drawChats = () => {
  const { chats, bot } = app.state;
  const entry = (chat) => chatButton(chat.id, chatLabel(chat), unread(chat));
  sync($('chats'), [
    heading('channels'),
    ...chats.filter((chat) => chat.kind === 'channel').map(entry),
    heading('direct'),
    ...chats.filter((chat) => chat.kind === 'direct').map(entry),
    chatButton('home', `${bot} · ${w().home}`, 0),
  ]);
};

const drawLanguage = () => {
  for (const button of $('lang').children) button.setAttribute('aria-pressed', String(button.dataset.lang === lang()));
};

const drawTabs = () => {
  for (const button of $('tabs').children)
    button.setAttribute('aria-current', button.dataset.tab === document.body.dataset.tab ? 'page' : 'false');
};

export const drawBar = () => {
  drawPeople();
  drawClock();
  drawChats();
  drawLanguage();
  drawTabs();
};

/** The console reads the same language, and the bot's colleagues write it where no file says otherwise. */
export const speak = async (language) => {
  document.cookie = `lang=${language}; path=/; max-age=31536000; samesite=lax`;
  await attempt('POST', '/language', { language });
};

export const listenBar = () => {
  $('me').addEventListener('change', (event) => become(event.target.value));
  for (const button of $('lang').children)
    button.addEventListener('click', () => {
      app.language = button.dataset.lang;
      remember(localStorage, 'language', app.language);
      setLanguage(app.language);
      void speak(app.language);
      app.render();
    });
  for (const button of $('tabs').children) button.addEventListener('click', () => showTab(button.dataset.tab));
  setInterval(() => app.state && drawClock(), 5_000);
};
