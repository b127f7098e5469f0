import type { ServerEnv } from './server-env.ts';
import { Refused } from './verb.ts';

/** The server that runs with this environment, if one does: verbs that change data ask it, so that one process writes. */
export interface RunningServer {
  /** Throws with what the server said where it refused; not for the statuses in `expected`. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown, expected?: readonly number[]): Promise<unknown>;
}

export async function findServer(env: ServerEnv): Promise<RunningServer | null> {
  const host = env.host === '0.0.0.0' || env.host === '::' ? '127.0.0.1' : env.host;
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${env.port}`;
  try {
    const health = await fetch(`${base}/healthz`, { signal: AbortSignal.timeout(2_000) });
    if (!health.ok) return null;
  } catch {
    return null;
  }
  return {
    async ask(method, path, body, expected = []) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(env.apiToken === null ? {} : { authorization: `Bearer ${env.apiToken}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      if (response.status === 401) {
        const said = env.apiToken === null ? 'asks for its token' : 'has another token';
        throw new Refused(`the server at ${base} ${said}; set ITR_API_TOKEN to the server's token`);
      }
      const answer: unknown = await response.json().catch(() => {
        throw new Refused(`what answers at ${base} is not itr-bot; set PORT to the port of the server`);
      });
      if (response.ok || expected.includes(response.status)) return answer;
      const { detail } = answer as { readonly detail?: string };
      throw new Refused(`the server at ${base} answered ${response.status}: ${detail ?? JSON.stringify(answer)}`);
    },
  };
}
