import { call } from './api.js';
import { app, chatOf, namedIn, teamOf, threadMessages, ticketIn, whoIs } from './app.js';
import { $, h } from './dom.js';
import { drawTimeline } from './timeline.js';
import { exact, short, span } from './time.js';
import { lang, w } from './words.js';

/** The ticket of the open thread; without one, the newest of this chat, else the one looked at last. */
const wanted = () => {
  const inThread = app.thread === null ? [] : threadMessages(app.chat, app.thread);
  if (app.thread !== null) return ticketIn(inThread) ?? namedIn(inThread);
  const newestFirst = [...(chatOf(app.chat)?.messages ?? [])].reverse();
  const newest = ticketIn(newestFirst) ?? namedIn(newestFirst);
  return newest ?? app.ticket?.id ?? null;
};

let asked = 0;
/** Reads the ticket again; an answer that a later question has overtaken is dropped. */
export const loadTicket = async () => {
  if (!app.state) return;
  const id = wanted();
  const mine = ++asked;
  if (id === null) {
    app.ticket = null;
    app.ticketProblem = null;
  } else {
    try {
      const json = await call('GET', `/api/v1/tickets/${id}`);
      if (mine !== asked) return;
      app.ticket = { id, json };
      app.ticketProblem = null;
    } catch (problem) {
      if (mine !== asked) return;
      if (app.ticket?.id !== id) app.ticket = null;
      app.ticketProblem = { id, why: problem.status === 0 ? 'network' : `HTTP ${problem.status}` };
    }
  }
  drawTicket();
  app.render('guide');
};

const chip = (severity) => (severity ? h('span', { class: `chip ${String(severity).toLowerCase()}` }, severity) : null);

const STAGES = ['acceptance', 'handling', 'closing'];

const flow = (ticket) => {
  const at = STAGES.indexOf(ticket.stage);
  const ended = ticket.status === 'closed';
  return h(
    'ol',
    { class: 'flow' },
    STAGES.map((stage, place) => {
      const state = ended || place < at ? 'done' : place === at ? 'now' : 'todo';
      return h('li', { class: state, 'aria-current': state === 'now' ? 'step' : null }, w().stages[stage]);
    }),
  );
};

const WARN_AT = 0.75;

const late = (ms) => (ms < 60_000 ? w().justOver : w().over(span(ms)));

/** State, words and class of a clock. Colour only repeats what the words say. */
const reading = (clock) => {
  const left = clock.targetMs - clock.elapsedMs;
  switch (clock.state) {
    case 'met':
      return { kind: 'met', words: `✓ ${w().met}` };
    case 'cancelled':
      return { kind: 'paused', words: w().cancelled };
    case 'paused':
      return { kind: 'paused', words: `${w().paused} · ${w().left(span(left))}` };
    case 'breached':
      return { kind: 'breached', words: `${late(-left)}${clock.paused ? ` · ${w().paused}` : ''}` };
    default:
      if (left < 0) return { kind: 'breached', words: late(-left) };
      return { kind: left < clock.targetMs * (1 - WARN_AT) ? 'warning' : 'fine', words: w().left(span(left)) };
  }
};

const drawClock = (clock) => {
  const { kind, words } = reading(clock);
  const share = clock.targetMs > 0 ? Math.min(1, Math.max(0, clock.elapsedMs / clock.targetMs)) : 0;
  const due = clock.dueAt ? Date.parse(clock.dueAt) : null;
  const bar = h('span', { class: 'bar-fill' });
  bar.style.width = `${Math.round(share * 100)}%`;
  const name = w().metrics[clock.metric] ?? clock.metric;
  return h(
    'li',
    { class: `timer ${kind}` },
    h('span', { class: 'timer-name' }, name, clock.kind !== 'SLA' && h('span', { class: 'quiet' }, ` ${clock.kind}`)),
    h('span', { class: 'timer-left' }, words),
    h('span', { class: 'bar-track', 'aria-hidden': 'true' }, bar),
    due && h('time', { class: 'quiet', datetime: clock.dueAt, title: exact(due), tabindex: '0' }, w().due(short(due))),
  );
};

const ORDER = { running: 0, breached: 1, paused: 2, met: 3, cancelled: 4 };

const drawClocks = (clocks) =>
  h(
    'section',
    {},
    h('h3', {}, w().clocks),
    clocks.length === 0
      ? h('p', { class: 'quiet' }, w().noClocks)
      : h(
          'ul',
          { class: 'timers' },
          [...clocks].sort((a, b) => (ORDER[a.state] ?? 9) - (ORDER[b.state] ?? 9)).map(drawClock),
        ),
  );

const fact = (name, value) => (value ? h('div', {}, h('dt', {}, name), h('dd', {}, value)) : null);

const facts = (ticket) =>
  h(
    'dl',
    { class: 'facts' },
    h(
      'div',
      {},
      h('dt', {}, w().owner),
      h('dd', { class: ticket.assignee ? '' : 'nobody' }, ticket.assignee ? whoIs(ticket, 'assignee') : w().nobody),
    ),
    fact(w().team, [teamOf(ticket.team), ticket.tier].filter(Boolean).join(' · ')),
    fact(w().requester, ticket.requester && whoIs(ticket, 'requester')),
    fact(w().contract, ticket.contract),
  );

/** One line for each clock that has something to say. */
const explained = (json) =>
  (json?.clocks ?? [])
    .filter((clock) => typeof clock.sentence === 'string')
    .map((clock) => h('p', {}, h('strong', {}, w().metrics[clock.metric] ?? clock.metric), ' ', clock.sentence));

const why = (id) => {
  const box = h('div', { class: 'why-text' });
  return h(
    'details',
    {
      class: 'why',
      ontoggle: async (event) => {
        if (!event.currentTarget.open || box.childElementCount > 0) return;
        const json = await call('GET', `/api/v1/tickets/${id}/explain?lang=${lang()}`).catch(() => null);
        const lines = explained(json);
        box.replaceChildren(...(lines.length > 0 ? lines : [h('p', {}, w().whyAway)]));
      },
    },
    h('summary', { data: { focus: 'why' } }, w().why),
    box,
  );
};

const empty = (title, text, ...more) =>
  h('div', { class: 'empty-state' }, h('h2', {}, title), h('p', { class: 'quiet' }, text), ...more);

let drawnAs = '';

export const drawTicket = () => {
  const box = $('ticket');
  const { ticket, ticketProblem } = app;
  const signature = JSON.stringify([lang(), ticket, ticketProblem, app.state?.people.length]);
  if (signature === drawnAs) return;
  const sameTicket = ticket && box.dataset.id === ticket.id;
  const open = sameTicket && box.querySelector('.why')?.open;
  const focus = box.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const scrolled = sameTicket ? box.scrollTop : 0;
  drawnAs = signature;
  box.dataset.id = ticket?.id ?? '';
  if (!ticket) {
    box.replaceChildren(
      ticketProblem
        ? empty(
            `${ticketProblem.id} · ${w().ticketAway}`,
            w().ticketAwayText(ticketProblem.why),
            h('button', { type: 'button', class: 'button', onclick: () => void loadTicket() }, w().retry),
          )
        : empty(w().noTicket, w().noTicketText),
    );
    return;
  }
  const { id, json } = ticket;
  const details = why(id);
  box.replaceChildren(
    h(
      'header',
      { class: 'ticket-head' },
      h(
        'p',
        { class: 'line-of-facts' },
        h('strong', {}, id),
        chip(json.severity),
        h('span', {}, w().kinds[json.kind] ?? json.kind),
        h('span', { class: 'status' }, w().statuses[json.status] ?? json.status),
      ),
      h('h2', {}, json.title || '—'),
      flow(json),
    ),
    facts(json),
    drawClocks(json.clocks ?? []),
    ...((json.clocks ?? []).length > 0 ? [details] : []),
    drawTimeline(json.timeline ?? []),
    h('p', {}, h('a', { href: `/tickets/${id}`, data: { focus: 'page' } }, w().openPage)),
  );
  box.scrollTop = scrolled;
  if (open) details.open = true;
  if (focus) box.querySelector(`[data-focus="${focus}"]`)?.focus();
};

/** Time passes: what is left is counted on between two answers, by asking again rather than by guessing at calendars. */
export const keepTicketFresh = () =>
  setInterval(() => document.visibilityState === 'visible' && void loadTicket(), 15_000);
