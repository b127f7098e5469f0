import { expect } from 'vitest';

import type { RichText } from '../../src/conversations/card.ts';
import type { ChatEvent, ChatPlatform, Destination, MessageRef, Receive } from '../../src/conversations/platform.ts';
import type { HandClock } from '../support/clock.ts';

export type Who = 'lin' | 'wei';

export interface Saying {
  /** The root of the thread it is said in; left out: at top level of the chat. */
  readonly thread?: string;
  readonly direct?: true;
  /** Name of a file that comes with it. */
  readonly file?: string;
}

type Now<T> = T | Promise<T>;

export interface Outage {
  readonly name: string;
  readonly begin: () => void | Promise<void>;
  /** What a send that fails in it has to say: it may have been done all the same. */
  readonly unknown: boolean;
  /** How many sends may say that they do not know before one does: each finds one connection dead that had been open. */
  readonly connections?: number;
}

/** An adapter in front of its platform, which Lin and Wei use; both are in `chat`. */
export interface PlatformBench {
  readonly platform: ChatPlatform;
  /** What was handed to `receive`, in order; also what it then refused. */
  readonly events: ChatEvent[];
  /** Replaced by a test that stores otherwise. */
  receive: Receive;
  /** The product's and the platform's. */
  readonly clock: HandClock;

  readonly ids: Readonly<Record<Who, string>>;
  readonly names: Readonly<Record<Who, string>>;
  readonly nobody: string;
  readonly chat: string;
  readonly chatTitle: string;
  readonly nowhere: string;
  /** A message of `chat` that never was, of the platform's form. */
  readonly noMessage: string;
  /** How people write to the bot: what they type in front. */
  readonly atBot: string;
  readonly emoji: string;
  /** People can send files. */
  readonly files: boolean;
  /** The platform's limit of a text makes the adapter cut a long one. */
  readonly cuts: boolean;
  /** The platform lets a bot in by keys. */
  readonly keys: boolean;

  /** Resolves after the first attempt to tell the bot, whatever came of it: the message's id. */
  says(who: Who, text: string, how?: Saying): Promise<string>;
  reacts(who: Who, message: string): Promise<void>;
  unreacts(who: Who, message: string): Promise<void>;
  /** Presses the button with this label. */
  presses(who: Who, ref: MessageRef, label: string): Promise<void>;
  /** Fills in the form that is open for him: what was wrong with it, as he is told. */
  submits(who: Who, values: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** Another bot of the chat speaks to ours; nothing where there are no others. */
  otherBotSays(text: string): Promise<void>;
  /** Takes a message of the bot's away: the reference to what is there no more. */
  vanishes(ref: MessageRef): Promise<MessageRef>;

  /** Things told to the bot that it has acknowledged. */
  acknowledged(): number;
  /** The platform comes again with what was not acknowledged. */
  comesAgain(): void;
  /** Nothing is on its way any more. */
  settled(): Promise<void>;

  /** A message as people read it; empty: it is not there. */
  text(ref: MessageRef): Now<string>;
  /** What everybody in the chat reads. */
  shown(chat: string): Now<readonly string[]>;
  /** What one person reads and nobody else does: direct messages, and what was whispered to him. */
  seenBy(who: Who): Now<readonly string[]>;
  /** A message as it lies on the platform, as JSON. */
  stored(ref: MessageRef): Now<string>;
  /** The ids of those whom a message rings, as the platform reads it; `everybody` for its words for all. */
  rings(ref: MessageRef): Now<readonly string[]>;
  members(chat: string): Now<readonly string[]>;

  readonly outages: readonly Outage[];
  refuseKeys(): void | Promise<void>;
  acceptKeys(): void | Promise<void>;
  /** It is not there, until `up`. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

export type OpenPlatform = (options?: { readonly start?: false }) => Promise<PlatformBench>;

/** Each event once, however often it came. */
export const heard = ({ events }: PlatformBench): ChatEvent[] => [...new Map(events.map((e) => [e.id, e])).values()];

type OfType<T extends ChatEvent['type']> = Extract<ChatEvent, { readonly type: T }>;

/** The one event of this type. */
export const theOnly = <T extends ChatEvent['type']>(bench: PlatformBench, type: T): OfType<T> => {
  const found = heard(bench).filter((event): event is OfType<T> => event.type === type);
  expect(
    found.map((event) => event.type),
    `events: ${JSON.stringify(bench.events)}`,
  ).toEqual([type]);
  return found[0]!;
};

export const inChat = (bench: PlatformBench): Destination => ({ kind: 'chat', chat: bench.chat });

let markers = 0;
/** Unique per message. */
export const marker = (): string => `contract-${(markers += 1)}`;

export const sendText = (bench: PlatformBench, to: Destination, ...text: RichText): Promise<MessageRef> =>
  bench.platform.send(to, { text, language: 'en' }, marker());

/** Somebody presses a button of a new message in the chat: the token of it. Whoever waits for the answer still waits. */
export const pressed = async (
  bench: PlatformBench,
  who: Who,
): Promise<{ readonly token: string; readonly ref: MessageRef; readonly done: Promise<void> }> => {
  const actions = [{ action: 'edit', value: '7', label: 'Edit' }];
  const ref = await bench.platform.send(inChat(bench), { text: ['press me'], actions, language: 'en' }, marker());
  const before = bench.events.length;
  const done = bench.presses(who, ref, 'Edit');
  await expect.poll(() => bench.events.length).toBeGreaterThan(before);
  const event = bench.events.at(-1);
  if (event?.type !== 'button' || event.reply === null) throw new Error(`no token: ${JSON.stringify(event)}`);
  return { token: event.reply, ref, done };
};
