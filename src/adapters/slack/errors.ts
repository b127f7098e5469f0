import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { DeliveryError } from '../../conversations/platform.ts';
import { neverSent } from '../network.ts';

/** Slack's own word for what went wrong; null where it never said one. */
export const codeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError && /^[a-z0-9_]{1,80}$/.test(error.data.error) ? error.data.error : null;

/** The token is dead or the app is gone: nothing works until somebody acts. */
export const ACCESS_ERRORS: ReadonlySet<string> = new Set([
  'token_revoked',
  'token_expired',
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'user_removed_from_team',
  'team_disabled',
  'team_access_not_granted',
  'org_login_required',
  'app_access_restricted',
]);

/** A message that cannot be edited any more: a new one is needed. */
const MESSAGE_GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'block_mismatch',
  'cannot_reply_to_message',
  'thread_not_found',
]);

const CHAT_GONE: ReadonlySet<string> = new Set([
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'not_in_channel',
  'thread_locked',
  'messages_tab_disabled',
  'channel_is_limited_access',
  'ekm_access_denied',
]);

/** The person cannot be written to. */
const PERSON_GONE: ReadonlySet<string> = new Set([
  'user_not_found',
  'users_not_found',
  'user_not_visible',
  'user_disabled',
  'user_not_in_channel',
  'cannot_dm_bot',
  'invalid_user_combination',
]);

/** Our drawing is at fault; said in plain text it may pass. */
export const DRAWING_ERRORS: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'too_many_attachments',
  'invalid_attachments',
  'invalid_arguments',
]);

const OUR_FAULT: ReadonlySet<string> = new Set([
  ...DRAWING_ERRORS,
  'metadata_too_large',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'view_too_large',
  'unknown_method',
  'invalid_arg_name',
]);

/** Slack's documentation: "it is possible that some aspect of the operation succeeded before the error". */
const MAYBE_DONE: ReadonlySet<string> = new Set(['fatal_error', 'internal_error']);

/** Somebody has to change the installation; the rest of the platform goes on. */
const NOT_ALLOWED: ReadonlySet<string> = new Set([
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
]);

const MINUTE = 60_000;

/**
 * What an error of the SDK means for the outbox. Only what certainly did not happen may be tried again blindly: chat.postMessage knows no idempotency
 * key, so a dropped answer, a timeout or a 5xx is `unknown`, and the message is looked for first.
 */
export const toDeliveryError = (method: string, error: unknown): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const because = (what: string): string => `Slack ${method}: ${what}`;
  if (error instanceof WebAPIRateLimitedError) return rateLimited(method, error.retryAfter * 1000, error);
  if (error instanceof WebAPIPlatformError) return platformError(method, error);
  if (error instanceof WebAPIHTTPError) {
    // A 4xx never reached the method (a proxy, a wrong address); a 5xx may have.
    const maybe = error.statusCode >= 500 || error.statusCode === 408;
    return new DeliveryError(because(`HTTP ${error.statusCode}`), { unknown: maybe, scope: 'platform', cause: error });
  }
  if (error instanceof WebAPIRequestError) {
    const unsent = neverSent(error.original) !== null;
    return new DeliveryError(because(unsent ? 'not reachable' : 'the connection broke or timed out'), {
      unknown: !unsent,
      scope: 'platform',
      cause: error,
    });
  }
  // The SDK's words for a 429 whose Retry-After it cannot read.
  if (error instanceof Error && error.message.startsWith('Retry header')) return rateLimited(method, MINUTE, error);
  // The answer broke off while it was read.
  return new DeliveryError(because(error instanceof Error ? error.message : String(error)), {
    unknown: true,
    cause: error,
  });
};

/** One message per second belongs to one channel; every other limit counts per method and workspace. */
const rateLimited = (method: string, retryAfterMs: number, cause: unknown): DeliveryError =>
  new DeliveryError(`Slack ${method}: rate limited`, {
    retryAfterMs,
    scope: method === 'chat.postMessage' ? 'chat' : 'platform',
    cause,
  });

const platformError = (method: string, error: WebAPIPlatformError): DeliveryError => {
  const code = codeOf(error);
  const wrap = (options: ConstructorParameters<typeof DeliveryError>[1], detail = ''): DeliveryError =>
    new DeliveryError(`Slack ${method}: ${code ?? 'an answer that is none'}${detail}`, { ...options, cause: error });
  if (code === null) return wrap({ unknown: true });
  if (code === 'ratelimited' || code === 'rate_limited') {
    return rateLimited(method, (error.data.response_metadata?.retryAfter ?? 30) * 1000, error);
  }
  if (MAYBE_DONE.has(code)) return wrap({ unknown: true });
  // Not permanent: what waits is delivered once the token is renewed.
  if (ACCESS_ERRORS.has(code)) return wrap({ retryAfterMs: 5 * MINUTE, scope: 'platform' });
  if (NOT_ALLOWED.has(code)) return wrap({ retryAfterMs: 10 * MINUTE }, needed(error.data));
  if (MESSAGE_GONE.has(code)) return wrap({ permanent: true, gone: true });
  if (CHAT_GONE.has(code) || code.startsWith('restricted_action'))
    return wrap({ permanent: true, gone: true, scope: 'chat' });
  if (PERSON_GONE.has(code)) return wrap({ permanent: true, gone: true });
  if (OUR_FAULT.has(code)) return wrap({ permanent: true }, reasons(error.data));
  // `service_unavailable`, `request_timeout`, `team_added_to_org`, `message_limit_exceeded`, and what is not listed: later.
  return wrap({});
};

const needed = (data: object): string => {
  const scope = 'needed' in data && typeof data.needed === 'string' ? data.needed : '';
  return scope === '' ? '' : ` (needs ${scope})`;
};

const reasons = (data: { readonly response_metadata?: { readonly messages?: readonly string[] } }): string => {
  const messages = data.response_metadata?.messages ?? [];
  return messages.length === 0 ? '' : ` (${messages.slice(0, 3).join('; ').slice(0, 300)})`;
};
