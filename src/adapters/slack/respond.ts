import { DeliveryError } from '../../conversations/platform.ts';
import type { Drawn } from './blocks.ts';
import { RESPONSE_URL_MS, type Reply } from './token.ts';

const TIMEOUT_MS = 10_000;

/** Answers an interaction through its response_url, seen by that person only. False: the address has expired, or its five uses are over. */
export const answerInteraction = async (
  reply: Reply,
  drawn: Drawn,
  options: { readonly apiUrl: string; readonly now: number },
): Promise<boolean> => {
  if (reply.url === null || options.now - reply.at > RESPONSE_URL_MS) return false;
  if (!isSlacks(reply.url, options.apiUrl)) return false;
  let response: Response;
  try {
    response = await fetch(reply.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        response_type: 'ephemeral',
        // Else Slack would put the answer in the place of the card whose button was pressed.
        replace_original: false,
        text: drawn.text,
        ...(drawn.blocks.length === 0 ? {} : { blocks: drawn.blocks }),
        ...(reply.thread === null ? {} : { thread_ts: reply.thread }),
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
  } catch (error) {
    throw new DeliveryError('Slack response_url: the connection broke or timed out', { unknown: true, cause: error });
  }
  if (response.ok) return true;
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? '1');
    throw new DeliveryError('Slack response_url: rate limited', {
      retryAfterMs: (Number.isFinite(seconds) ? seconds : 1) * 1000,
    });
  }
  if (response.status >= 500) throw new DeliveryError(`Slack response_url: HTTP ${response.status}`, { unknown: true });
  // 404 `used_url` and `expired_url`; whatever else it refuses, it will refuse again.
  return false;
};

/** The address came with a signed payload and was stored since; it is followed only to Slack, or to where the API is said to be. */
const isSlacks = (url: string, apiUrl: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host } = new URL(url);
  if (host === new URL(apiUrl).host) return true;
  return protocol === 'https:' && /^hooks\.slack(-gov)?\.com$/.test(hostname);
};
