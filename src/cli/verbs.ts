import type { Verb } from './verb.ts';

/** Every verb of `itr`, in the order of `itr --help`. Loaded when called: `itr sla` must not load the database. */
export const VERBS: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  start: () => import('./start.ts'),
  config: () => import('./config.ts'),
  sla: () => import('./sla.ts'),
  duty: () => import('./duty.ts'),
  simulate: () => import('./simulate.ts'),
  people: () => import('./people.ts'),
  outbox: () => import('./outbox.ts'),
  export: () => import('./export.ts'),
  import: () => import('./import.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
  migrate: () => import('./migrate.ts'),
  doctor: () => import('./doctor.ts'),
};
