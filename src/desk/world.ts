import type { DutyOverride } from '../domain/duty.ts';
import { withLinks } from '../domain/identity.ts';
import type { PersonLink } from '../domain/identity.ts';
import type { ChatBinding, Policy } from '../domain/policy.ts';
import type { World } from '../domain/world.ts';
import type { PolicySource, Store } from './ports.ts';

/** The world as decisions see it: the configuration in force, with what was added in chat. */
export interface WorldSource {
  readonly current: () => World;
  readonly policy: () => Policy;
  /** Reads again what was added in chat: bindings, overrides, who people are. Called at start and after each such change. */
  refresh(): Promise<void>;
}

interface Made {
  readonly from: Policy;
  readonly bindings: readonly ChatBinding[];
  readonly links: readonly PersonLink[];
  readonly policy: Policy;
}

/**
 * Bindings and overrides are few and change rarely, decisions are many: they are kept in memory, and read again when one is made.
 * @param withBindings the policy with the chats that were bound in chat
 */
export function createWorld(
  store: Store,
  source: PolicySource,
  platforms: () => ReadonlySet<string>,
  withBindings: (policy: Policy, bindings: readonly ChatBinding[]) => Policy,
): WorldSource {
  let bindings: readonly ChatBinding[] = [];
  let overrides: readonly DutyOverride[] = [];
  let links: readonly PersonLink[] = [];
  let made: Made | null = null;

  function policy(): Policy {
    const from = source.current();
    if (made?.from !== from || made.bindings !== bindings || made.links !== links)
      made = { from, bindings, links, policy: withLinks(withBindings(from, bindings), links) };
    return made.policy;
  }

  return {
    policy,
    current: () => ({ policy: policy(), overrides, platforms: platforms() }),
    async refresh() {
      const { read } = store;
      const [chats, duties, people] = await Promise.all([read.bindings(), read.overrides(), read.personLinks()]);
      // With several processes it is read every few seconds, and is almost always the same: then what was made of it stands.
      [bindings, overrides, links] = [kept(bindings, chats), kept(overrides, duties), kept(links, people)];
    },
  };
}

const kept = <T>(before: readonly T[], now: readonly T[]): readonly T[] =>
  JSON.stringify(before) === JSON.stringify(now) ? before : now;
