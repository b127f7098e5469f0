import { createDeliver } from '../../src/conversations/deliver.ts';
import { createHandle } from '../../src/conversations/handle.ts';
import { plain, type Form } from '../../src/conversations/card.ts';
import {
  DeliveryError,
  type ChatEvent,
  type ChatPlatform,
  type Destination,
  type HistoryMessage,
  type Immediate,
  type MessageRef,
  type Outgoing,
  type Profile,
} from '../../src/conversations/platform.ts';
import { createReceive } from '../../src/conversations/receive.ts';
import { withBindings } from '../../src/config/bindings.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import { createDesk } from '../../src/desk/perform.ts';
import { createWorld } from '../../src/desk/world.ts';
import type { TicketEvent } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { HandClock } from '../support/clock.ts';
import { at, worldWith } from '../support/world.ts';

export interface Spoken {
  readonly to: Destination;
  readonly ref: MessageRef;
  readonly marker: string;
  what: Outgoing;
}

type Bodies = ChatEvent extends infer E ? (E extends ChatEvent ? Omit<E, 'id' | 'platform' | 'at'> : never) : never;

/** A chat platform that remembers what it was told. */
export class FakePlatform implements ChatPlatform {
  readonly name = 'slack';
  readonly capabilities = {
    reactions: true,
    ephemeral: true,
    forms: true,
    edit: true,
    findByMarker: true,
    idempotentSend: false,
    urgent: false,
    slash: true,
    languages: true,
    minGapPerChatMs: 0,
    minGapPerEditMs: 0,
  };
  readonly webhooks = [];
  readonly spoken: Spoken[] = [];
  readonly whispers: { readonly user: string; readonly what: Outgoing }[] = [];
  readonly forms: Form[] = [];
  readonly histories = new Map<string, readonly HistoryMessage[]>();
  readonly threads = new Map<string, string>();
  readonly profiles = new Map<string, Profile>();
  readonly asked: string[] = [];
  down = false;
  tokens = true;
  #next = 1;

  start = async () => {};
  stop = async () => {};
  health = () => ({ ok: true, line: 'ok' });

  async send(to: Destination, what: Outgoing, marker: string): Promise<MessageRef> {
    this.#check('send');
    const message = `B${this.#next++}`;
    const chat = to.kind === 'direct' ? `D-${to.user}` : to.chat;
    const ref = { platform: this.name, chat, thread: to.kind === 'thread' ? to.thread : message, message };
    this.spoken.push({ to, ref, marker, what });
    return ref;
  }
  async edit(ref: MessageRef, what: Outgoing) {
    this.#check('edit');
    const spoken = this.spoken.find((one) => one.ref.message === ref.message);
    if (spoken) spoken.what = what;
  }
  find = async (_to: Destination, marker: string) => this.spoken.find((one) => one.marker === marker)?.ref ?? null;
  async whisper(to: { readonly user: string }, what: Outgoing) {
    this.#check('whisper');
    this.whispers.push({ user: to.user, what });
  }
  reply = async () => false;
  async openForm(_token: string, form: Form) {
    if (!this.tokens) return false;
    this.forms.push(form);
    return true;
  }
  async publishHome(user: string) {
    this.asked.push(`home ${user}`);
  }
  async profile(user: string): Promise<Profile | null> {
    this.#check(`profile ${user}`);
    const unnamed = { name: user, email: null, language: null, timezone: null, isBot: false };
    return this.profiles.get(user) ?? unnamed;
  }
  async history(chat: string, thread: string) {
    this.#check(`history ${thread}`);
    return this.histories.get(`${chat}:${thread}`) ?? [];
  }
  async threadOf(chat: string, message: string) {
    this.#check(`threadOf ${message}`);
    return this.threads.get(`${chat}:${message}`) ?? null;
  }
  chatName = async () => null;
  permalink = async () => null;

  #check(what: string) {
    this.asked.push(what);
    if (this.down) throw new DeliveryError('the platform is down');
  }
}

/** The conversation layer with a real database and desk, a hand-moved clock, and a fake platform. */
export class Scene {
  readonly platform = new FakePlatform();
  readonly clock = new HandClock(at('2026-11-23T09:41+08:00'));
  readonly storage: Storage;
  readonly logged: string[] = [];
  readonly directory;
  readonly policy;
  readonly receive;
  readonly handle;
  readonly #deliver;
  #ids = 1;

  private constructor(storage: Storage, world: ReturnType<typeof createWorld>) {
    this.storage = storage;
    const platforms = new Map<string, ChatPlatform>([['slack', this.platform]]);
    this.policy = world.policy;
    this.directory = createDirectory(
      () => world.policy(),
      () => new Set(['slack']),
    );
    const now = () => this.clock.now();
    const desk = createDesk({ clock: { now }, world, addresses: (person) => this.directory.addresses(person) });
    const note = (_about: object, message: string) => void this.logged.push(message);
    const log = { debug: note, info: note, warn: note, error: note };
    const { store } = storage;
    const shared = { store, desk, directory: this.directory, world, platforms, publicUrl: 'http://itr.test', now, log };
    this.receive = createReceive({ ...shared, inbox: storage.inbox });
    this.handle = createHandle(shared);
    this.#deliver = createDeliver(shared);
    platforms.set('slack', this.platform);
  }

  static async open(...changes: readonly (readonly [string, string])[]): Promise<Scene> {
    const { policy } = worldWith(...changes);
    const clock: { scene?: Scene } = {};
    const storage = await openStorage({
      url: 'file::memory:',
      now: () => clock.scene?.clock.now() ?? at('2026-11-23T09:41+08:00'),
      wake: () => {},
    });
    const world = createWorld(
      storage.store,
      { current: () => policy },
      () => new Set(['slack']),
      (from, bindings) => withBindings(from, bindings).policy,
    );
    const scene = new Scene(storage, world);
    clock.scene = scene;
    scene.platform.profiles.set('U0LIN', profile('林', 'zh-CN'));
    scene.platform.profiles.set('U0ZHOU', profile('周', 'zh-CN'));
    scene.platform.profiles.set('U0TOM', profile('Tom', 'en'));
    return scene;
  }

  close(): Promise<void> {
    return this.storage.close();
  }

  /** Lets something happen, and everything that follows from it. */
  async happens(body: Bodies, id = `E${this.#ids++}`): Promise<Immediate> {
    const event = { id, platform: 'slack', at: this.clock.now(), ...body } as ChatEvent;
    const immediate = await this.receive(event);
    await this.settle();
    return immediate;
  }

  async settle(): Promise<void> {
    for (;;) {
      const rows = await this.storage.queues.inbox.due(this.clock.now(), 10, new Set());
      for (const row of rows) await this.handle(row);
      if (rows.length === 0) break;
    }
    for (;;) {
      const now = this.clock.now();
      const rows = await this.storage.queues.outbox.claim(now, now + 30_000, 10, new Set());
      for (const row of rows) {
        await this.#deliver(row);
        await this.storage.queues.outbox.sent(row, now);
      }
      if (rows.length === 0) break;
    }
  }

  async post(
    user: string,
    chat: string,
    text: string,
    more: { readonly thread?: string; readonly message?: string; readonly to?: 'bot'; readonly direct?: boolean } = {},
  ): Promise<string> {
    const message = more.message ?? `M${this.#ids++}`;
    await this.happens({
      type: 'message',
      chat,
      thread: more.thread ?? message,
      message,
      user,
      text,
      mentions: [],
      addressed: more.to === 'bot' || more.direct === true,
      direct: more.direct ?? false,
      attachments: [],
    });
    return message;
  }

  async react(
    user: string,
    chat: string,
    message: string,
    emoji: string,
    type: 'reaction_added' | 'reaction_removed' = 'reaction_added',
  ) {
    await this.happens({ type, chat, message, user, emoji });
  }

  async slash(user: string, chat: string, text: string, reply: string | null = 'token') {
    await this.happens({ type: 'command', chat, user, text, reply });
  }

  async press(user: string, chat: string, thread: string | null, action: string, value: string) {
    await this.happens({ type: 'button', chat, thread, message: null, user, action, value, reply: 'token' });
  }

  async ticket(number = 1): Promise<Ticket> {
    const ticket = await this.storage.store.read.ticket(number);
    if (ticket === null) throw new Error(`there is no ITR-${number}`);
    return ticket;
  }

  timeline(number = 1): Promise<readonly TicketEvent[]> {
    return this.storage.store.read.timeline(number);
  }

  /** What was whispered to one person, as plain text. */
  whispered(user: string): string[] {
    return this.platform.whispers.filter((one) => one.user === user).map((one) => shown(one.what));
  }

  /** What the bot said in a chat, or in one thread of it. */
  heard(chat: string, thread?: string): string[] {
    return this.platform.spoken
      .filter(({ ref }) => ref.chat === chat && (thread === undefined || ref.thread === thread))
      .map(({ what }) => shown(what));
  }

  /** The message that holds the ticket's work card. */
  workCard(chat = 'C0DUTY'): MessageRef {
    const card = this.platform.spoken.find(({ ref, what }) => ref.chat === chat && what.card !== undefined);
    if (card === undefined) throw new Error('no work card');
    return card.ref;
  }
}

export const profile = (name: string, language: Profile['language']): Profile => ({
  name,
  email: null,
  language,
  timezone: null,
  isBot: false,
});

export const shown = ({ text, card, actions }: Outgoing): string =>
  [
    text ? plain(text) : '',
    ...(card
      ? [
          card.head,
          card.title,
          ...card.lines.map(plain),
          ...card.fields.map(({ label, value }) => `${label} ${plain(value)}`),
        ]
      : []),
    ...(actions ?? []).map((action) => `[${action.label}]`),
  ]
    .filter((part) => part !== '')
    .join('\n');
