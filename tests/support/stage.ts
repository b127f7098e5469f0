import type { App } from './app.ts';
import type { HandClock } from './clock.ts';
import type { Scene } from './scene.ts';

/** People and chats have the same names on every platform. */
export type Person = 'lin' | 'zhou' | 'joe' | 'wei' | 'li' | 'mei' | 'zhao' | 'sun' | 'chen' | 'admin' | 'tom';
export type Chat = 'acme' | 'duty' | 'duty2' | 'boss' | 'loose' | 'new';
/** What a reaction means to the bot: each platform has its own emoji for it. */
export type Gesture = 'capture' | 'claim' | 'claim otherwise' | 'evidence' | 'confirm' | 'reopen';

export interface Message {
  /** As the platform calls it. */
  readonly chat: string;
  readonly id: string;
}

/** At top level of a chat, or in the thread under a message. */
export type Where = Chat | Message;

/** A ticket as its people have it on the screen. */
export interface Raised {
  readonly number: number;
  /** `ITR-1` */
  readonly id: string;
  /** The first message of the thread it was raised in. */
  readonly root: Message;
  /** The card in that thread. */
  readonly card: Message;
  /** The work card, and the thread under it. */
  readonly work: Message;
}

/** Resolved, and the requester has been asked in the thread whether it is. */
export interface Resolved extends Raised {
  readonly ask: Message;
}

export interface Form {
  /** Everything that stands on it. */
  readonly text: string;
  readonly submits: (values: Readonly<Record<string, string>>) => Promise<unknown>;
}

export interface StageOptions {
  readonly config?: string;
  readonly folder?: string;
  readonly database?: 'sqlite' | 'postgresql';
  /** More of the environment: `PUBLIC_URL`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Where a story can be told. */
export interface Platform<T extends Stage = Stage> {
  /** For people to read. */
  readonly title: string;
  /** As the program and the configuration call it. */
  readonly name: string;
  /** The example of the contract, with its chats and people on this platform. */
  readonly example: string;
  readonly idOf: (chat: Chat) => string;
  readonly userOf: (who: Person) => string;
  readonly open: (options?: StageOptions) => Promise<T>;
}

/**
 * A workspace with the program in it, as a story sees it: who does what, and who reads what. How that is done on the platform, the stage knows; what
 * exists on one platform alone is a test of that platform's.
 */
export abstract class Stage {
  protected abstract readonly scene: Scene;

  get app(): App {
    return this.scene.app;
  }
  get clock(): HandClock {
    return this.scene.clock;
  }

  abstract says(who: Person, where: Where, text: string): Promise<Message>;
  abstract sendsFile(who: Person, thread: Message, name: string): Promise<Message>;
  /** Says it to the bot, by its name, where everybody reads it. */
  abstract calls(who: Person, where: Where, words: string): Promise<Message>;
  /** Gives the bot an order about a chat: by the slash command there, or by its name. */
  abstract orders(who: Person, chat: Chat, words: string): Promise<void>;
  /** Asks the bot without troubling anybody else: by the slash command in the chat, or in the direct conversation. */
  abstract consults(who: Person, chat: Chat, words: string): Promise<void>;
  abstract reacts(who: Person, message: Message, gesture: Gesture): Promise<void>;
  abstract unreacts(who: Person, message: Message, gesture: Gesture): Promise<void>;
  abstract presses(who: Person, message: Message, action: string): Promise<void>;
  /** Presses, and reads what he alone is told about it. */
  abstract isTold(who: Person, message: Message, action: string): Promise<string>;
  /** Presses a button that opens a form. */
  abstract opens(who: Person, message: Message, action: string): Promise<Form>;

  /** As people read it, marks included. */
  abstract text(message: Message): string;
  /** The days of the moments that a message shows, in the project's time zone: `11-24`. */
  abstract days(message: Message): readonly string[];
  /** How the bot names somebody whom only the platform knows. */
  abstract nameOf(who: Person): string;
  /** How `text` has what is bold. */
  abstract bold(words: string): string;
  /** A message as it lies on the platform, as JSON. */
  abstract source(message: Message): string;
  /** The actions of the buttons under a message. */
  abstract buttons(message: Message): readonly string[];
  /** Whom a message of the bot calls by name. */
  abstract rings(message: Message): readonly string[];
  /** What the bot has said there and is still to be read, oldest first; in a thread without the message it hangs under. */
  abstract saidIn(where: Where): readonly Message[];
  /** The bot's side of the direct conversation with somebody, oldest first. */
  abstract saidTo(who: Person): readonly Message[];
  /** What somebody alone reads of what the bot answers to what he does in a chat, oldest first. */
  abstract whispers(who: Person): readonly Message[];
  /** Writes to the bot in the direct conversation. */
  abstract tells(who: Person, words: string): Promise<void>;

  /** What the bot made of a thread: waits for the card that names the ticket. */
  abstract ticketOf(root: Message): Promise<Omit<Raised, 'work'>>;
  /** Lin raises it, answers the one question, and it waits in the queue of the first line. */
  abstract raise(text: string, answer?: string): Promise<Raised>;
  /** Wei claims it besides. */
  abstract claimed(text: string, answer?: string): Promise<Raised>;
  /** And resolves it in the work thread. */
  abstract resolved(text: string): Promise<Resolved>;

  /** From here on the platform takes no message for this chat, and says that it never will. */
  abstract shuts(chat: Chat): void;
  abstract reopens(chat: Chat): void;
  abstract removesBot(chat: Chat): Promise<void>;
  abstract addsBot(chat: Chat): Promise<void>;
  /** Somebody new, who is called as he is named here, and reads English. */
  abstract joins(who: Person, ...chats: Chat[]): Promise<void>;
  abstract addsChat(chat: Chat, members: readonly Person[]): void;

  /** What the platform holds against the bot. */
  protected abstract complaints(): readonly string[];

  until<T>(predicate: () => T | Promise<T>): Promise<NonNullable<T>> {
    return this.scene.until(predicate);
  }
  quiet(): Promise<void> {
    return this.scene.quiet();
  }
  ticket(number: number): Promise<Record<string, unknown>> {
    return this.scene.ticket(number);
  }
  untilStatus(status: string, number: number): Promise<Record<string, unknown>> {
    return this.scene.untilStatus(status, number);
  }
  async timeline(number: number): Promise<readonly Record<string, unknown>[]> {
    return (await this.ticket(number))['timeline'] as Record<string, unknown>[];
  }
  async untilHappened(event: string, number: number): Promise<void> {
    await this.until(async () => (await this.timeline(number)).some(({ type }) => type === event));
  }

  /** The bot's messages there that hold every word. */
  found(where: Where, ...words: string[]): readonly Message[] {
    return this.saidIn(where).filter((message) => this.holds(message, words));
  }
  /** The first of them, waited for. */
  hears(where: Where, ...words: string[]): Promise<Message> {
    return this.until(() => this.found(where, ...words)[0]);
  }
  /** What the bot has told somebody directly that holds every word. */
  foundDirectly(who: Person, ...words: string[]): readonly Message[] {
    return this.saidTo(who).filter((message) => this.holds(message, words));
  }
  /** The first of it, waited for. */
  hearsDirectly(who: Person, ...words: string[]): Promise<Message> {
    return this.until(() => this.foundDirectly(who, ...words)[0]);
  }
  /** What somebody alone reads for what he does, once all else has been said. */
  async whisperAfter(who: Person, act: () => Promise<unknown>): Promise<Message> {
    await this.quiet();
    const before = this.whispers(who).length;
    await act();
    return this.until(() => this.whispers(who)[before]);
  }
  /** Presses a button that opens a form, fills it in and submits it. */
  async fillsIn(
    who: Person,
    message: Message,
    action: string,
    values: Readonly<Record<string, string>>,
  ): Promise<void> {
    await (await this.opens(who, message, action)).submits(values);
  }
  /** What the bot answers to somebody who asks it without troubling anybody else. */
  async asks(who: Person, chat: Chat, words: string): Promise<string> {
    return this.text(await this.whisperAfter(who, () => this.consults(who, chat, words)));
  }
  /** What the bot answers in the direct conversation. */
  async asksDirectly(who: Person, words: string): Promise<string> {
    await this.quiet();
    const before = this.saidTo(who).length;
    await this.tells(who, words);
    return this.text(await this.until(() => this.saidTo(who)[before]));
  }

  /** A page as a person who reads English gets it. */
  async page(path: string): Promise<string> {
    const headers = { accept: 'text/html', 'accept-language': 'en' };
    return (await fetch(`${this.app.url}${path}`, { headers })).text();
  }

  /** Stops and starts again with what was kept in a folder. */
  async restarts(folder: string): Promise<void> {
    await this.app.stop();
    await this.scene.startApp(folder);
  }

  /** How a story has to end: nothing said that the platform frowns upon, nothing given up. */
  async troubles(): Promise<readonly unknown[]> {
    await this.quiet();
    return [...this.complaints(), ...(await this.app.storage.queues.outbox.deadLetters(10))];
  }
  close(): Promise<void> {
    return this.scene.close();
  }

  private holds(message: Message, words: readonly string[]): boolean {
    return words.every((word) => this.text(message).includes(word));
  }
}
