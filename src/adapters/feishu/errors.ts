import { DeliveryError } from '../../conversations/platform.ts';
import { NoAnswer, Refusal } from './http.ts';

/** The calls whose errors differ: 230071, 230072 and 230075 mean one thing on `reply` and another on `update`. */
export type ApiName =
  | 'im.message.create'
  | 'im.message.reply'
  | 'im.message.update'
  | 'im.message.patch'
  | 'im.message.get'
  | 'im.message.list'
  | 'im.message.reaction.list'
  | 'im.message.urgent_app'
  | 'im.message.urgent_sms'
  | 'im.message.urgent_phone'
  | 'im.chat.create'
  | 'im.chat.get'
  | 'im.chat.members.create'
  | 'contact.user.batch'
  | 'contact.user.batch_get_id'
  | 'application.scopes'
  | 'bot.info'
  | 'auth.token';

/** A fresh token mends these, once. */
export const TOKEN_CODES: ReadonlySet<number> = new Set([99991661, 99991663, 99991664, 99991665, 99991668, 99991671]);

/** The app id, its secret, or the app itself is refused: nothing works until somebody acts. */
export const ACCESS_CODES: ReadonlySet<number> = new Set([10003, 10005, 10012, 10014, 10015, 99991401, 99991402]);

/** Not of the app's list of addresses. */
export const IP_REFUSED = 99991401;

export const MISSING_SCOPE: ReadonlySet<number> = new Set([99991672, 99991679]);

/** Our card is at fault; said in plain text it may pass. */
export const DRAWING_CODES: ReadonlySet<number> = new Set([230099, 230025, 200621, 200861, 230001]);

/** Of `update`: the message is a card. */
export const NOT_OF_THIS_TYPE = 230054;

/** A thread cannot be made of this message, or not in this chat. */
export const NO_TOPIC_CODES: ReadonlySet<number> = new Set([230071, 230072]);

/** The message that would be answered was recalled, or deleted. */
export const RECALLED_CODES: ReadonlySet<number> = new Set([230011, 230110]);

/** 232019: the same, of the calls for groups. */
const RATE_CODES: ReadonlySet<number> = new Set([99991400, 11232, 232019]);
const CHAT_RATE = 230020;
const LATER_CODES: ReadonlySet<number> = new Set([230049, 2200, 1500]);
/** A free tenant's calls of the month are used up. */
export const QUOTA_OF_MONTH = 99991403;

/** A message that is there no more, or can be changed no more. */
const MESSAGE_GONE: ReadonlySet<number> = new Set([230011, 230019, 230031, 230110, 230003, 230005]);
/** Of `update` only: not the sender, 20 edits used up, too late, a card where a text would be edited. */
const UPDATE_GONE: ReadonlySet<number> = new Set([230071, 230072, 230075, NOT_OF_THIS_TYPE]);
const CHAT_GONE: ReadonlySet<number> = new Set([230002, 230018, 230027, 230035, 232009, 232010, 232011, 230006]);
const PERSON_GONE: ReadonlySet<number> = new Set([230013, 230029, 230053]);
/** Refused before the API itself saw it: an ill-formed field, somebody whom the app cannot know. */
const MALFORMED: ReadonlySet<number> = new Set([99992402, 99992351, 99992360, 40001, 41050]);

const MINUTE = 60_000;

/** Feishu's own number for what went wrong; null where it never said one. */
export const codeOf = (error: unknown): number | null => {
  const inner = error instanceof DeliveryError ? error.cause : error;
  return inner instanceof Refusal ? inner.code : null;
};

/**
 * What an error means for the outbox. Sends carry a `uuid`, so what is `unknown` may be sent again within the hour in which Feishu remembers it.
 */
export const toDeliveryError = (api: ApiName, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  if (error instanceof NoAnswer)
    return new DeliveryError(`Feishu ${api}: ${error.message}`, {
      unknown: error.sent,
      scope: 'platform',
      cause: error,
    });
  if (error instanceof Refusal) return refused(api, error);
  return new DeliveryError(`Feishu ${api}: ${error instanceof Error ? error.message : String(error)}`, {
    unknown: true,
    cause: error,
  });
};

/** A no that stays one until somebody changes something. */
export const isRefused = (error: unknown): boolean =>
  error instanceof DeliveryError && (error.permanent || MISSING_SCOPE.has(codeOf(error) ?? 0));

const refused = (api: ApiName, refusal: Refusal): DeliveryError => {
  const { code, status } = refusal;
  const where = refusal.logId === null ? '' : ` (log_id ${refusal.logId})`;
  const wrap = (options: ConstructorParameters<typeof DeliveryError>[1]): DeliveryError =>
    new DeliveryError(`Feishu ${api}: ${refusal.message}${where}`, { ...options, cause: refusal });
  if (status === 429 || (code !== null && RATE_CODES.has(code)))
    return wrap({ retryAfterMs: refusal.resetMs ?? 1_000, scope: 'platform' });
  // Shared with every other bot of the chat, and without a word on when.
  if (code === CHAT_RATE) return wrap({ retryAfterMs: 1_000, scope: 'chat' });
  if (code === null || status >= 500) return wrap({ unknown: status >= 500, scope: 'platform' });
  if (LATER_CODES.has(code)) return wrap({ unknown: code !== 230049 });
  if (code === QUOTA_OF_MONTH) return wrap({ retryAfterMs: 60 * MINUTE, scope: 'platform' });
  if (ACCESS_CODES.has(code) || TOKEN_CODES.has(code)) return wrap({ retryAfterMs: 5 * MINUTE, scope: 'platform' });
  if (MISSING_SCOPE.has(code)) return wrap({ retryAfterMs: 10 * MINUTE });
  const update = api === 'im.message.update' || api === 'im.message.patch';
  if (MESSAGE_GONE.has(code) || (update && UPDATE_GONE.has(code))) return wrap({ permanent: true, gone: true });
  if (CHAT_GONE.has(code) || code === 230075) return wrap({ permanent: true, gone: true, scope: 'chat' });
  if (PERSON_GONE.has(code)) return wrap({ permanent: true, gone: true });
  // 230001, 230025, 230028 (data loss prevention), 230099 …: it will be refused again. What nobody has listed may pass one day.
  return wrap({ permanent: MALFORMED.has(code) || (code >= 230000 && code < 240000) });
};
