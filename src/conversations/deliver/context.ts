import type { Desk, Directory } from '../../desk/desk.ts';
import type { Delivery, Store } from '../../desk/ports.ts';
import type { WorldSource } from '../../desk/world.ts';
import type { PersonRef, Ticket } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { World } from '../../domain/world.ts';
import type { Inline } from '../card.ts';
import { customerTimezone, viewOf, type TicketView } from '../cards/view.ts';
import { gestureShown } from '../gestures.ts';
import { DeliveryError, type ChatPlatform } from '../platform.ts';

export interface DeliverDeps {
  readonly store: Store;
  readonly desk: Desk;
  readonly world: Pick<WorldSource, 'current'>;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly directory: Pick<Directory, 'actor' | 'addresses'>;
  readonly publicUrl: string | null;
  readonly now: () => number;
  readonly log: { debug(about: object, message: string): void };
}

/** What delivering needs to know of a row of the outbox: no more, since chat knows no loops. */
export interface Row {
  readonly key: string;
  readonly ticket: number | null;
  readonly delivery: Delivery;
  readonly createdAt: number;
  /** An earlier attempt may have reached the platform: look before sending again. */
  readonly unknown: boolean;
}

/** Nothing can be sent to a platform that is not connected; the row waits in the dead letters until it is. */
export const platformOf = (deps: DeliverDeps, name: string): ChatPlatform => {
  const platform = deps.platforms.get(name);
  if (platform === undefined)
    throw new DeliveryError(`the platform "${name}" is not connected`, { permanent: true, scope: 'platform' });
  return platform;
};

/** In which language and time zone somebody reads. */
export interface Reader {
  readonly language: Language;
  readonly timezone: string;
}

/** The customer's side reads in the ticket's language, the service side in the file's. */
export const readerOfThread = (ticket: Ticket, role: 'origin' | 'work', world: World): Reader =>
  role === 'origin'
    ? { language: ticket.language, timezone: customerTimezone(ticket, world.policy) }
    : { language: world.policy.locale, timezone: world.policy.timezone };

export const readerOfPerson = async (deps: DeliverDeps, platform: string, user: string): Promise<Reader> => {
  const { policy } = deps.world.current();
  const person = policy.people.get(deps.directory.actor(platform, user, '', null).id);
  const identity =
    person?.locale != null && person.timezone !== null ? null : await deps.store.read.identity(platform, user);
  return {
    language: person?.locale ?? identity?.language ?? policy.locale,
    timezone: person?.timezone ?? identity?.timezone ?? policy.timezone,
  };
};

export const draw = (deps: DeliverDeps, ticket: Ticket, platform: ChatPlatform, timezone: string): TicketView => {
  const world = deps.world.current();
  const emoji = platform.capabilities.reactions ? gestureShown('claim', world.policy, platform.name) : null;
  return viewOf(ticket, world, deps.now(), deps.publicUrl, timezone, emoji);
};

/** A person by reference where the platform knows him, by name where it does not. */
export const mentionOn =
  (deps: DeliverDeps, platform: string) =>
  (person: PersonRef): Inline => {
    const address = deps.directory.addresses(person.id).find((one) => one.platform === platform);
    return address === undefined ? person.name : { kind: 'mention', user: address.user };
  };
