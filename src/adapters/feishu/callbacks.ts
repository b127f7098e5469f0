import { randomUUID } from 'node:crypto';
import type { ReplyToken } from '../../conversations/platform.ts';
import { isRaw, text, type Raw } from '../raw.ts';

/** Feishu waits 3 s for the answer to a press, and shows the person an error then. */
export const ANSWER_WITHIN_MS = 2_300;

export interface Toast {
  readonly type: 'info' | 'success' | 'warning' | 'error';
  readonly content: string;
}

/** What one press, or one word in the menu, lets the bot do. */
export interface Press {
  /** Under which the press waits for its answer, in this process. */
  readonly id: string;
  readonly user: string;
  readonly chat: string | null;
  readonly message: string | null;
}

export const encodePress = (press: Press): ReplyToken => Buffer.from(JSON.stringify(press)).toString('base64url');

/** Null: not a token of ours. */
export const decodePress = (token: ReplyToken): Press | null => {
  try {
    const raw: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!isRaw(raw)) return null;
    const [id, user] = [text(raw, 'id'), text(raw, 'user')];
    return id === null || user === null ? null : { id, user, chat: text(raw, 'chat'), message: text(raw, 'message') };
  } catch {
    return null;
  }
};

/**
 * Presses that wait for their answer. Feishu wants it in the very response, so the press is held open until it was handled, as long as that is soon: what
 * is private is then a toast over the card that was pressed. Another process may handle it; then nothing is shown here, and it is said directly.
 */
export class Callbacks {
  private readonly open = new Map<string, (toast: Toast | null) => void>();

  /** `answer` resolves with what is to be shown: null where there is nothing, or nothing in time. */
  wait(press: Omit<Press, 'id'>): {
    readonly token: ReplyToken;
    readonly answer: Promise<Toast | null>;
    readonly drop: () => void;
  } {
    const id = randomUUID();
    const { promise, resolve } = withResolvers<Toast | null>();
    const timer = setTimeout(() => this.end(id, null), ANSWER_WITHIN_MS);
    timer.unref();
    this.open.set(id, (toast) => {
      clearTimeout(timer);
      resolve(toast);
    });
    return { token: encodePress({ id, ...press }), answer: promise, drop: () => void this.end(id, null) };
  }

  /** False: nobody waits any more. */
  end(id: string, toast: Toast | null): boolean {
    const resolve = this.open.get(id);
    this.open.delete(id);
    resolve?.(toast);
    return resolve !== undefined;
  }

  waits(id: string): boolean {
    return this.open.has(id);
  }
}

const withResolvers = <T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
};

/** The body of Feishu's answer. */
export const answerBody = (toast: Toast | null, card: Raw | null): Raw => ({
  ...(toast === null ? {} : { toast }),
  ...(card === null ? {} : { card: { type: 'raw', data: card } }),
});
