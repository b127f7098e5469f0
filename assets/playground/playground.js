import { call } from './api.js';
import { app, chatOf, markSeen, person, saveView, threadMessages } from './app.js';
import { drawBar, listenBar, speak } from './bar.js';
import { drawComposer } from './composer.js';
import { drawForm } from './dialogs.js';
import { $, h } from './dom.js';
import { drawGuide } from './guide.js';
import { drawStream } from './stream.js';
import { drawTicket, keepTicketFresh, loadTicket } from './ticket.js';
import { setNow, setZone } from './time.js';
import { lang, setLanguage, w } from './words.js';

/** Whom and what one last looked at may be gone: after a new configuration, or on a fresh database. */
const settle = () => {
  if (app.chat !== 'home' && !chatOf(app.chat)) app.chat = app.state.chats[0].id;
  if (app.thread !== null && threadMessages(app.chat, app.thread).length === 0) app.thread = null;
};

let looked = '';
/** Another thread, another ticket. */
const ticketMoved = () => {
  const at = `${app.chat}/${app.thread}`;
  if (at === looked) return;
  looked = at;
  void loadTicket();
};

app.render = (part) => {
  if (!app.state) return;
  if (part === 'guide') {
    drawGuide();
    return;
  }
  settle();
  if (app.chat !== 'home' && document.visibilityState === 'visible') markSeen();
  drawBar();
  drawStream();
  drawComposer();
  drawTicket();
  drawGuide();
  drawForm();
  ticketMoved();
};

let running = null;
let again = false;
/** Asks for the state; calls made meanwhile share one more question. */
app.refresh = () => {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      const me = app.me;
      try {
        const state = await call('GET', `/playground/api/state?as=${encodeURIComponent(me)}`);
        // The visitor has become somebody else while this was under way.
        if (me !== app.me) again = true;
        else {
          app.state = state;
          app.offline = false;
          // The first visitor's language is the playground's until somebody chooses another.
          if (state.language === null) void speak(lang());
          setNow(state.clock.now);
          setZone(person(me).timezone);
          looked = '';
          app.render();
        }
      } catch (problem) {
        if (problem.code === 'unknown_person' && app.me !== 'lin') {
          app.me = 'lin';
          saveView();
          again = true;
        } else {
          app.offline = true;
          if (app.state) app.render();
          else if (!problem.status)
            $('stream').replaceChildren(
              h('p', { class: 'empty' }, w().offline),
              h('button', { type: 'button', class: 'button', onclick: () => void app.refresh() }, w().retry),
            );
          else throw problem;
        }
      }
    } while (again);
  })().finally(() => {
    running = null;
  });
  return running;
};

let due = 0;
const refreshSoon = () => {
  clearTimeout(due);
  due = setTimeout(() => void app.refresh(), 40);
};

/** EventSource reconnects by itself; the first event after that brings everything up to date. */
const listen = () => {
  const events = new EventSource('/playground/api/events');
  events.addEventListener('changed', refreshSoon);
  events.addEventListener('open', refreshSoon);
  events.addEventListener('error', () => {
    app.offline = true;
    if (app.state) drawStream();
  });
  addEventListener('pagehide', () => events.close());
};

/** `#proj-acme/m4/m5`, as in a permalink. */
const followLink = () => {
  const [chat, thread, message] = location.hash.slice(1).split('/').map(decodeURIComponent);
  if (!chat) return;
  app.chat = chat;
  app.thread = thread || null;
  saveView();
  history.replaceState(null, '', location.pathname);
  void app.refresh().then(() => $(message || thread || '')?.scrollIntoView({ block: 'center' }));
};

setLanguage(app.language ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'));
listenBar();
listen();
followLink();
addEventListener('hashchange', followLink);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refreshSoon());
void app.refresh();
keepTicketFresh();
