import { toast } from './dom.js';
import { w } from './words.js';

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? null;
    this.errors = body?.errors ?? null;
  }
}

/** JSON in, JSON out; throws `Problem` (status 0: not reached). */
export const call = async (method, path, json) => {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: json === undefined ? {} : { 'content-type': 'application/json' },
      body: json === undefined ? undefined : JSON.stringify(json),
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw new Problem(0, { detail: 'network' });
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(response.status, body);
  return body;
};

/** Does what the visitor asked for; says in words why it failed. Returns whether it was done. */
export const attempt = async (method, path, json) => {
  try {
    const done = await call(method, `/playground/api${path}`, json);
    if (done?.delivered === false) toast(w().late);
    return done ?? {};
  } catch (problem) {
    toast(w().problems[problem.code] ?? (problem.status === 0 ? w().offline : w().failed), 'error');
    return null;
  }
};
