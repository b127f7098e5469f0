import { tellHelp, tellUnknown, type Place } from './answers.ts';
import { prepareNew } from './new.ts';
import { inboundTexts } from '../texts/inbound.ts';
import { whoIs } from './people.ts';
import { parseFor, run } from './run.ts';
import { chatOfCommand, tell, type Act, type EventOf, type Turn } from './turn.ts';

/** Slash commands know no thread: without a number where one is needed, the bot asks which. */
export const onCommand = async (turn: Turn, event: EventOf<'command'>): Promise<Act | null> => {
  // The door has opened the form that this command lacks something for.
  if (event.formOpened) return null;
  const who = await whoIs(turn, event.user, event.chat, event.text);
  if (who.isBot) return null;
  const ear: Place = { chat: chatOfCommand(event), thread: null, reply: event.reply };
  if (event.text.trim() === '') return (tx) => tellHelp(tx, turn, who, ear);
  const parsed = parseFor(turn, who, event.text, null);
  if (parsed === null) return (tx) => tellUnknown(tx, turn, who, ear, event.text, null);
  if (parsed.command !== 'capture')
    return (tx) => run(tx, turn, who, parsed, { ear, here: null, inThread: false, said: event.text });
  if (parsed.text === '') return (tx) => tell(tx, turn, who, ear, { text: inboundTexts(who.language).newNeedsTitle });
  return prepareNew(turn, who, ear, { text: parsed.text });
};
