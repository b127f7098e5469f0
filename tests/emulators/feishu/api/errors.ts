import type { JsonObject } from '../types.ts';

/** Answered as `{code, msg, error}` with the HTTP status the documentation names. */
export class ApiError extends Error {
  readonly code: number;
  readonly status: number;
  readonly extra: JsonObject;
  readonly headers: Record<string, string>;

  constructor(
    code: number,
    msg: string,
    more: { status?: number; extra?: JsonObject; headers?: Record<string, string> } = {},
  ) {
    super(msg);
    this.code = code;
    this.status = more.status ?? 400;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The sentences of the documentation. Some numbers mean something else on another API: those are said where they occur. */
const sentences: Record<number, string> = {
  230001: 'Your request contains an invalid request parameter.',
  230002: 'The bot can not be outside the group.',
  230006: 'Bot ability is not activated.',
  230009: 'Message has expired when recall message.',
  230011: 'The message is recalled.',
  230012: 'Bot is NOT the sender of the message.',
  230013: 'Bot has NO availability to this user.',
  230020: 'This operation triggers the frequency limit.',
  230023: 'The user has too many unread urgent messages.',
  230024: 'Reach the upper limit of urgent message.',
  230025: 'The length of the message content reaches its limit.',
  230026: 'No permission to recall this message.',
  230027: 'Lack of necessary permissions.',
  230029: 'User has resigned.',
  230031: 'Message can only be modified within 14 days after sending.',
  230034: 'The receive_id is invalid.',
  230035: 'Send Message Permission deny.',
  230038: 'Cross tenant p2p chat operate forbid.',
  230052: 'Can not urgent this message.',
  230053: 'The user has stopped the bot from sending messages.',
  230110: 'Action unavailable as the message has been deleted.',
  231001: 'reaction type is invalid.',
  231003: 'The message is not found, maybe not exist or deleted.',
  231007: 'The operator has no permission to delete this reaction.',
  231008: 'The operator has no access to the message.',
  231011: 'The request has an invalid reaction_id.',
  232001: 'Your request contains an invalid request parameter.',
  232006: 'Your request specifies a chat_id which is invalid.',
  232009: 'Your request specifies a chat which has already been dissolved.',
  232011: 'Operator can NOT be out of the chat.',
  234001: 'Invalid request param.',
  234003: 'File not in message.',
  234004: 'App not in chat.',
  234037: 'Downloaded file size exceeds limit.',
  234043: 'Unsupported message type.',
};

export const refused = (code: number, detail = ''): ApiError =>
  new ApiError(code, `${sentences[code] ?? 'failed'}${detail === '' ? '' : ` ext=${detail}`}`);

/** The gateway's own check of required fields, before the API sees the call. */
export const missing = (field: string): ApiError =>
  new ApiError(99992402, 'field validation failed', {
    extra: { field_violations: [{ field, description: `${field} is required` }] },
  });
