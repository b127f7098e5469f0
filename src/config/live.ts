import { realpathSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Policy } from '../domain/policy.ts';
import type { ConfigIssue } from './issue.ts';
import type { ConfigResult } from './load.ts';
import { loadConfig } from './source.ts';
import type { ConfigSource } from './source.ts';

/** The configuration while the program runs: replaced as a whole by a good file, never by a wrong one. */
export interface LivePolicy {
  readonly source: ConfigSource;
  current(): Policy;
  /** Of the policy in force. */
  warnings(): readonly ConfigIssue[];
  notYet(): readonly string[];
  /** Why the file as it is now is not in force; null when it is. For `doctor` and /readyz. */
  lastError(): { readonly at: number; readonly errors: readonly ConfigIssue[] } | null;
  /** Called after the policy has been replaced by one of another meaning. Returns what ends it. */
  onChange(callback: (policy: Policy) => void): () => void;
  /** Reads the file again. True when it is good and in force, changed or not. Calls never overlap. */
  reload(): Promise<boolean>;
  /** Reloads whenever the file changes, until `close`. Nothing to do for the built-in configuration. */
  watch(): void;
  close(): void;
}

interface LiveOptions {
  readonly source: ConfigSource;
  readonly now: () => number;
  /** A changed file is wrong, or cannot be watched; the policy in force stays. */
  readonly onError?: (errors: readonly ConfigIssue[]) => void;
  /** Editors write a file in several steps; ms of silence that make it finished. */
  readonly debounceMs?: number;
}

type Good = Extract<ConfigResult, { ok: true }>;

/** Loads the configuration for the first time: here, and only here, a wrong file is refused to the caller. */
export const openLivePolicy = async (
  options: LiveOptions,
): Promise<{ ok: true; live: LivePolicy } | { ok: false; errors: ConfigIssue[] }> => {
  const first = await loadConfig(options.source, { now: options.now() });
  return first.ok ? { ok: true, live: liveFrom(first, options) } : { ok: false, errors: first.errors };
};

const liveFrom = (first: Good, { source, now, onError, debounceMs = 200 }: LiveOptions): LivePolicy => {
  let inForce = first;
  let lastError: { at: number; errors: ConfigIssue[] } | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let watchers: FSWatcher[] = [];
  const callbacks = new Set<(policy: Policy) => void>();

  const load = async (): Promise<boolean> => {
    const result = await loadConfig(source, { now: now() });
    if (!result.ok) {
      lastError = { at: now(), errors: result.errors };
      onError?.(result.errors);
      return false;
    }
    lastError = null;
    const isChanged = result.policy.revision !== inForce.policy.revision;
    inForce = result;
    if (isChanged) for (const callback of callbacks) callback(result.policy);
    return true;
  };

  const reload = (): Promise<boolean> => {
    // One after the other, so that an older read can never win over a newer one.
    const next = queue.then(load);
    queue = next.catch(() => undefined);
    return next;
  };

  const cannotWatch = (error: unknown): void => {
    const found = `a folder that cannot be watched (${String(error)})`;
    const wanted = 'SIGHUP to the process after each change of the file';
    onError?.([{ path: '', line: 1, column: 1, found, wanted, message: `found ${found}, wanted ${wanted}` }]);
  };

  return {
    source,
    current: () => inForce.policy,
    warnings: () => inForce.warnings,
    notYet: () => inForce.notYet,
    lastError: () => lastError,
    onChange(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    reload,
    watch() {
      if (source.file === null || watchers.length > 0) return;
      const changed = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => void reload().catch(cannotWatch), debounceMs);
      };
      for (const [folder, names] of watchedNames(source.file)) {
        try {
          const watcher = watch(folder, { persistent: false }, (_event, name) => {
            // Some systems do not say which file it was.
            if (name === null || names.has(name)) changed();
          });
          watcher.on('error', cannotWatch);
          watchers.push(watcher);
        } catch (error) {
          cannotWatch(error);
        }
      }
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      watchers = [];
      callbacks.clear();
    },
  };
};

/**
 * The folders are watched, not the file: an editor replaces a file by renaming, and a watch on it would stay with the old
 * one. `..data` is what Kubernetes renames when a mounted ConfigMap changes; a link is watched at both its ends.
 */
const watchedNames = (file: string): Map<string, Set<string>> => {
  const names = new Map([[dirname(file), new Set([basename(file), '..data'])]]);
  const real = realpathSync(file);
  if (real !== file) {
    const folder = names.get(dirname(real)) ?? new Set<string>();
    names.set(dirname(real), folder.add(basename(real)));
  }
  return names;
};
