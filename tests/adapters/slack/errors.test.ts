import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { codeOf, toDeliveryError } from '../../../src/adapters/slack/errors.ts';
import { DeliveryError } from '../../../src/conversations/platform.ts';

const said = (code: string, more: object = {}) =>
  toDeliveryError('chat.postMessage', new WebAPIPlatformError({ ok: false, error: code, ...more }));

const broken = (code: string) =>
  new WebAPIRequestError(
    Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) }),
  );

type Expected = Partial<Pick<DeliveryError, 'permanent' | 'unknown' | 'gone' | 'scope' | 'retryAfterMs'>>;

describe('what Slack answered', () => {
  it.each<[string, Expected]>([
    ['ratelimited', { permanent: false, unknown: false, scope: 'chat', retryAfterMs: 30_000 }],
    ['service_unavailable', { permanent: false, unknown: false }],
    ['request_timeout', { permanent: false, unknown: false }],
    ['team_added_to_org', { permanent: false, unknown: false }],
    ['internal_error', { permanent: false, unknown: true }],
    ['fatal_error', { permanent: false, unknown: true }],
    ['channel_not_found', { permanent: true, gone: true, scope: 'chat' }],
    ['is_archived', { permanent: true, gone: true, scope: 'chat' }],
    ['not_in_channel', { permanent: true, gone: true, scope: 'chat' }],
    ['restricted_action_thread_locked', { permanent: true, gone: true, scope: 'chat' }],
    ['messages_tab_disabled', { permanent: true, gone: true, scope: 'chat' }],
    ['message_not_found', { permanent: true, gone: true, scope: 'message' }],
    ['cant_update_message', { permanent: true, gone: true, scope: 'message' }],
    ['edit_window_closed', { permanent: true, gone: true, scope: 'message' }],
    ['user_not_found', { permanent: true, gone: true, scope: 'message' }],
    ['token_revoked', { permanent: false, scope: 'platform', retryAfterMs: 300_000 }],
    ['account_inactive', { permanent: false, scope: 'platform' }],
    ['invalid_auth', { permanent: false, scope: 'platform' }],
    ['missing_scope', { permanent: false, scope: 'message', retryAfterMs: 600_000 }],
    ['invalid_blocks', { permanent: true, gone: false }],
    ['msg_too_long', { permanent: true, gone: false }],
    ['invalid_arguments', { permanent: true, gone: false }],
    ['something_new', { permanent: false, unknown: false, gone: false }],
  ])('%s', (code, expected) => {
    const error = said(code);
    expect(error).toMatchObject(expected);
    expect(error.message).toBe(
      code === 'ratelimited' ? 'Slack chat.postMessage: rate limited' : `Slack chat.postMessage: ${code}`,
    );
    expect(codeOf(error.cause)).toBe(code);
  });

  it('names the missing scope and what is wrong with a payload', () => {
    expect(said('missing_scope', { needed: 'chat:write' }).message).toContain('needs chat:write');
    const messages = ['[ERROR] must be shorter [json-pointer:/blocks/0]'];
    expect(said('invalid_blocks', { response_metadata: { messages } }).message).toContain('/blocks/0');
  });

  it('a page instead of an answer leaves it open whether it was done', () => {
    const error = said('<html>busy</html>');
    expect(error).toMatchObject({ unknown: true, permanent: false });
    expect(error.message).not.toContain('html');
  });
});

describe('what HTTP and the network said', () => {
  it('a 429 belongs to the channel for messages, and to the workspace for all else', () => {
    const limited = new WebAPIRateLimitedError(7);
    expect(toDeliveryError('chat.postMessage', limited)).toMatchObject({ retryAfterMs: 7_000, scope: 'chat' });
    expect(toDeliveryError('users.info', limited)).toMatchObject({ retryAfterMs: 7_000, scope: 'platform' });
  });

  it('a 429 without a number waits a minute', () => {
    const error = new Error(
      'Retry header did not contain a valid timeout (url: chat.update, retry-after header: null)',
    );
    expect(toDeliveryError('chat.update', error)).toMatchObject({ retryAfterMs: 60_000, unknown: false });
  });

  it('a 5xx may have been done, a 404 was not', () => {
    expect(toDeliveryError('chat.postMessage', new WebAPIHTTPError(502, 'Bad Gateway', {}))).toMatchObject({
      unknown: true,
    });
    expect(toDeliveryError('chat.postMessage', new WebAPIHTTPError(404, 'Not Found', {}))).toMatchObject({
      unknown: false,
    });
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    '%s: never sent',
    (code) => {
      expect(toDeliveryError('chat.postMessage', broken(code))).toMatchObject({ unknown: false, scope: 'platform' });
    },
  );

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])('%s: may have been done', (code) => {
    expect(toDeliveryError('chat.postMessage', broken(code))).toMatchObject({ unknown: true });
  });

  it('a timeout, and an answer that broke off, may have been done', () => {
    const timeout = new WebAPIRequestError(new DOMException('The operation timed out', 'TimeoutError'));
    expect(toDeliveryError('chat.postMessage', timeout)).toMatchObject({ unknown: true });
    expect(toDeliveryError('chat.postMessage', new TypeError('terminated'))).toMatchObject({ unknown: true });
  });

  it('an error that is already understood stays as it is', () => {
    const error = new DeliveryError('x', { gone: true });
    expect(toDeliveryError('chat.update', error)).toBe(error);
  });
});
