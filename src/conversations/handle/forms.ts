import { commandFromForm, readFormContext } from '../forms/index.ts';
import type { Place } from './answers.ts';
import { prepareNew } from './new.ts';
import { whoIs } from './people.ts';
import { obey } from './run.ts';
import { tell, wordsFor, type Act, type EventOf, type Turn } from './turn.ts';

/** A form that was sent. The door has checked it already; between the door and here the ticket may have moved on, so it is read again. */
export const onForm = async (turn: Turn, event: EventOf<'form'>): Promise<Act | null> => {
  const context = readFormContext(event.context);
  const chat = context?.chat ?? null;
  const who = await whoIs(turn, event.user, chat, Object.values(event.values).join('\n'));
  const ear: Place = { chat, thread: context?.thread ?? null };
  const lookup = {
    policy: turn.policy,
    directory: turn.deps.directory,
    platform: turn.platform,
    language: who.language,
    now: turn.at,
    timezone: who.timezone,
  };
  if (context !== null && context.ticket === null) {
    const read = commandFromForm(event.form, event.context, event.values, { ...lookup, ticket: null });
    if (read.kind === 'new')
      return prepareNew(turn, who, ear, { text: '', fields: read.draft.fields, kind: read.draft.kind });
  }
  return async (tx) => {
    const ticket = context?.ticket == null ? null : await tx.ticket(context.ticket);
    const read = commandFromForm(event.form, event.context, event.values, { ...lookup, ticket });
    if (read.kind !== 'command') return tell(tx, turn, who, ear, { text: wordsFor(who).answer.formExpired });
    const here = ticket?.threads.some((link) => link.platform === turn.platform && link.chat === chat) ?? false;
    await obey(tx, turn, who, read.command, read.ticket, { ear, quiet: here });
  };
};
