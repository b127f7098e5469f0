import type { Verb } from './verb.ts';

/** Every verb of `itr`, in the order of `itr --help`. Loaded when called: `itr sla` must not load the database. */
export const VERBS: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  config: () => import('./config.ts'),
  sla: () => import('./sla.ts'),
  duty: () => import('./duty.ts'),
};
