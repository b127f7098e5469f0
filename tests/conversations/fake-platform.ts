import { plain, type Form } from '../../src/conversations/card.ts';
import {
  DeliveryError,
  type Capabilities,
  type ChatPlatform,
  type Destination,
  type HistoryMessage,
  type HomeSection,
  type MessageRef,
  type Outgoing,
  type Profile,
} from '../../src/conversations/platform.ts';

export interface Posted {
  readonly ref: MessageRef;
  readonly to: Destination;
  what: Outgoing;
  readonly marker: string;
  edits: number;
  gone: boolean;
}

/** A chat platform in memory: what was said stands in `posted`; faults are set before the call that shall meet them. */
export class FakePlatform implements ChatPlatform {
  readonly name = 'slack';
  capabilities: Capabilities = {
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
    minGapPerEditMs: 3_000,
  };
  readonly webhooks = [];
  readonly posted: Posted[] = [];
  readonly whispers: { readonly user: string; readonly what: Outgoing }[] = [];
  readonly replies: Outgoing[] = [];
  readonly homes = new Map<string, readonly HomeSection[]>();
  /** Thrown by the next send, edit or whisper: before it is done, or after (its outcome is unknown to the caller). */
  fault: { readonly when: 'before' | 'after'; readonly error: DeliveryError } | null = null;
  tokenWorks = true;
  #next = 1;

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health() {
    return { ok: true, line: 'fake' };
  }

  async send(to: Destination, what: Outgoing, marker: string): Promise<MessageRef> {
    this.#fail('before');
    const message = `m${this.#next++}`;
    const ref: MessageRef = {
      platform: this.name,
      chat: to.kind === 'direct' ? `D:${to.user}` : to.chat,
      thread: to.kind === 'thread' ? to.thread : message,
      message,
    };
    this.posted.push({ ref, to, what, marker, edits: 0, gone: false });
    this.#fail('after');
    return ref;
  }

  async edit(ref: MessageRef, what: Outgoing): Promise<void> {
    this.#fail('before');
    const found = this.posted.find((one) => one.ref.message === ref.message);
    if (found === undefined || found.gone) throw new DeliveryError('gone', { permanent: true, gone: true });
    found.what = what;
    found.edits += 1;
  }

  async find(_to: Destination, marker: string): Promise<MessageRef | null> {
    return this.posted.find((one) => one.marker === marker && !one.gone)?.ref ?? null;
  }

  async whisper(to: { readonly user: string }, what: Outgoing): Promise<void> {
    this.#fail('before');
    this.whispers.push({ user: to.user, what });
    this.#fail('after');
  }

  async reply(_token: string, what: Outgoing): Promise<boolean> {
    if (this.tokenWorks) this.replies.push(what);
    return this.tokenWorks;
  }

  async openForm(_token: string, _form: Form): Promise<boolean> {
    return this.tokenWorks;
  }

  async publishHome(user: string, sections: readonly HomeSection[]): Promise<void> {
    this.homes.set(user, sections);
  }

  async profile(): Promise<Profile | null> {
    return null;
  }
  async history(): Promise<readonly HistoryMessage[]> {
    return [];
  }
  async threadOf(): Promise<string | null> {
    return null;
  }
  async chatName(): Promise<string | null> {
    return null;
  }
  async permalink(): Promise<string | null> {
    return null;
  }

  /** What stands in a chat, as its readers see it: author, text, card, buttons. */
  read(chat: string): readonly string[] {
    return this.posted.filter(({ ref, gone }) => ref.chat === chat && !gone).map(({ what }) => readOutgoing(what));
  }

  #fail(when: 'before' | 'after'): void {
    const { fault } = this;
    if (fault?.when !== when) return;
    this.fault = null;
    throw fault.error;
  }
}

const readOutgoing = ({ author, text, card, actions }: Outgoing): string =>
  [
    author === undefined ? '' : `${author.name}>`,
    text === undefined ? '' : plain(text),
    card === undefined ? '' : `[${card.head}]`,
    (actions ?? []).map(({ label }) => `〔${label}〕`).join(''),
  ]
    .filter((part) => part !== '')
    .join(' ');
