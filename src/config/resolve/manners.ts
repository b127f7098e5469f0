import type { Policy } from '../../domain/policy.ts';
import type { CompleteFile } from '../defaults.ts';

/*
 * How people are told: what a file need not say. A third of the target after the warning, a forgotten ticket is offered to others; only a standstill of the
 * business disturbs at night; the sixth message within ten minutes is read by nobody.
 */
const RETURN_AFTER_PERCENT = 30;
const STORM = { count: 5, withinMs: 10 * 60_000 };

export const resolveManners = (file: CompleteFile): Pick<Policy, 'silentOwner' | 'quietOverride' | 'storm'> => ({
  silentOwner: silentOwnerOf(file.silent_owner),
  quietOverride: Array.isArray(file.quiet_override)
    ? file.quiet_override
    : file.quiet_override === undefined
      ? ['S1']
      : [],
  storm:
    typeof file.storm === 'object'
      ? { count: file.storm.more_than ?? STORM.count, withinMs: file.storm.within ?? STORM.withinMs }
      : file.storm === undefined
        ? STORM
        : null,
});

const silentOwnerOf = (written: CompleteFile['silent_owner']): Policy['silentOwner'] => {
  if (written === 'off' || written === false) return null;
  const after = written?.return_after;
  if (typeof after === 'number') return { returnAfter: { ms: after } };
  return { returnAfter: { percent: after === undefined ? RETURN_AFTER_PERCENT : parseFloat(after) } };
};
