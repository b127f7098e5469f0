import { attempt } from './api.js';
import { app, chatLabel, chatOf, go, namedIn, nameOf, threadMessages, ticketIn } from './app.js';
import { $, h } from './dom.js';
import { w } from './words.js';

const drafts = new Map();
const draftKey = () => `${app.me}/${app.chat}/${app.thread ?? ''}`;

let text = null;
let key = null;

const fit = () => {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight + 2, 220)}px`;
};

const put = (value) => {
  text.value = value;
  fit();
};

export const startEditing = (message) => {
  app.editing = message;
  app.render();
  put(message.content.text.join(''));
  text.focus();
};

const stopEditing = () => {
  app.editing = null;
  put(drafts.get(draftKey()) ?? '');
  app.render();
};

const send = async () => {
  const said = text.value;
  if (said.trim() === '') return;
  const { editing } = app;
  const from = draftKey();
  // Emptied at once: whoever types on while this is under way is writing the next message.
  put('');
  drafts.delete(from);
  const done = editing
    ? await attempt('PATCH', `/messages/${editing.id}`, { as: app.me, text: said })
    : await attempt('POST', '/messages', { as: app.me, chat: app.chat, thread: app.thread, text: said });
  if (!done) {
    // Not sent: what was typed comes back to where it was, before what was begun since.
    const back = [said, drafts.get(from)].filter(Boolean).join('\n');
    if (!editing) drafts.set(from, back);
    if (from === draftKey()) put(back);
    return;
  }
  if (editing) app.editing = null;
  // A new thread is opened at once: the bot answers in it.
  if (!editing && from === draftKey() && app.thread === null && done.message) {
    app.thread = done.message;
    // It was not meant for the new thread, if something was begun meanwhile.
    key = draftKey();
    drafts.set(key, text.value);
  }
  await app.refresh();
};

const hintsFor = (chat) => {
  const words = w().hints;
  if (chat.kind === 'direct') return [words.mine, words.duty, words.help];
  if (app.thread === null) return chat.id.startsWith('proj') ? [] : [words.mine, words.duty];
  const inThread = threadMessages(chat.id, app.thread);
  if (!ticketIn(inThread)) return namedIn(inThread) ? [] : [words.capture];
  if (chat.id.startsWith('proj')) return [];
  return [words.claim, words.wait, words.escalate, words.note, words.resolve];
};

const where = (chat) => {
  if (app.editing)
    return h(
      'p',
      { class: 'target' },
      h('span', {}, w().editing),
      h('button', { type: 'button', class: 'link', onclick: stopEditing }, w().cancel),
    );
  if (app.thread === null) return null;
  const root = threadMessages(chat.id, app.thread)[0];
  const title =
    root?.content.card?.title ??
    root?.content.text
      .map((part) => (part.kind === 'mention' ? `@${nameOf(part.user)}` : (part.text ?? part)))
      .join('') ??
    '';
  return h(
    'p',
    { class: 'target' },
    h('span', { class: 'clip', title }, `${w().replyingTo}${title}`),
    h('button', { type: 'button', class: 'link', onclick: () => go(app.chat, null) }, w().toChannel),
  );
};

const build = () => {
  text = h('textarea', {
    rows: '1',
    maxlength: '40000',
    id: 'say',
    oninput: () => {
      if (!app.editing) drafts.set(draftKey(), text.value);
      fit();
    },
    onkeydown: (event) => {
      // Enter that ends the choice of a Chinese character is not Enter that sends.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        void send();
      }
      if (event.key === 'Escape' && app.editing) stopEditing();
    },
  });
  const form = $('composer');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  form.append(
    h('div', { id: 'composer-top' }),
    h('div', { class: 'line' }, text, h('button', { type: 'submit', class: 'button primary', id: 'send' })),
    h('p', { class: 'quiet small-print', id: 'composer-hint' }),
  );
};

export const drawComposer = () => {
  if (!text) build();
  const form = $('composer');
  form.hidden = app.chat === 'home';
  if (form.hidden) return;
  const chat = chatOf(app.chat);
  if (key !== draftKey()) {
    key = draftKey();
    put(drafts.get(key) ?? '');
  }
  const hints = hintsFor(chat);
  $('composer-top').replaceChildren(
    ...[
      where(chat),
      hints.length > 0 &&
        h(
          'p',
          { class: 'hints' },
          h('span', { class: 'quiet' }, w().try),
          hints.map((hint) =>
            h(
              'button',
              {
                type: 'button',
                class: 'hint',
                onclick: () => {
                  put(hint);
                  text.focus();
                },
              },
              hint,
            ),
          ),
        ),
    ].filter(Boolean),
  );
  text.placeholder = app.thread === null ? w().writeTo(chatLabel(chat)) : w().writeReply;
  text.setAttribute('aria-label', text.placeholder);
  $('send').textContent = app.editing ? w().save : w().send;
  $('composer-hint').textContent = w().hint;
};
