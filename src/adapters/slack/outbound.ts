import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import type { Form } from '../../conversations/card.ts';
import {
  DeliveryError,
  type Destination,
  type HomeSection,
  type MessageRef,
  type Outgoing,
  type ReplyToken,
} from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import type { Api } from './api.ts';
import { drawMessage, drawPlain, MAX_EDIT_TEXT, MAX_SEND_TEXT, type Drawn } from './blocks.ts';
import { Cache } from '../cache.ts';
import { codeOf, DRAWING_ERRORS } from './errors.ts';
import { drawHome } from './home.ts';
import { drawForm } from './modals.ts';
import { answerInteraction } from './respond.ts';
import { decodeReply, TRIGGER_MS } from './token.ts';
import { checkMessage, checkView } from './validate.ts';

/** Under this type our marker stands in a message's metadata; people do not see it. */
export const MARKER = 'itr_outbox';

const QUIET = { unfurl_links: false, unfurl_media: false } as const;
const DIRECT_MS = 24 * 3_600_000;

/** Everything the bot says. One call of Slack's each, never repeated here: what to do after a failure is the outbox's decision. */
export class Outbound {
  private readonly directs: Cache<string>;
  private readonly api: Api;
  private readonly log: Logger;
  private readonly apiUrl: string;
  private readonly now: () => number;

  constructor(options: {
    readonly api: Api;
    readonly apiUrl: string;
    readonly log: Logger;
    readonly now: () => number;
  }) {
    this.api = options.api;
    this.apiUrl = options.apiUrl;
    this.log = options.log;
    this.now = options.now;
    this.directs = new Cache(DIRECT_MS, options.now);
  }

  async send(to: Destination, what: Outgoing, marker: string): Promise<MessageRef> {
    const chat = await this.chatOf(to);
    const thread = to.kind === 'thread' ? to.thread : null;
    const metadata = { event_type: MARKER, event_payload: { marker } };
    const message = await this.drawn(what, MAX_SEND_TEXT, async ({ text, blocks }) => {
      const sent = await this.api.call('chat.postMessage', (client) =>
        client.chat.postMessage({
          channel: chat,
          text,
          metadata,
          ...QUIET,
          ...(blocks.length === 0 ? {} : { blocks: [...blocks] }),
          ...(thread === null ? {} : { thread_ts: thread }),
        }),
      );
      return sent.ts;
    }).catch((error: unknown) => {
      // The direct conversation may have been closed for good (a person who left and came back).
      if (to.kind === 'direct' && error instanceof DeliveryError && error.scope === 'chat')
        this.directs.forget(to.user);
      throw error;
    });
    if (message === undefined)
      throw new DeliveryError('Slack chat.postMessage: an answer without ts', { unknown: true });
    return { platform: 'slack', chat, thread: thread ?? message, message };
  }

  async edit(ref: MessageRef, what: Outgoing): Promise<void> {
    await this.drawn(what, MAX_EDIT_TEXT, ({ text, blocks }) =>
      this.api.call('chat.update', (client) =>
        // An empty list takes the old blocks away; left out, they would stay above the new text.
        client.chat.update({ channel: ref.chat, ts: ref.message, text, blocks: [...blocks] }),
      ),
    );
  }

  async whisper(
    to: { readonly chat: string; readonly thread: string | null; readonly user: string },
    what: Outgoing,
  ): Promise<void> {
    // A direct conversation has nobody to hide it from.
    if (to.chat.startsWith('D')) return this.sayTo(to.chat, to.thread, what);
    try {
      await this.drawn(what, MAX_EDIT_TEXT, ({ text, blocks }) =>
        this.api.call('chat.postEphemeral', (client) =>
          client.chat.postEphemeral({
            channel: to.chat,
            user: to.user,
            text,
            ...(blocks.length === 0 ? {} : { blocks: [...blocks] }),
            ...(to.thread === null ? {} : { thread_ts: to.thread }),
          }),
        ),
      );
    } catch (error) {
      // Not in the channel (any more), or the bot is not: said directly instead.
      if (!(error instanceof DeliveryError) || !error.gone) throw error;
      await this.sayTo(await this.directOf(to.user), null, what);
    }
  }

  async reply(token: ReplyToken, what: Outgoing): Promise<boolean> {
    const reply = decodeReply(token);
    if (reply === null) return false;
    return answerInteraction(reply, this.guarded(what, MAX_EDIT_TEXT), { apiUrl: this.apiUrl, now: this.now() });
  }

  async openForm(token: ReplyToken, form: Form): Promise<boolean> {
    const trigger = decodeReply(token);
    if (trigger === null || trigger.trigger === null || this.now() - trigger.at > TRIGGER_MS) return false;
    const trigger_id = trigger.trigger;
    const view: ModalView = drawForm(form);
    this.report(checkView(view), `form ${form.id}`);
    try {
      await this.api.call('views.open', (client) => client.views.open({ trigger_id, view }));
      return true;
    } catch (error) {
      if (/_trigger_id$|^trigger_/.test(codeOfCause(error) ?? '')) return false;
      throw error;
    }
  }

  async publishHome(user: string, sections: readonly HomeSection[], language: Language): Promise<void> {
    const view = drawHome(sections, language);
    this.report(checkView(view), 'home page');
    await this.api.call('views.publish', (client) => client.views.publish({ user_id: user, view }));
  }

  async chatOf(to: Destination): Promise<string> {
    return to.kind === 'direct' ? this.directOf(to.user) : to.chat;
  }

  private directOf(user: string): Promise<string> {
    return this.directs.get(user, async () => {
      const opened = await this.api.call('conversations.open', (client) => client.conversations.open({ users: user }));
      if (opened.channel?.id === undefined)
        throw new DeliveryError('Slack conversations.open: an answer without channel');
      return opened.channel.id;
    });
  }

  private async sayTo(chat: string, thread: string | null, what: Outgoing): Promise<void> {
    await this.drawn(what, MAX_SEND_TEXT, ({ text, blocks }) =>
      this.api.call('chat.postMessage', (client) =>
        client.chat.postMessage({
          channel: chat,
          text,
          ...QUIET,
          ...(blocks.length === 0 ? {} : { blocks: [...blocks] }),
          ...(thread === null ? {} : { thread_ts: thread }),
        }),
      ),
    );
  }

  /** Draws and says it; in plain text where our check or Slack refuses the drawing. A refusal is an answer: nothing was said yet. */
  private async drawn<T>(what: Outgoing, maxText: number, say: (drawn: Drawn) => Promise<T>): Promise<T> {
    const drawn = this.guarded(what, maxText);
    try {
      return await say(drawn);
    } catch (error) {
      const code = codeOfCause(error);
      if (code === null || !DRAWING_ERRORS.has(code) || drawn.blocks.length === 0) throw error;
      this.log.error({ err: error }, 'Slack refused our blocks; said in plain text instead');
      return await say(drawPlain(what, maxText));
    }
  }

  private guarded(what: Outgoing, maxText: number): Drawn {
    const drawn = drawMessage(what, maxText);
    const wrong = checkMessage(drawn, { text: maxText });
    if (wrong.length === 0) return drawn;
    this.report(wrong, 'message');
    return drawPlain(what, maxText);
  }

  private report(wrong: readonly string[], what: string): void {
    if (wrong.length > 0) this.log.error({ wrong: wrong.slice(0, 5) }, `Beyond Slack's limits: ${what}`);
  }
}

const codeOfCause = (error: unknown): string | null => (error instanceof DeliveryError ? codeOf(error.cause) : null);
