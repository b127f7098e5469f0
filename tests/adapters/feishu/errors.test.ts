import { describe, expect, it } from 'vitest';
import { codeOf, toDeliveryError, type ApiName } from '../../../src/adapters/feishu/errors.ts';
import { NoAnswer, Refusal } from '../../../src/adapters/feishu/http.ts';
import { DeliveryError } from '../../../src/conversations/platform.ts';

type Expected = Partial<Pick<DeliveryError, 'permanent' | 'unknown' | 'gone' | 'scope' | 'retryAfterMs'>>;

const refused = (api: ApiName, code: number, status = 400): DeliveryError =>
  toDeliveryError(api, new Refusal(status, { code, msg: 'no' }, () => null));

const LATER: Expected = { permanent: false, gone: false };
const FINAL: Expected = { permanent: true, gone: false, unknown: false };
const MESSAGE_GONE: Expected = { permanent: true, gone: true, scope: 'message' };
const CHAT_GONE: Expected = { permanent: true, gone: true, scope: 'chat' };

describe('what Feishu answered', () => {
  it.each<[number, string, Expected]>([
    [99991400, 'too many calls', { ...LATER, scope: 'platform', retryAfterMs: 1_000 }],
    [232019, 'too many calls for groups', { ...LATER, scope: 'platform', retryAfterMs: 1_000 }],
    [230020, 'the chat’s limit', { ...LATER, scope: 'chat', retryAfterMs: 1_000 }],
    [230049, 'still being sent', { ...LATER, unknown: false }],
    [2200, 'an internal error', { ...LATER, unknown: true }],
    [1500, 'an internal error', { ...LATER, unknown: true }],
    [99991661, 'no token', { ...LATER, scope: 'platform', retryAfterMs: 300_000 }],
    [99991663, 'a dead token', { ...LATER, scope: 'platform' }],
    [99991664, 'a dead token', { ...LATER, scope: 'platform' }],
    [99991665, 'a dead token', { ...LATER, scope: 'platform' }],
    [99991668, 'a dead token', { ...LATER, scope: 'platform' }],
    [99991671, 'a malformed token', { ...LATER, scope: 'platform' }],
    [99991401, 'the IP allow-list', { ...LATER, scope: 'platform', retryAfterMs: 300_000 }],
    [99991403, 'the month’s calls are used up', { ...LATER, scope: 'platform', retryAfterMs: 3_600_000 }],
    [99991672, 'a missing scope', { ...LATER, scope: 'message', retryAfterMs: 600_000 }],
    [99992402, 'a field is malformed', FINAL],
    [230001, 'a parameter', FINAL],
    [230025, 'too long', FINAL],
    [230028, 'data loss prevention', FINAL],
    [230099, 'a bad card', FINAL],
    [230023, '200 unread buzzes', FINAL],
    [230024, 'the quota of buzzes', FINAL],
    [230052, 'buzzing is forbidden', FINAL],
    [231001, 'a reaction', FINAL],
    [231022, 'a reaction', FINAL],
    [230002, 'the bot is not in the group', CHAT_GONE],
    [230006, 'the bot ability is off', CHAT_GONE],
    [230018, 'a setting of the group', CHAT_GONE],
    [230027, 'no permission, or an external group', CHAT_GONE],
    [230035, 'muted', CHAT_GONE],
    [232009, 'dissolved', CHAT_GONE],
    [230011, 'recalled', MESSAGE_GONE],
    [230019, 'the topic is gone', MESSAGE_GONE],
    [230031, 'older than 14 days', MESSAGE_GONE],
    [230110, 'deleted', MESSAGE_GONE],
    [230013, 'outside of the availability', MESSAGE_GONE],
    [230029, 'resigned', MESSAGE_GONE],
    [230053, 'has stopped the bot', MESSAGE_GONE],
    [123456, 'what nobody has listed', LATER],
  ])('%d: %s', (code, _, expected) => {
    const error = refused('im.message.create', code);
    expect(error).toMatchObject(expected);
    expect(error.message).toBe(`Feishu im.message.create: ${code} no`);
    expect(codeOf(error)).toBe(code);
  });

  it.each<[number, ApiName, Expected]>([
    [230071, 'im.message.reply', FINAL],
    [230072, 'im.message.reply', FINAL],
    [230075, 'im.message.reply', CHAT_GONE],
    [230071, 'im.message.update', MESSAGE_GONE],
    [230072, 'im.message.update', MESSAGE_GONE],
    [230075, 'im.message.update', MESSAGE_GONE],
    [230071, 'im.message.patch', MESSAGE_GONE],
    [230054, 'im.message.update', MESSAGE_GONE],
    [230054, 'im.message.create', FINAL],
  ])('%d of %s is not the %d of another call', (code, api, expected) => {
    expect(refused(api, code)).toMatchObject(expected);
  });

  it('a bad card says which part, in Feishu’s words', () => {
    const said = 'Failed to create card content, ext=ErrCode: 200861; ErrMsg: unsupported tag action;';
    const error = toDeliveryError('im.message.create', new Refusal(400, { code: 230099, msg: said }, () => null));
    expect(error.message).toContain('200861');
  });

  it('a 429 waits as long as its header says, whatever its body is', () => {
    const reset = (name: string): string | null => (name === 'x-ogw-ratelimit-reset' ? '17' : null);
    for (const body of [{ code: 99991400, msg: 'x' }, '<html>', null])
      expect(toDeliveryError('im.message.list', new Refusal(429, body, reset))).toMatchObject({
        retryAfterMs: 17_000,
        scope: 'platform',
        unknown: false,
      });
  });

  it('a 5xx may have been done, also a proxy’s; another page of a proxy was not Feishu', () => {
    expect(refused('im.message.create', 2200, 500)).toMatchObject({ unknown: true, permanent: false });
    const page = (status: number) => toDeliveryError('im.message.create', new Refusal(status, null, () => null));
    expect(page(502)).toMatchObject({ unknown: true, scope: 'platform' });
    expect(page(407)).toMatchObject({ unknown: false, permanent: false, scope: 'platform' });
    expect(codeOf(page(502))).toBeNull();
  });

  it('a connection that broke says whether Feishu may have got the request', () => {
    for (const sent of [true, false])
      expect(toDeliveryError('im.message.create', new NoAnswer('broke', sent))).toMatchObject({
        unknown: sent,
        permanent: false,
        scope: 'platform',
      });
  });

  it('an error that is already understood stays as it is', () => {
    const error = new DeliveryError('x', { gone: true });
    expect(toDeliveryError('im.message.patch', error)).toBe(error);
  });
});
