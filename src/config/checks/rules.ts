import type { CompleteFile } from '../defaults.ts';
import { own } from './context.ts';
import type { CheckContext } from './context.ts';

type When = CompleteFile['routing'][number]['when'];

/** Each rule is compared with all before it; beyond this many the question is not worth its time. */
const MAX_RULES = 2000;

/** Rules that can never match, because an earlier one takes all they could have. */
export const checkRulesReachable = (ctx: CheckContext): void => {
  const { projects } = ctx.file;
  const routing = ctx.file.routing.slice(0, MAX_RULES);
  for (const [index, rule] of routing.entries()) {
    const path = ['routing', index];
    const earlier = routing.slice(0, index).findIndex((other) => takesAll(other.when, implied(rule.when, projects)));
    if (earlier >= 0) {
      const name = routing[earlier]?.name ?? `rule ${earlier + 1}`;
      const isCatchAll = Object.keys(routing[earlier]?.when ?? {}).length === 0;
      const why = isCatchAll
        ? `${name} before it takes every ticket`
        : `${name} before it takes all that this one would`;
      const message = `this rule can never match: ${why}; move it up, or delete it`;
      ctx.warn({ path, found: 'a rule that can never match', wanted: 'special rules before general ones', message });
      continue;
    }
    const { project, customer } = rule.when;
    if (project === undefined || customer === undefined) continue;
    if (project.some((id) => customer.includes(own(projects, id)?.customer ?? ''))) continue;
    const found = 'a project that is not of that customer';
    const message = `this rule can never match: ${project.join(', ')} is no project of ${customer.join(', ')}`;
    ctx.warn({ path: [...path, 'when'], found, wanted: 'a project of that customer', message });
  }
};

/** A rule for a project is a rule for its customer, too. */
const implied = (when: When, projects: CompleteFile['projects']): When => {
  if (when.customer !== undefined || when.project === undefined) return when;
  const customers = when.project.map((id) => own(projects, id)?.customer);
  return customers.every((id) => id !== undefined) ? { ...when, customer: customers } : when;
};

/** Every condition of `general` holds wherever those of `special` do. */
const takesAll = (general: When, special: When): boolean => {
  const { keywords, ...conditions } = general;
  for (const [key, allowed] of Object.entries(conditions)) {
    const asked: readonly string[] | undefined = special[key as keyof typeof conditions];
    if (!asked?.every((value) => (allowed as readonly string[]).includes(value))) return false;
  }
  if (keywords === undefined) return true;
  // A text that holds "connection pool" holds "pool".
  const holds = (word: string): boolean => keywords.some((k) => word.toLowerCase().includes(k.toLowerCase()));
  return special.keywords?.every(holds) ?? false;
};
