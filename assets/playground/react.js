import { attempt } from './api.js';
import { app, emojiOf, go, saveView } from './app.js';
import { confirmDialog } from './dialogs.js';
import { $, h, toast } from './dom.js';
import { startEditing } from './composer.js';
import { w } from './words.js';

/** Reacts, and opens the thread: what the bot answers comes there. */
export const react = async (message, emoji, on) => {
  const done = await attempt('POST', `/messages/${message.id}/reactions`, { as: app.me, emoji, on });
  if (done && on) {
    app.thread = message.thread;
    saveView();
  }
  await app.refresh();
};

/** The gestures that mean something on this message, the likeliest first. */
const likely = (message, inTicket) => {
  if (message.content.card) return ['claim', 'done', 'reopen', 'escalate'];
  if (inTicket) return ['evidence', 'internal', 'done'];
  return ['capture', 'evidence', 'internal'];
};

const gestureButton = (message, gesture, close = () => undefined) => {
  const emoji = emojiOf(gesture);
  if (emoji === null) return null;
  const mine = message.reactions.some((one) => one.emoji === emoji && one.users.includes(app.me));
  const meaning = w().gestures[gesture] ?? gesture;
  return h(
    'button',
    {
      type: 'button',
      class: 'gesture',
      'aria-pressed': String(mine),
      data: { gesture, focus: `${message.id}/gesture/${gesture}` },
      onclick: () => {
        close();
        void react(message, emoji, !mine);
      },
    },
    h('span', { class: 'emoji' }, emoji),
    h('span', {}, meaning),
  );
};

/** One tap: shown beside a message under the pointer or the focus. */
export const gestureRow = (message, inTicket) =>
  h(
    'div',
    { class: 'gesture-row' },
    likely(message, inTicket).map((gesture) => gestureButton(message, gesture)),
  );

const menuItem = (label, onclick, kind = '') =>
  h('button', { type: 'button', class: `menu-item ${kind}`, onclick }, label);

const copyLink = async (message) => {
  const url = `${location.origin}/playground#${[app.chat, message.thread, message.id].map(encodeURIComponent).join('/')}`;
  try {
    await navigator.clipboard.writeText(url);
    toast(w().copied);
  } catch {
    location.hash = url.split('#')[1];
  }
};

const remove = async (message) => {
  if (!(await confirmDialog(w().removeSure, w().removeText, w().remove))) return;
  await attempt('DELETE', `/messages/${message.id}?as=${app.me}`);
  await app.refresh();
};

/** All gestures with their meaning, and what else can be done with this message. */
export const openMenu = (anchor, message, inTicket) => {
  const menu = $('menu');
  const close = () => menu.hidePopover();
  const own = message.author.kind === 'person' && message.author.id === app.me;
  const after = (act) => () => {
    close();
    void act();
  };
  const items = h(
    'div',
    {},
    h(
      'div',
      { class: 'menu-gestures' },
      app.state.gestures.map(({ gesture }) => gestureButton(message, gesture, close)),
    ),
    h('hr'),
    // The message shortcut of other platforms; beside the gesture it would be the same thing twice.
    !inTicket &&
      emojiOf('capture') === null &&
      menuItem(
        w().makeTicket,
        after(async () => {
          await attempt('POST', `/messages/${message.id}/capture`, { as: app.me });
          go(app.chat, message.thread);
          await app.refresh();
        }),
      ),
    menuItem(
      w().copyLink,
      after(() => copyLink(message)),
    ),
    own &&
      menuItem(
        w().edit,
        after(() => startEditing(message)),
      ),
    own &&
      menuItem(
        w().remove,
        after(() => remove(message)),
        'danger',
      ),
  );
  menu.replaceChildren(items);
  menu.showPopover();
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
  const below = at.bottom + 4 + height < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
  menu.querySelector('button')?.focus();
};
