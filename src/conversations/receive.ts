/**
 * The door: an event comes in, is stored, and only then acknowledged. It has to be lean, since a platform counts the milliseconds and all events of a
 * moment share one commit. What cannot wait for the inbox, since its token lives for seconds, is done here from the event and the ticket as it is:
 * a form is opened, a form that lacks something is sent back.
 */
import type { Directory } from '../desk/desk.ts';
import type { Inbox, Store } from '../desk/ports.ts';
import type { WorldSource } from '../desk/world.ts';
import { wellFormedData } from '../domain/text.ts';
import type { Ticket } from '../domain/ticket.ts';
import { FORM_NAMES, readAction, readActionValue, type FormName } from './actions.ts';
import { plain, type Form } from './card.ts';
import { causeOf } from './causes.ts';
import { commandFromForm, formFor, readFormContext } from './forms/index.ts';
import { parse, type Parsed } from './grammar.ts';
import { maySee } from './handle/answers.ts';
import { formRefusal } from './handle/gate.ts';
import { chatOfCommand, languageFor, type EventOf, type Log, type StoredEvent } from './handle/turn.ts';
import { refusalContext, texts } from './texts/index.ts';
import { DeliveryError, type ChatEvent, type ChatPlatform, type Immediate, type Receive } from './platform.ts';

export interface ReceiveDeps {
  readonly inbox: Inbox;
  readonly store: Pick<Store, 'read'>;
  readonly world: Pick<WorldSource, 'policy'>;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly directory: Directory;
  readonly now: () => number;
  readonly log: Log;
}

export const createReceive =
  (deps: ReceiveDeps): Receive =>
  async (said) => {
    const event = wellFormedData(said);
    const sentBack = event.type === 'form' ? await checkForm(deps, event) : null;
    if (sentBack !== null) return sentBack;
    const formOpened = await openWhatCannotWait(deps, event);
    const stored: StoredEvent = formOpened ? { ...event, formOpened } : event;
    const outcome = await deps.inbox.accept({
      id: `${event.platform}:${event.id}`,
      lane: await laneOf(deps, event),
      platform: event.platform,
      payload: JSON.stringify(stored),
      receivedAt: deps.now(),
    });
    return { kind: outcome === 'stored' ? 'accepted' : 'duplicate' };
  };

/** Events of one thread are handled in order, those of different threads side by side. */
const laneOf = async (deps: ReceiveDeps, event: ChatEvent): Promise<string> => {
  const { platform } = event;
  const inThread = (chat: string, thread: string | null): string =>
    thread === null ? `${platform}:${chat}` : `${platform}:${chat}:${thread}`;
  const ofPerson = (user: string): string => `${platform}:@${user}`;
  switch (event.type) {
    case 'message':
    case 'message_edited':
    case 'capture':
      return inThread(event.chat, event.thread);
    case 'message_deleted':
    case 'reaction_added':
    case 'reaction_removed': {
      const place = await deps.store.read.placeOfMessage({ platform, chat: event.chat, message: event.message });
      // A message that is not handled yet is most likely the first of a thread: what is said in that one goes before.
      return inThread(event.chat, place?.thread ?? event.message);
    }
    case 'button':
      return event.chat === null ? ofPerson(event.user) : inThread(event.chat, event.thread);
    case 'form': {
      const context = readFormContext(event.context);
      return context?.chat == null ? ofPerson(event.user) : inThread(context.chat, context.thread);
    }
    case 'command':
    case 'home_opened':
    case 'person_changed':
      return ofPerson(event.user);
    case 'bot_joined':
    case 'bot_left':
    case 'chat_moved':
    case 'chat_closed':
    case 'chat_reopened':
      return inThread(event.chat, null);
    case 'platform_trouble':
      return platform;
  }
};

/** Null: nothing is wrong with it that a form can know. Where forms stand in the chat, anybody can send them: whose it is not is told before his words are lost. */
const checkForm = async (deps: ReceiveDeps, event: EventOf<'form'>): Promise<Immediate | null> => {
  const context = readFormContext(event.context);
  const ticket = context?.ticket == null ? null : await deps.store.read.ticket(context.ticket);
  const person = await personOf(deps, event.platform, event.user, context?.chat ?? null);
  const read = commandFromForm(event.form, event.context, event.values, {
    ticket,
    policy: deps.world.policy(),
    directory: deps.directory,
    platform: event.platform,
    language: person.language,
    now: deps.now(),
    timezone: person.timezone,
  });
  const form = formFor(event.form, ticket, deps.world.policy(), person.language);
  const labels = Object.fromEntries((form?.inputs ?? []).map(({ name, label }) => [name, label]));
  if (read.kind === 'errors') return { kind: 'form_errors', errors: read.errors, labels };
  const [first] = form?.inputs ?? [];
  const name = FORM_NAMES.find((one) => one === event.form);
  if (read.kind !== 'command' || ticket === null || first === undefined || name === undefined) return null;
  const refusal = formRefusal(name, ticket, person.actor);
  if (refusal === null) return null;
  const spoken = texts(person.language);
  const sentence = spoken.refusal(refusal, refusalContext(ticket, deps.world.policy(), spoken.words.button[name]));
  return { kind: 'form_errors', errors: { [first.name]: plain(sentence) } };
};

const openWhatCannotWait = async (deps: ReceiveDeps, event: ChatEvent): Promise<boolean> => {
  if ((event.type !== 'button' && event.type !== 'command') || event.reply === null) return false;
  const form = event.type === 'button' ? await formOfButton(deps, event) : await formOfCommand(deps, event);
  if (form === null) return false;
  try {
    return (await deps.platforms.get(event.platform)?.openForm(event.reply, form)) ?? false;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    deps.log.warn({ platform: event.platform, form: form.id, reason: error.message }, 'a form could not be opened');
    return false;
  }
};

const formOfButton = async (deps: ReceiveDeps, event: EventOf<'button'>): Promise<Form | null> => {
  const action = readAction(event.action);
  const value = readActionValue(event.value);
  if (action?.do !== 'form' || value === null) return null;
  const ticket = value.ticket === null ? null : await deps.store.read.ticket(value.ticket);
  return open(deps, event, action.form, ticket, {}, event.thread);
};

/** `/itr new` and `/itr resolve 12` lack what a form asks for. */
const formOfCommand = async (deps: ReceiveDeps, event: EventOf<'command'>): Promise<Form | null> => {
  const policy = deps.world.policy();
  const parsed = parse(event.text, {
    policy,
    ticket: null,
    status: null,
    side: 'service',
    now: event.at,
    timezone: policy.timezone,
  });
  const wanted = parsed === null ? null : lacking(parsed, policy.close.causes);
  if (parsed === null || wanted === null || (wanted.form !== 'new' && parsed.ticket === null)) return null;
  const ticket = wanted.form === 'new' || parsed.ticket === null ? null : await deps.store.read.ticket(parsed.ticket);
  return open(deps, event, wanted.form, ticket, wanted.values, null);
};

interface Wanted {
  readonly form: FormName;
  /** What was said already. */
  readonly values: Readonly<Record<string, string>>;
}

const lacking = (parsed: Parsed, causes: readonly string[]): Wanted | null => {
  const { command, text } = parsed;
  switch (command) {
    case 'capture':
      return text === '' ? { form: 'new', values: {} } : null;
    case 'resolve':
      return text === '' || (parsed.cause ?? causeOf(text, causes)) === null
        ? { form: 'resolve', values: { solution: text } }
        : null;
    case 'pend':
    case 'reject':
      return parsed.reason === null ? { form: command, values: { note: text } } : null;
    case 'rate':
      return parsed.score === null ? { form: 'rate', values: {} } : null;
    case 'set_severity':
      return parsed.severity === null ? { form: 'set_severity', values: { note: text } } : null;
    case 'authorize':
      return text === '' ? { form: 'authorize', values: {} } : null;
    case 'assign':
    case 'transfer':
      return parsed.to === null ? { form: 'transfer', values: { note: text } } : null;
    default:
      return null;
  }
};

/** Null: there is no such form, or it is not his to fill in; the handler then says which. */
const open = async (
  deps: ReceiveDeps,
  event: EventOf<'button' | 'command'>,
  name: FormName,
  ticket: Ticket | null,
  values: Readonly<Record<string, string>>,
  thread: string | null,
): Promise<Form | null> => {
  const chat = event.type === 'command' ? chatOfCommand(event) : event.chat;
  const { actor, language } = await personOf(deps, event.platform, event.user, chat);
  if (ticket !== null) {
    const here = ticket.threads.some((link) => link.platform === event.platform && link.chat === chat);
    if ((!here && !maySee(ticket, actor)) || formRefusal(name, ticket, actor) !== null) return null;
  }
  const form = formFor(name, ticket, deps.world.policy(), language, { chat, thread });
  if (form === null) return null;
  const inputs = form.inputs.map((input) => {
    const value = values[input.name]?.slice(0, input.maxLength);
    return value ? { ...input, value } : input;
  });
  return { ...form, inputs };
};

/** As far as it is known already: a profile is not worth the seconds that a token has. */
const personOf = async (deps: ReceiveDeps, platform: string, user: string, chat: string | null) => {
  const policy = deps.world.policy();
  const identity = await deps.store.read.identity(platform, user);
  const actor = deps.directory.actor(platform, user, identity?.name ?? user, chat);
  return {
    actor,
    language: languageFor(policy, actor.id, identity?.language ?? null, '').language,
    timezone: policy.people.get(actor.id)?.timezone ?? identity?.timezone ?? policy.timezone,
  };
};
