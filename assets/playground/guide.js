import { app, become, chatOf, emojisOf, go, remember, showTab, ticketIn } from './app.js';
import { $, h } from './dom.js';
import { lang, w } from './words.js';

const INTAKE = 'proj-acme';
const DUTY = 'duty-db';

const inChat = (chat) => chatOf(chat)?.messages ?? [];
const reacted = (message, gesture) => message.reactions.some((one) => emojisOf(gesture).includes(one.emoji));
const byPerson = (message) => message.author.kind === 'person';

const cardIn = (chat, id) => inChat(chat).find((message) => id !== null && ticketIn([message]) === id) ?? null;
/** The ticket of this walk, if it is the one that stands on the right. */
const ticket = () => (app.ticket && app.ticket.id === app.guide.ticket ? app.ticket.json : null);
const happened = (...types) => (ticket()?.timeline ?? []).some((entry) => types.includes(entry.type));
const statusIs = (...statuses) => statuses.includes(ticket()?.status);

/** Lin's thread, or the first one of the chat. */
const firstRoot = () => {
  const roots = inChat(INTAKE).filter((message) => message.thread === message.id && !message.deleted);
  return roots.find((message) => message.author.id === 'lin') ?? roots[0] ?? null;
};
const intakeThread = () => cardIn(INTAKE, app.guide.ticket)?.thread ?? firstRoot()?.id ?? null;
const workThread = () => cardIn(DUTY, app.guide.ticket)?.thread ?? null;

/** Each step: has it happened, and where is it done. They are read from the chat itself, so a step done in another way ticks itself off, too. */
const STEPS = [
  {
    id: 'capture',
    done: () => app.guide.ticket !== null,
    take: () => (become('lin'), go(INTAKE, firstRoot()?.id ?? null)),
  },
  {
    id: 'answer',
    done: () => {
      const card = cardIn(INTAKE, app.guide.ticket);
      if (!card) return false;
      const answered = inChat(INTAKE).some((one) => one.thread === card.thread && one.seq > card.seq && byPerson(one));
      return answered || workThread() !== null || happened('registered');
    },
    take: () => (become('lin'), go(INTAKE, intakeThread())),
  },
  { id: 'look', done: () => workThread() !== null && app.chat === DUTY, take: () => go(DUTY, workThread()) },
  {
    id: 'claim',
    done: () => {
      const card = cardIn(DUTY, app.guide.ticket);
      // A reaction by somebody who may not claim is none; only without a ticket to look at does it count.
      return ticket() ? happened('claimed', 'assigned') : card !== null && reacted(card, 'claim');
    },
    take: () => (become('wei'), go(DUTY, workThread())),
  },
  {
    id: 'reply',
    done: () => workThread() !== null && inChat(DUTY).some((one) => one.thread === workThread() && byPerson(one)),
    take: () => (become('wei'), go(DUTY, workThread())),
  },
  {
    id: 'clock',
    // Time that cannot be moved is no step.
    skip: () => !app.state.clock.movable,
    done: () => app.state.clock.advancedMs > app.guide.advancedAtStart,
    take: () => $('clock').querySelector('[data-move=next]')?.focus(),
  },
  {
    id: 'resolve',
    done: () => statusIs('resolved', 'closed') || happened('resolved'),
    take: () => (become('wei'), go(DUTY, workThread())),
  },
  {
    id: 'confirm',
    done: () => statusIs('closed') || happened('confirmed'),
    take: () => (become('lin'), go(INTAKE, intakeThread())),
  },
];

/** Done stays done, also when the chat forgets. Only in order: the clock may have been pushed long before. */
const tick = () => {
  const { guide } = app;
  guide.advancedAtStart ??= app.state.clock.advancedMs;
  const before = JSON.stringify(guide);
  // The newest ticket that was not there when this walk began.
  guide.ticket ??= ticketIn(
    inChat(INTAKE)
      .filter((message) => message.seq > (guide.since ?? 0))
      .reverse(),
  );
  for (const step of STEPS) {
    if (guide.done.includes(step.id)) continue;
    if (step.skip?.() || step.done()) guide.done.push(step.id);
    else break;
  }
  if (JSON.stringify(guide) !== before) remember(localStorage, 'guide', guide);
};

const restart = () => {
  const last = Math.max(0, ...app.state.chats.flatMap((chat) => chat.messages.map((message) => message.seq)));
  app.guide = { done: [], ticket: null, since: last, advancedAtStart: app.state.clock.advancedMs };
  remember(localStorage, 'guide', app.guide);
  drawnAs = '';
  drawGuide();
};

let drawnAs = '';

export const drawGuide = () => {
  tick();
  const { done } = app.guide;
  const steps = STEPS.filter((step) => !step.skip?.());
  const next = steps.find((step) => !done.includes(step.id));
  const signature = JSON.stringify([lang(), done, next?.id, steps.length]);
  if (signature === drawnAs) return;
  const hadFocus = $('guide').contains(document.activeElement);
  drawnAs = signature;
  $('guide').replaceChildren(
    h('h2', {}, w().guide),
    h(
      'ol',
      { class: 'steps' },
      steps.map((step) => {
        const state = done.includes(step.id) ? 'done' : step === next ? 'now' : 'todo';
        return h(
          'li',
          { class: state, data: { step: step.id }, 'aria-current': state === 'now' ? 'step' : null },
          h('span', { class: 'tick', 'aria-label': state === 'done' ? '✓' : null }, state === 'done' ? '✓' : ''),
          h(
            'div',
            {},
            h('p', {}, w().steps[step.id]),
            state === 'now' &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'button small',
                  onclick: () => {
                    showTab('chat');
                    step.take();
                  },
                },
                w().take,
              ),
          ),
        );
      }),
    ),
    next ? '' : h('p', { class: 'quiet' }, w().guideDone),
    done.length > 0 ? h('button', { type: 'button', class: 'link', onclick: restart }, w().guideAgain) : '',
  );
  if (hadFocus) $('guide').querySelector('button')?.focus();
};
