import { attempt } from './api.js';
import { app, become, chatOf, emojisOf, go, nameOf, namedIn, person, remember, showTab, ticketIn } from './app.js';
import { $, h } from './dom.js';
import { lang, w } from './words.js';

const INTAKE = 'proj-acme';
const DUTY = 'duty-db';
const ESCALATION = 'escalation';
const MANAGER = 'chen';

const inChat = (chat) => chatOf(chat)?.messages ?? [];
const reacted = (message, gesture) => message.reactions.some((one) => emojisOf(gesture).includes(one.emoji));
const byPerson = (message) => message.author.kind === 'person';

const cardIn = (chat, id) => inChat(chat).find((message) => id !== null && ticketIn([message]) === id) ?? null;
/** The ticket of this walk, if it is the one that stands on the right. */
const ticket = () => (app.ticket && app.ticket.id === app.guide.ticket ? app.ticket.json : null);
const happened = (...types) => (ticket()?.timeline ?? []).some((entry) => types.includes(entry.type));
const statusIs = (...statuses) => statuses.includes(ticket()?.status);
const playable = (id) => {
  const bare = String(id ?? '').replace(/^playground:/, '');
  return person(bare) ? bare : null;
};

/** Whose thread it begins with: one that the visitor can read. */
const begins = () => (lang() === 'en' ? 'zhou' : 'lin');
/** Who plays which part. The rota decides who is on duty, so it is not always Wei. */
const cast = () => {
  const json = ticket();
  const duty = json?.timeline?.findLast((entry) => entry.type === 'dispatched')?.duty;
  const seen = {
    requester: playable(json?.requester) ?? app.guide.cast?.requester ?? begins(),
    owner: playable(json?.assignee) ?? playable(duty) ?? app.guide.cast?.owner ?? 'wei',
    manager: MANAGER,
  };
  if (json) app.guide.cast = seen;
  return seen;
};

/** The first message of that thread, or the first one of the chat. */
const firstRoot = () => {
  const roots = inChat(INTAKE).filter((message) => message.thread === message.id && !message.deleted);
  return roots.find((message) => message.author.id === cast().requester) ?? roots[0] ?? null;
};
const intakeCard = () => cardIn(INTAKE, app.guide.ticket);
const intakeThread = () => intakeCard()?.thread ?? firstRoot()?.id ?? null;
const workCard = () => cardIn(DUTY, app.guide.ticket);
const workThread = () => workCard()?.thread ?? null;
const call = () => inChat(ESCALATION).findLast((one) => namedIn([one]) === app.guide.ticket) ?? null;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let pushing = false;
/** From point to point, so that each reminder comes at its own time, until the call stands in the escalation chat. */
const pushOn = async () => {
  pushing = true;
  drawGuide();
  for (let turn = 0; turn < 60 && !call(); turn += 1) {
    if (!(await attempt('POST', '/clock', { toNextPoint: true }))) break;
    // The reminder of this point is on its way.
    await pause(250);
    await app.refresh();
  }
  pushing = false;
  if (call()) go(ESCALATION, call().thread);
  else drawGuide();
};

/** The thread, with the message in view that the step is about; a thread opens at its end. */
const show = (chat, message, otherwise = null) => {
  go(chat, message?.thread ?? otherwise);
  if (message) $(message.id)?.scrollIntoView({ block: 'center' });
};

/**
 * Each step: has it happened, where is it done, and what is to be pressed there (`wish`). They are read from the chat itself, so a step done in another
 * way ticks itself off, too.
 */
const STEPS = [
  {
    id: 'capture',
    done: () => app.guide.ticket !== null,
    wish: () => ({ on: firstRoot(), gesture: 'capture' }),
    take: () => (become(cast().requester), show(INTAKE, firstRoot())),
  },
  {
    id: 'answer',
    done: () => {
      const card = intakeCard();
      if (!card) return false;
      const answered = inChat(INTAKE).some((one) => one.thread === card.thread && one.seq > card.seq && byPerson(one));
      return answered || workThread() !== null || happened('registered');
    },
    take: () => (become(cast().requester), go(INTAKE, intakeThread()), $('say')?.focus()),
  },
  { id: 'look', done: () => workThread() !== null && app.chat === DUTY, take: () => go(DUTY, workThread()) },
  {
    id: 'claim',
    done: () => {
      const card = workCard();
      // A reaction by somebody who may not claim is none; only without a ticket to look at does it count.
      return ticket() ? happened('claimed', 'assigned') : card !== null && reacted(card, 'claim');
    },
    wish: () => (app.me === cast().owner ? { on: workCard(), gesture: 'claim' } : null),
    take: () => (become(cast().owner), show(DUTY, workCard())),
  },
  {
    id: 'reply',
    done: () => workThread() !== null && inChat(DUTY).some((one) => one.thread === workThread() && byPerson(one)),
    take: () => (become(cast().owner), go(DUTY, workThread()), $('say')?.focus()),
  },
  {
    id: 'clock',
    // Time that cannot be moved is no step.
    skip: () => !app.state.clock.movable,
    done: () => app.state.clock.advancedMs > app.guide.advancedAtStart,
    take: () => $('clock').querySelector('[data-move=next]')?.focus(),
  },
  {
    id: 'escalate',
    skip: () => !app.state.clock.movable,
    done: () => happened('acknowledged') || statusIs('resolved', 'closed'),
    word: () => (call() ? 'take' : 'push'),
    take: () => (call() ? (become(MANAGER), go(ESCALATION, call().thread)) : void pushOn()),
  },
  {
    id: 'resolve',
    done: () => statusIs('resolved', 'closed') || happened('resolved'),
    // While the visitor pushed the clock, the owner was silent for so long that it was taken from him.
    says: () => (statusIs('queued') ? 'reclaim' : 'resolve'),
    take: () => (become(cast().owner), show(DUTY, workCard())),
  },
  {
    id: 'confirm',
    done: () => statusIs('closed') || happened('confirmed'),
    wish: () => (app.me === cast().requester ? { on: intakeCard(), gesture: 'done' } : null),
    take: () => (become(cast().requester), show(INTAKE, intakeCard(), intakeThread())),
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
  app.guide = { done: [], ticket: null, cast: null, since: last, advancedAtStart: app.state.clock.advancedMs };
  remember(localStorage, 'guide', app.guide);
  drawnAs = '';
  drawGuide();
};

/** Shows the one gesture that the step is about without waiting for a pointer. */
const beckon = (step) => {
  const wish = step?.wish?.() ?? null;
  for (const old of document.querySelectorAll('.beckon, .wished')) old.classList.remove('beckon', 'wished');
  const message = wish?.on ? $(wish.on.id) : null;
  message?.classList.add('beckon');
  message?.querySelector(`:scope > .gesture-row [data-gesture="${wish.gesture}"]`)?.classList.add('wished');
};

const namesOf = (parts) => Object.fromEntries(Object.entries(parts).map(([part, id]) => [part, nameOf(id)]));
const words = (step) => w().steps[step.says?.() ?? step.id](namesOf(cast()));

const takeButton = (step) =>
  h(
    'button',
    {
      type: 'button',
      class: 'button small',
      disabled: pushing,
      onclick: () => {
        showTab('chat');
        step.take();
        drawGuide();
      },
    },
    pushing ? w().pushing : w()[step.word?.() ?? 'take'],
  );

let drawnAs = '';

export const drawGuide = () => {
  tick();
  const { done } = app.guide;
  const steps = STEPS.filter((step) => !step.skip?.());
  const next = steps.find((step) => !done.includes(step.id));
  beckon(next);
  const signature = JSON.stringify([
    lang(),
    done,
    next?.id,
    next?.word?.(),
    next?.says?.(),
    pushing,
    steps.length,
    cast(),
  ]);
  if (signature === drawnAs) return;
  const hadFocus = $('guide').contains(document.activeElement);
  drawnAs = signature;
  // On a phone the guide is a tab away; what is to be done next stands above the chat.
  $('guide-now').replaceChildren(...(next ? [h('p', {}, words(next)), takeButton(next)] : []));
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
          h('div', {}, h('p', {}, words(step)), state === 'now' && takeButton(step)),
        );
      }),
    ),
    next ? '' : h('p', { class: 'quiet' }, w().guideDone),
    done.length > 0 ? h('button', { type: 'button', class: 'link', onclick: restart }, w().guideAgain) : '',
  );
  if (hadFocus) $('guide').querySelector('button')?.focus();
};
