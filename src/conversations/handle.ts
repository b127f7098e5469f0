/**
 * What came in through the door is acted on here, one event of a lane at a time. Each handler first prepares, outside of any transaction, whatever it
 * has to ask a platform; then everything it does is one transaction, with the inbox row taken out first. If anything throws, nothing of it stays, and
 * the loop comes again.
 */
import { onButton } from './handle/buttons.ts';
import { onCaptureAsked } from './handle/capture.ts';
import { onForm } from './handle/forms.ts';
import { questionFor } from './handle/identify.ts';
import { onDeleted, onEdited, onMessage } from './handle/messages.ts';
import { onChatChange, onHomeOpened, onPersonChanged, onTrouble } from './handle/presence.ts';
import { onReactionAdded, onReactionRemoved } from './handle/reactions.ts';
import { onCommand } from './handle/slash.ts';
import type { Act, HandleDeps, StoredEvent, Turn } from './handle/turn.ts';

export { NotYet } from './handle/turn.ts';
export type { HandleDeps } from './handle/turn.ts';

/** What this needs of an inbox row. */
export interface EventRow {
  readonly id: string;
  readonly payload: string;
  /** How often it was tried before. */
  readonly attempts: number;
  readonly receivedAt: number;
}

/** Resolves when the row is out of the queue and everything it caused is committed. Throws: nothing of it stays. */
export const createHandle =
  (deps: HandleDeps) =>
  async (row: EventRow): Promise<void> => {
    const event = JSON.parse(row.payload) as StoredEvent;
    const world = deps.world.current();
    const turn: Turn = {
      deps,
      world,
      policy: world.policy,
      platform: event.platform,
      chatPlatform: deps.platforms.get(event.platform) ?? null,
      id: row.id,
      at: event.at,
      now: deps.now(),
      retried: row.attempts > 0,
      fetched: [],
      afterwards: [],
      said: 0,
      replied: false,
    };
    const act = await prepare(turn, event);
    const question = await questionFor(turn, event);
    await deps.store.write(async (tx) => {
      // A transaction that met another writer may be run again: what was counted in the first run must not count.
      turn.said = 0;
      turn.replied = false;
      if (!(await tx.finishInbox(row.id))) return;
      for (const identity of turn.fetched) await tx.saveIdentity(identity);
      await act?.(tx);
      await question?.(tx);
    });
    if ('reply' in event && event.reply !== null && !turn.replied) turn.chatPlatform?.settled?.(event.reply);
    for (const after of turn.afterwards) await after();
  };

/** Null: nothing to do but to take it out of the queue. */
const prepare = (turn: Turn, event: StoredEvent): Promise<Act | null> => {
  switch (event.type) {
    case 'message':
      return onMessage(turn, event);
    case 'message_edited':
      return onEdited(turn, event);
    case 'message_deleted':
      return onDeleted(turn, event);
    case 'reaction_added':
      return onReactionAdded(turn, event);
    case 'reaction_removed':
      return onReactionRemoved(turn, event);
    case 'button':
      return onButton(turn, event);
    case 'command':
      return onCommand(turn, event);
    case 'form':
      return onForm(turn, event);
    case 'capture':
      return onCaptureAsked(turn, event);
    case 'home_opened':
      return onHomeOpened(turn, event);
    case 'bot_joined':
    case 'bot_left':
    case 'chat_moved':
    case 'chat_closed':
    case 'chat_reopened':
      return onChatChange(turn, event);
    case 'platform_trouble':
      return onTrouble(turn, event);
    case 'person_changed':
      return onPersonChanged(turn, event);
  }
};
