import { GESTURES } from '../../domain/policy.ts';
import { DEFAULT_GESTURES } from '../defaults.ts';
import type { Path } from '../issue.ts';
import { plainEmoji } from '../gestures.ts';
import { PLATFORMS } from '../schema/service.ts';
import { follow, own } from './context.ts';
import type { CheckContext, PolicyEntry } from './context.ts';

export const checkMeanings = (ctx: CheckContext): void => {
  const { file } = ctx;
  for (const section of ['sla_policies', 'ola_policies', 'uc_policies'] as const) {
    checkCycles(ctx, section, 'extends', (id) => own(file[section], id)?.extends);
    for (const [id, policy] of Object.entries<PolicyEntry>(file[section]))
      checkPoints(ctx, [section, id, 'points'], policy.points);
  }
  checkCycles(ctx, 'teams', 'escalates_to', (id) => own(file.teams, id)?.escalates_to);
  for (const [id, steps] of Object.entries(file.ladders)) {
    if (steps.length > 0 || !ctx.writtenEmpty(['ladders', id])) continue;
    const wanted = 'at least one step such as { after: 15m, whom: lead, how: direct }';
    ctx.error({ path: ['ladders', id], found: 'an empty ladder', wanted });
  }
  checkClose(ctx);
  checkGestures(ctx);
};

/** Each cycle once, at the first of its members in the order of the file. */
const checkCycles = (
  ctx: CheckContext,
  section: 'sla_policies' | 'ola_policies' | 'uc_policies' | 'teams',
  field: string,
  next: (id: string) => string | undefined,
): void => {
  const reported = new Set<string>();
  for (const id of Object.keys(ctx.file[section])) {
    const { chain, cycle } = follow(id, next);
    const ring = chain.slice(chain.indexOf(chain.at(-1) ?? ''));
    if (!cycle || ring.some((member) => reported.has(member))) continue;
    for (const member of ring) reported.add(member);
    const first = ring[0] ?? id;
    const wanted = `a chain of ${field} that ends`;
    ctx.error({
      path: [section, first, field],
      found: `the cycle ${ring.join(' -> ')}`,
      wanted,
      message: `${field} goes round in a circle: ${ring.join(' -> ')}; wanted ${wanted}`,
    });
  }
};

const checkPoints = (
  ctx: CheckContext,
  path: Path,
  points: readonly { at?: string | undefined; before?: number | undefined }[] | undefined,
): void => {
  const seen = new Map<string, number>();
  for (const [index, point] of (points ?? []).entries()) {
    const key = point.at === undefined ? `before ${point.before}` : String(parseFloat(point.at));
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index);
    else {
      const found = `the same point as points[${earlier}]`;
      ctx.error({ path: [...path, index], found, wanted: 'each point once: put the two together' });
    }
  }
};

const checkClose = (ctx: CheckContext): void => {
  const { close } = ctx.file;
  for (const field of ['causes', 'closures'] as const) {
    if (close?.[field]?.length !== 0 || !ctx.writtenEmpty(['close', field])) continue;
    const wanted = field === 'causes' ? 'at least one code such as defect' : 'at least one code such as solved';
    ctx.error({ path: ['close', field], found: 'an empty list', wanted });
  }
};

const checkGestures = (ctx: CheckContext): void => {
  const gestures = ctx.file.gestures ?? {};
  const common = new Map<string, { gesture: string; path: Path | null }>();
  const add = (seen: typeof common, gesture: string, written: string, path: Path | null): void => {
    const emoji = plainEmoji(written);
    const earlier = seen.get(emoji);
    if (earlier === undefined) {
      seen.set(emoji, { gesture, path });
      return;
    }
    // Twice for the same gesture is harmless: `eyes` and `:eyes:`.
    if (earlier.gesture === gesture) return;
    // Point at what is in the file, and call the other by its name.
    const [at, is, other] = path === null ? [earlier.path, earlier.gesture, gesture] : [path, gesture, earlier.gesture];
    const isDefault = path === null || earlier.path === null;
    const origin = isDefault ? ` (a default; give ${other} its own list to free it)` : '';
    ctx.error({
      path: at ?? ['gestures'],
      found: `"${written}" for both ${is} and ${other}`,
      wanted: 'each emoji with one meaning',
      message: `"${written}" means ${is} here and also ${other}${origin}; wanted each emoji with one meaning`,
    });
  };
  for (const gesture of GESTURES) {
    const list = gestures[gesture];
    for (const [i, written] of (list ?? DEFAULT_GESTURES[gesture]).entries()) {
      add(common, gesture, written, list === undefined ? null : ['gestures', gesture, i]);
    }
  }
  for (const platform of PLATFORMS) {
    const seen = new Map(common);
    for (const gesture of GESTURES) {
      for (const [i, written] of (gestures[platform]?.[gesture] ?? []).entries()) {
        add(seen, gesture, written, ['gestures', platform, gesture, i]);
      }
    }
  }
};
