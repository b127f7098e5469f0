import type { DutyOverride } from '../domain/duty.ts';
import type { ChatBinding, Policy } from '../domain/policy.ts';
import type { World } from '../domain/world.ts';
import type { PolicySource, Store } from './ports.ts';

/** The world as decisions see it: the configuration in force, with what was added in chat. */
export interface WorldSource {
  current(): World;
  policy(): Policy;
  /** Reads again what was added in chat: bindings and overrides. Called at start and after each such change. */
  refresh(): Promise<void>;
}

/**
 * Bindings and overrides are few and change rarely, decisions are many: they are kept in memory, and read again when one is made.
 * A chat that the file binds too keeps the file's binding: the file is authoritative (product page, "Configuration").
 */
export function createWorld(store: Store, source: PolicySource, platforms: () => ReadonlySet<string>): WorldSource {
  let bindings: readonly ChatBinding[] = [];
  let overrides: readonly DutyOverride[] = [];
  let made: { readonly from: Policy; readonly bindings: readonly ChatBinding[]; readonly policy: Policy } | null = null;

  function policy(): Policy {
    const from = source.current();
    if (made === null || made.from !== from || made.bindings !== bindings) {
      made = { from, bindings, policy: { ...from, chats: merge(from.chats, bindings) } };
    }
    return made.policy;
  }

  return {
    policy,
    current: () => ({ policy: policy(), overrides, platforms: platforms() }),
    async refresh() {
      [bindings, overrides] = await Promise.all([store.read.bindings(), store.read.overrides()]);
    },
  };
}

function merge(file: readonly ChatBinding[], added: readonly ChatBinding[]): readonly ChatBinding[] {
  const inFile = new Set(file.map(keyOf));
  return [...file, ...added.filter((binding) => !inFile.has(keyOf(binding)))];
}

const keyOf = (binding: ChatBinding): string => `${binding.platform}:${binding.id}`;
