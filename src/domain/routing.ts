import type { AssignPolicy, Policy, RoutingRule } from './policy.ts';
import type { Ticket } from './ticket.ts';
import type { Field } from './words.ts';

export interface Route {
  readonly team: string;
  /** The rule's name, `product db`, or `default`: what `explain` says. */
  readonly rule: string;
  readonly assign: AssignPolicy | null;
  readonly set: Readonly<Partial<Record<Field, string>>>;
  readonly matched: boolean;
}

type Routed = Pick<Ticket, 'project' | 'customer' | 'fields' | 'kind' | 'severity' | 'language'>;

/** Rules in order, the first match wins; then the product's own team; then the default team, which is counted so that the rules can be mended. */
export function route(ticket: Routed, policy: Policy): Route {
  const rule = policy.routing.find((candidate) => matches(candidate, ticket));
  if (rule !== undefined) {
    return { team: rule.team, rule: rule.name, assign: rule.assign, set: rule.set, matched: true };
  }
  const product = ticket.fields.product;
  const team = product === undefined ? null : (policy.products.get(product)?.team ?? null);
  if (team !== null) return { team, rule: `product ${product}`, assign: null, set: {}, matched: true };
  return { team: policy.defaultTeam, rule: 'default', assign: null, set: {}, matched: false };
}

function matches(rule: RoutingRule, ticket: Routed): boolean {
  const { when } = rule;
  const fits = (wanted: readonly string[] | undefined, value: string | null | undefined): boolean =>
    wanted === undefined || (value !== null && value !== undefined && wanted.includes(value));
  return (
    fits(when.project, ticket.project) &&
    fits(when.customer, ticket.customer) &&
    fits(when.product, ticket.fields.product) &&
    fits(when.component, ticket.fields.component) &&
    fits(when.kind, ticket.kind) &&
    fits(when.severity, ticket.severity) &&
    fits(when.language, ticket.language) &&
    (when.keywords === undefined || mentions(when.keywords, ticket))
  );
}

const mentions = (keywords: readonly string[], ticket: Routed): boolean => {
  const text = plain(Object.values(ticket.fields).join('\n'));
  return keywords.some((keyword) => says(text, plain(keyword)));
};

/** Full-width letters and capitals are only another way to write the same. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ');

/**
 * Chinese words stand anywhere. A word in Latin letters begins where a word begins ("pool" is not in "carpool"); a short one ends there too ("db" is not
 * in "dbus"), a longer one may go on ("connection pool" is in "connection pools").
 */
function says(text: string, keyword: string): boolean {
  if (keyword === '') return false;
  const startsWord = isLatin(keyword[0]);
  const endsWord = keyword.length <= 3 && isLatin(keyword.at(-1));
  for (let at = text.indexOf(keyword); at !== -1; at = text.indexOf(keyword, at + 1)) {
    const before = startsWord && isLatin(text[at - 1]);
    const after = endsWord && isLatin(text[at + keyword.length]);
    if (!before && !after) return true;
  }
  return false;
}

const isLatin = (char: string | undefined): boolean => char !== undefined && /[\p{Script=Latin}\p{N}]/u.test(char);
