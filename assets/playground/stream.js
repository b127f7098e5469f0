import { app, chatLabel, chatOf, go, nameOf, person, ticketIn } from './app.js';
import { attempt } from './api.js';
import { actions, drawCard, rich, typed } from './card.js';
import { $, h, sync } from './dom.js';
import { gestureRow, openMenu, react } from './react.js';
import { clockTime, dayName, exact, isoDay } from './time.js';
import { lang, w } from './words.js';

/** The bot has no initial: its name is short enough to stand whole. */
const initial = (name) => (name === app.state.bot ? name : ([...name][0]?.toUpperCase() ?? '?'));

const authorOf = (message) => {
  if (message.author.kind === 'person') return { name: nameOf(message.author.id), bot: false };
  if (message.author.name) return { name: w().carriedBy(message.author.name), bot: false };
  return { name: app.state.bot, bot: true };
};

const reactionPills = (message) =>
  message.reactions.length === 0
    ? null
    : h(
        'div',
        { class: 'reactions' },
        message.reactions.map(({ emoji, users }) => {
          const mine = users.includes(app.me);
          const names = users.map(nameOf).join(', ');
          return h(
            'button',
            {
              type: 'button',
              class: 'pill',
              'aria-pressed': String(mine),
              'aria-label': `${emoji} ${users.length}: ${names}`,
              title: names,
              data: { focus: `${message.id}/pill/${emoji}` },
              onclick: () => react(message, emoji, !mine),
            },
            h('span', { class: 'emoji' }, emoji),
            h('span', { class: 'count' }, String(users.length)),
          );
        }),
      );

const body = (message) => {
  if (message.deleted) return h('p', { class: 'text quiet' }, w().deleted);
  const { text, card } = message.content;
  const words = message.author.kind === 'person' ? typed(text.join('')) : rich(text);
  return [
    text.length > 0 &&
      h('p', { class: 'text' }, words, message.editedAt && h('span', { class: 'quiet' }, ` (${w().edited})`)),
    card && drawCard(card, message.id),
    actions(message.content.actions, message.id),
    reactionPills(message),
  ];
};

const drawMessage = (message, inTicket) => {
  const author = authorOf(message);
  return h(
    'article',
    { class: 'message', id: message.id, lang: message.content.language, tabindex: '-1' },
    h('span', { class: author.bot ? 'face bot' : 'face', 'aria-hidden': 'true' }, initial(author.name)),
    h(
      'div',
      { class: 'said' },
      h(
        'p',
        { class: 'by' },
        h('strong', {}, author.name),
        h('time', { datetime: new Date(message.at).toISOString(), title: exact(message.at) }, clockTime(message.at)),
      ),
      body(message),
    ),
    !message.deleted && gestureRow(message, inTicket),
    !message.deleted &&
      h(
        'button',
        {
          type: 'button',
          class: 'ghost open-menu',
          'aria-label': w().react,
          title: w().react,
          data: { focus: `${message.id}/menu` },
          onclick: (event) => openMenu(event.currentTarget, message, inTicket),
        },
        '☺+',
      ),
  );
};

const drawWhisper = (whisper) =>
  h(
    'article',
    { class: 'message whisper', lang: whisper.content.language },
    h('span', { class: 'face bot', 'aria-hidden': 'true' }, initial(app.state.bot)),
    h(
      'div',
      { class: 'said' },
      h('p', { class: 'by' }, h('strong', {}, app.state.bot), h('span', { class: 'only-you' }, `◌ ${w().onlyYou}`)),
      whisper.content.text.length > 0 && h('p', { class: 'text' }, rich(whisper.content.text)),
      whisper.content.card && drawCard(whisper.content.card, whisper.id),
      actions(whisper.content.actions, whisper.id),
      h(
        'button',
        {
          type: 'button',
          class: 'button small',
          data: { focus: `${whisper.id}/dismiss` },
          onclick: async () => {
            await attempt('DELETE', `/whispers/${whisper.id}?as=${app.me}`);
            await app.refresh();
          },
        },
        w().dismiss,
      ),
    ),
  );

const sign = (...values) => JSON.stringify([lang(), app.me, ...values]);
const messageItem = (message, inTicket) => ({
  key: message.id,
  signature: sign(message, inTicket, isoDay(Date.now())),
  build: () => drawMessage(message, inTicket),
});
const whisperItem = (whisper) => ({ key: whisper.id, signature: sign(whisper), build: () => drawWhisper(whisper) });

const byTime = (a, b) => a.at - b.at;

/** A root message, what hangs below it, and whatever was whispered there. */
const fillThread = (box, root, replies, whispers) => {
  const open = app.thread === root.id;
  const inTicket = ticketIn([root, ...replies]) !== null;
  box.classList.toggle('open', open);
  const below = open ? [...replies, ...whispers].sort(byTime) : whispers;
  const toggle = {
    key: `toggle-${root.id}`,
    signature: sign(open, replies.length),
    build: () =>
      h(
        'button',
        {
          type: 'button',
          class: 'thread-toggle',
          'aria-expanded': String(open),
          data: { focus: `${root.id}/toggle` },
          onclick: () => go(app.chat, open ? null : root.id),
        },
        h('span', {}, replies.length > 0 ? `└ ${w().replies(replies.length)}` : `└ ${w().thread}`),
        h('span', { class: 'quiet' }, open ? w().closeThread : w().openThread),
      ),
  };
  sync(box, [
    messageItem(root, inTicket),
    toggle,
    ...below.map((one) => (one.content && one.user ? whisperItem(one) : messageItem(one, inTicket))),
  ]);
};

const nearEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 120;

let drawn = { chat: null, thread: null, last: 0 };

/** What is newly said is brought into view, but only to somebody who was reading at the end, or who said it. */
const follow = (box, wasNearEnd) => {
  const chat = chatOf(app.chat);
  const last = chat?.messages.at(-1);
  const fresh = drawn.chat === app.chat && last && last.seq > drawn.last ? last : null;
  const opened = app.thread !== null && (drawn.thread !== app.thread || drawn.chat !== app.chat);
  const moved = drawn.chat !== app.chat;
  drawn = { chat: app.chat, thread: app.thread, last: last?.seq ?? 0 };
  if (opened) {
    const thread = box.querySelector('.thread.open');
    const tall = (thread?.offsetHeight ?? 0) > box.clientHeight;
    thread?.scrollIntoView({ block: tall ? 'end' : 'nearest' });
  } else if (moved) box.scrollTop = box.scrollHeight;
  else if (fresh && (wasNearEnd || fresh.author.id === app.me || fresh.thread === app.thread))
    $(fresh.id)?.scrollIntoView({ block: 'nearest' });
};

const drawHome = (box) => {
  const { home } = app.state;
  const sections = home?.sections ?? [];
  sync(box, [
    {
      key: 'home',
      signature: sign('home', home),
      build: () =>
        h(
          'div',
          { class: 'home', lang: home?.language },
          sections.length === 0 && h('p', { class: 'empty' }, w().emptyHome),
          sections.map((section) =>
            h(
              'section',
              {},
              h('h3', {}, section.title),
              section.items.length === 0 && h('p', { class: 'quiet' }, section.empty),
              section.items.map((item) =>
                h('div', { class: 'home-item' }, h('p', {}, rich(item.text)), actions(item.actions, 'home')),
              ),
            ),
          ),
        ),
    },
  ]);
};

const drawHead = (chat) => {
  const title = app.chat === 'home' ? `${app.state.bot} · ${w().home}` : chatLabel(chat);
  const about = app.chat === 'home' ? '' : chat.about[lang()];
  $('chat-head').replaceChildren(
    h('h2', {}, title),
    app.offline ? h('p', { class: 'offline', role: 'status' }, w().offline) : h('p', { class: 'quiet' }, about),
  );
};

/** The channel: its threads in the order in which they began, days between them. */
export const drawStream = () => {
  const box = $('stream');
  const chat = chatOf(app.chat);
  drawHead(chat);
  if (app.chat === 'home') {
    drawHome(box);
    drawn = { chat: 'home', thread: null, last: 0 };
    return;
  }
  const wasNearEnd = nearEnd(box);
  const roots = chat.messages.filter((message) => message.thread === message.id).sort(byTime);
  const whispers = app.state.whispers.filter((whisper) => whisper.chat === chat.id);
  const known = new Set(roots.map((root) => root.id));
  const items = [];
  let day = null;
  for (const root of roots) {
    if (isoDay(root.at) !== day) {
      day = isoDay(root.at);
      const at = root.at;
      items.push({
        key: `day-${day}`,
        signature: sign(day),
        build: () => h('p', { class: 'day' }, h('span', {}, dayName(at))),
      });
    }
    // Never drawn anew: it is filled below, child by child.
    items.push({ key: `thread-${root.id}`, signature: 'thread', build: () => h('section', { class: 'thread' }) });
  }
  for (const whisper of whispers.filter((one) => !known.has(one.thread))) items.push(whisperItem(whisper));
  if (items.length === 0) {
    const text = chat.kind === 'direct' ? w().emptyDirect : w().emptyChat(chat.name);
    items.push({ key: 'empty', signature: sign(text), build: () => h('p', { class: 'empty' }, text) });
  }
  sync(box, items);
  const drawnThreads = new Map([...box.children].map((child) => [child.dataset.key, child]));
  for (const root of roots) {
    const thread = drawnThreads.get(`thread-${root.id}`);
    const replies = chat.messages.filter((message) => message.thread === root.id && message.id !== root.id);
    fillThread(
      thread,
      root,
      replies,
      whispers.filter((whisper) => whisper.thread === root.id),
    );
  }
  follow(box, wasNearEnd);
  if (person(app.me)) box.setAttribute('aria-label', chatLabel(chat));
};
