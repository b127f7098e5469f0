import type { ReplyToken } from '../../conversations/platform.ts';
import { isRaw, text, type Raw } from './payload.ts';

/** What one interaction lets the bot do for a short while. */
export interface Reply {
  /** Opens one modal, within 3 s. */
  readonly trigger: string | null;
  /** 5 answers within 30 min. */
  readonly url: string | null;
  readonly chat: string | null;
  /** Where a private answer is shown: without it Slack shows it at the channel's end, far from the button. */
  readonly thread: string | null;
  readonly user: string;
  /** When it reached us, by our own clock: never before Slack's, so a window that is over by it is over. */
  readonly at: number;
}

export const TRIGGER_MS = 3_000;
export const RESPONSE_URL_MS = 30 * 60_000;

const encodeReply = (reply: Reply): ReplyToken => Buffer.from(JSON.stringify(reply)).toString('base64url');

/** Null: not a token of ours. */
export const decodeReply = (token: ReplyToken): Reply | null => {
  try {
    const raw: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!isRaw(raw)) return null;
    const user = text(raw, 'user');
    if (user === null || typeof raw['at'] !== 'number') return null;
    return {
      trigger: text(raw, 'trigger'),
      url: text(raw, 'url'),
      chat: text(raw, 'chat'),
      thread: text(raw, 'thread'),
      user,
      at: raw['at'],
    };
  } catch {
    return null;
  }
};

/** `where.thread`: of a message in a thread only; a channel's own message must not get a thread by an answer. */
export const replyOf = (
  payload: Raw,
  where: { readonly chat: string | null; readonly thread?: string | null },
  user: string,
  now: number,
): ReplyToken | null => {
  const trigger = text(payload, 'trigger_id');
  const url = text(payload, 'response_url');
  return trigger === null && url === null
    ? null
    : encodeReply({ trigger, url, chat: where.chat, thread: where.thread ?? null, user, at: now });
};
