import { lang } from './words.js';

const remembered = (storage, key, otherwise) => {
  try {
    return JSON.parse(storage.getItem(`itr-${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
export const remember = (storage, key, value) => {
  try {
    storage.setItem(`itr-${key}`, JSON.stringify(value));
  } catch {
    // Storage is forbidden in some windows; the page works without.
  }
};

/** What the page knows. Who one is and where one looks belong to the tab, so that two tabs can be two people. */
export const app = {
  /** The last answer of `/state`. */
  state: null,
  me: remembered(sessionStorage, 'me', 'lin'),
  chat: remembered(sessionStorage, 'chat', 'proj-acme'),
  thread: remembered(sessionStorage, 'thread', null),
  /** Id of the message being changed. */
  editing: null,
  /** Highest message seen: person → chat → seq. */
  seen: remembered(localStorage, 'seen', {}),
  guide: remembered(localStorage, 'guide', { done: [], ticket: null, cast: null }),
  language: remembered(localStorage, 'language', null),
  offline: false,
  ticket: null,
  ticketProblem: null,
  /** Draws everything that changed; set by playground.js. */
  render: () => undefined,
  refresh: () => Promise.resolve(),
};

const threads = new Map();
/** The thread that was open when one was last in this chat. */
export const lastThread = (chat) => threads.get(chat) ?? null;

export const saveView = () => {
  threads.set(app.chat, app.thread);
  remember(sessionStorage, 'me', app.me);
  remember(sessionStorage, 'chat', app.chat);
  remember(sessionStorage, 'thread', app.thread);
};

export const person = (id) => app.state?.people.find((one) => one.id === id) ?? null;
/** A person of the chat, or as a ticket names them (`playground:lin`, `wei`, `{id, name}`). */
export const nameOf = (who) => {
  if (who && typeof who === 'object')
    return person(String(who.id).replace(/^playground:/, '')) ? nameOf(who.id) : who.name;
  const id = String(who ?? '').replace(/^playground:/, '');
  return person(id)?.shown[lang()].name ?? id;
};
/** Somebody named in an object of the API: as the chat shows them, else by the name beside the id. */
export const whoIs = (object, key) => {
  const id = String(object[key] ?? '').replace(/^playground:/, '');
  return person(id) ? nameOf(id) : (object[`${key}Name`] ?? nameOf(object[key]));
};
export const chatOf = (id) => app.state?.chats.find((chat) => chat.id === id) ?? null;
export const chatLabel = (chat) => (chat.kind === 'direct' ? chat.name : `# ${chat.name}`);

/** The character of a gesture (`🎫`), or its first name where the configuration gives none. */
export const emojiOf = (gesture) => {
  const names = app.state?.gestures.find((one) => one.gesture === gesture)?.emoji ?? [];
  return names.find((name) => /[^\x20-\x7e]/.test(name)) ?? names[0] ?? null;
};
export const emojisOf = (gesture) => app.state?.gestures.find((one) => one.gesture === gesture)?.emoji ?? [];

/** `ITR-7`, from the head of a card in these messages; null: no ticket yet. */
export const ticketIn = (messages) => {
  for (const message of messages) {
    const found = /\bITR-\d+\b/.exec(message.content.card?.head ?? '');
    if (found) return found[0];
  }
  return null;
};
/** Where there is no card: the ticket that the bot speaks of, as in the escalation chat. */
export const namedIn = (messages) => {
  for (const message of messages.filter((one) => one.author.kind === 'bot')) {
    const found = /\bITR-\d+\b/.exec(message.content.text.map((part) => part.text ?? part).join(''));
    if (found) return found[0];
  }
  return null;
};
export const teamOf = (id) => app.state?.teams[id] ?? id;
export const threadMessages = (chat, thread) =>
  (chatOf(chat)?.messages ?? []).filter((message) => message.thread === thread);

export const markSeen = () => {
  const last = chatOf(app.chat)?.messages.at(-1)?.seq ?? 0;
  const mine = (app.seen[app.me] ??= {});
  if ((mine[app.chat] ?? 0) >= last) return;
  mine[app.chat] = last;
  remember(localStorage, 'seen', app.seen);
};
export const unread = (chat) => {
  const seen = app.seen[app.me]?.[chat.id] ?? 0;
  const other = (message) => message.author.kind === 'bot' || message.author.id !== app.me;
  return chat.messages.filter((message) => message.seq > seen && !message.deleted && other(message)).length;
};

export const go = (chat, thread = null) => {
  app.chat = chat;
  app.thread = thread;
  app.editing = null;
  saveView();
  app.render();
};
export const become = (id) => {
  if (app.me === id) return;
  if (app.chat.startsWith('dm:')) app.chat = `dm:${id}`;
  app.me = id;
  app.editing = null;
  saveView();
  void app.refresh();
};
export const showTab = (tab) => {
  document.body.dataset.tab = tab;
  app.render();
};
