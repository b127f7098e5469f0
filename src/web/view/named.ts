import type { Directory } from '../../desk/desk.ts';
import { withNames } from '../../desk/names.ts';
import type { Store } from '../../desk/ports.ts';
import type { TicketEvent } from '../../domain/events.ts';

/** The timeline as people read it: whoever is named in what was said stands there by name. */
export function named(
  timeline: readonly TicketEvent[],
  { directory, store }: { readonly directory: Pick<Directory, 'actor'>; readonly store: Pick<Store, 'read'> },
): Promise<readonly TicketEvent[]> {
  return Promise.all(
    timeline.map(async (event) => {
      if (!('key' in event) || event.key === null || !('text' in event) || event.text === null) return event;
      return { ...event, text: await withNames(event.text, event.key.platform, directory, store.read) };
    }),
  );
}
