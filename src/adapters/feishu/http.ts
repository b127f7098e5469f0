import type { HttpInstance } from '@larksuiteoapi/node-sdk';
import { neverSent } from '../network.ts';
import { at, isRaw, text } from '../raw.ts';

const TIMEOUT_MS = 10_000;

/** Feishu answered, and the answer is no. Holds nothing of the request: that carries the token. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Feishu's number for what is wrong; null where whoever answered was not Feishu (a proxy). */
  readonly code: number | null;
  readonly msg: string;
  /** By which Feishu's support finds the call again. */
  readonly logId: string | null;
  /** How long to wait, where it says so. */
  readonly resetMs: number | null;

  constructor(status: number, body: unknown, header: (name: string) => string | null) {
    const answer = isRaw(body) ? body : {};
    const code = typeof answer['code'] === 'number' ? answer['code'] : null;
    const msg = (text(answer, 'msg') ?? '').slice(0, 300);
    super(code === null ? `HTTP ${status}` : `${code} ${msg}`.trim());
    this.status = status;
    this.code = code;
    this.msg = msg;
    this.logId = text(at(answer, 'error'), 'log_id') ?? header('x-tt-logid');
    const reset = Number(header('x-ogw-ratelimit-reset') ?? Number.NaN);
    this.resetMs = Number.isFinite(reset) && reset >= 0 ? reset * 1000 : null;
  }
}

/** No answer of Feishu's came. `sent`: it may have got the request. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly sent: boolean;

  constructor(why: string, sent: boolean) {
    super(why);
    this.sent = sent;
  }
}

/**
 * What the SDK calls instead of its own axios, which has no time-out and whose errors carry the bearer token. Answers other than 2xx throw a `Refusal`,
 * none a `NoAnswer`. Whether `code` is 0 the caller has to look: the SDK resolves with whatever a 200 says.
 */
export const httpInstance = (timeoutMs = TIMEOUT_MS): HttpInstance => {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the SDK's interface: what the answer is, its methods say
  const request = async <T, R = T, D = unknown>(options: RequestOptions<D>): Promise<R> => {
    const { response, body } = await exchange(options, timeoutMs);
    if (!response.ok) throw new Refusal(response.status, body, (name) => response.headers.get(name));
    return body as R;
  };
  return {
    request,
    get: (url, options) => request({ ...options, url, method: 'GET' }),
    delete: (url, options) => request({ ...options, url, method: 'DELETE' }),
    head: (url, options) => request({ ...options, url, method: 'HEAD' }),
    options: (url, options) => request({ ...options, url, method: 'OPTIONS' }),
    post: (url, data, options) => request({ ...options, url, data, method: 'POST' }),
    put: (url, data, options) => request({ ...options, url, data, method: 'PUT' }),
    patch: (url, data, options) => request({ ...options, url, data, method: 'PATCH' }),
  };
};

type RequestOptions<D> = Parameters<HttpInstance['request']>[0] & { readonly data?: D };

const exchange = async (
  options: RequestOptions<unknown>,
  timeoutMs: number,
): Promise<{ readonly response: Response; readonly body: unknown }> => {
  const url = new URL(options.url ?? '');
  // Lists are repeated keys.
  for (const [key, value] of Object.entries(options.params ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) url.searchParams.append(key, String(one));
    }
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const hasBody = options.data !== undefined && options.method?.toUpperCase() !== 'GET';
  if (hasBody) headers.set('content-type', 'application/json; charset=utf-8');
  let response: Response;
  try {
    response = await fetch(url, {
      method: options.method ?? 'GET',
      headers,
      ...(hasBody ? { body: JSON.stringify(options.data) } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeout ?? timeoutMs),
    });
    const said = await response.text();
    return { response, body: parse(said) };
  } catch (error) {
    const unsent = neverSent(error);
    const why = unsent === null ? 'the connection broke or timed out' : `not reachable (${unsent})`;
    throw new NoAnswer(why, unsent === null);
  }
};

const parse = (said: string): unknown => {
  try {
    return JSON.parse(said);
  } catch {
    return null;
  }
};
