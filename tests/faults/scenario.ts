import type { Figure } from '../../bench/support/report.ts';

/** `short`: what CI runs each time; `full`: as often, as long and as many as the goals say. */
export type Form = 'short' | 'full';

/** Breaks something on purpose; what came of it, beside its limits. */
export type Scenario = (form: Form) => Promise<readonly Figure[]>;
