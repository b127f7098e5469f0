import type { Env } from './config/env.ts';

/**
 * The environment with an address that holds. PORT=0 without PUBLIC_URL means: whichever port is free, and that is known only once the server listens.
 * So `publicUrl` is read each time, never copied at start, or every link would lead to port 0.
 */
export function withLiveAddress(env: Env): { readonly env: Env; readonly listensAt: (url: string) => void } {
  let { publicUrl } = env;
  return {
    env: {
      ...env,
      get publicUrl() {
        return publicUrl;
      },
    },
    listensAt(url) {
      if (new URL(publicUrl).port === '0') publicUrl = url;
    },
  };
}
