/** Products and components by what people call them. */
import type { Policy, Product } from '../../domain/policy.ts';

interface Hit {
  readonly id: string;
  /** How often, long names counting more: "API网关" says more than "GW". */
  readonly weight: number;
  /** Where it was said last. */
  readonly last: number;
}

/**
 * What it is about at the end of the talk: the product named most and last. A component's name is evidence for its product only where nothing names
 * a product, since several products may have a component of the same name.
 */
export const productOf = (
  text: string,
  policy: Pick<Policy, 'products'>,
  /** Products of the project, which win where a name is shared. */
  expected: readonly string[] = [],
): { readonly product: string | null; readonly component: string | null } => {
  const lower = text.toLowerCase();
  const products = [...policy.products.values()];
  const named = best(
    products.map((product) => hit(lower, product.id, [product.id, product.name, ...product.aliases])),
    expected,
  );
  const product =
    named ??
    best(
      products.map((one) => componentHit(lower, one)),
      expected,
    );
  if (product === null) return { product: null, component: null };
  return { product, component: componentOf(text, product, policy) };
};

export const componentOf = (text: string, product: string, policy: Pick<Policy, 'products'>): string | null => {
  const lower = text.toLowerCase();
  const components = [...(policy.products.get(product)?.components.values() ?? [])];
  return best(
    components.map((one) => hit(lower, one.id, [one.id, one.name, ...one.aliases])),
    [],
  );
};

const componentHit = (lower: string, product: Product): Hit => {
  const hits = [...product.components.values()].map((one) => hit(lower, one.id, [one.name, ...one.aliases]));
  return {
    id: product.id,
    weight: hits.reduce((sum, one) => sum + one.weight, 0),
    last: Math.max(-1, ...hits.map((one) => one.last)),
  };
};

const best = (hits: readonly Hit[], expected: readonly string[]): string | null => {
  const score = (one: Hit): number => one.weight + (expected.includes(one.id) ? 1 : 0);
  const found = hits.filter((one) => one.weight > 0).sort((a, b) => score(b) - score(a) || b.last - a.last);
  return found[0]?.id ?? null;
};

const hit = (lower: string, id: string, names: readonly string[]): Hit => {
  let weight = 0;
  let last = -1;
  for (const name of new Set(names.map((one) => one.toLowerCase()).filter((one) => one !== ''))) {
    for (const at of occurrences(lower, name)) {
      weight += Math.min(name.length, 6);
      last = Math.max(last, at);
    }
  }
  return { id, weight, last };
};

/** Names in Latin letters count only as whole words ("DB" is not in "landb-core"), those in Chinese anywhere. */
const occurrences = (lower: string, name: string): readonly number[] => {
  const found: number[] = [];
  for (let at = lower.indexOf(name); at !== -1; at = lower.indexOf(name, at + name.length)) {
    const before = lower[at - 1] ?? '';
    const after = lower[at + name.length] ?? '';
    const latinStart = /^[a-z0-9]/.test(name) && /[a-z0-9]/.test(before);
    const latinEnd =
      /[a-z0-9]$/.test(name) &&
      /[a-z0-9]/.test(after) &&
      !(after === 's' && !/[a-z0-9]/.test(lower[at + name.length + 1] ?? ''));
    if (!latinStart && !latinEnd) found.push(at);
  }
  return found;
};
