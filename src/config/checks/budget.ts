import type { Calendar } from '../../domain/calendar.ts';
import { formatDuration } from '../../domain/duration.ts';
import { DAY, HOUR, toIsoUtc } from '../../domain/instant.ts';
import type { OlaPolicy, SlaPolicy, Target } from '../../domain/policy.ts';
import { SEVERITIES, TIERS } from '../../domain/words.ts';
import type { Severity } from '../../domain/words.ts';
import type { Path } from '../issue.ts';
import { resolveCalendar } from '../resolve/calendars.ts';
import { inherited, resolveOla, resolveSla, resolveUc } from '../resolve/policies.ts';
import { follow, own, unlessBroken } from './context.ts';
import type { CheckContext } from './context.ts';

/**
 * The budget tree: what the teams promise each other has to fit into what is promised to the customer. The time to claim
 * against the response, the times of all tiers together against the resolution; for every SLA, because any ticket may
 * come to any team. What a vendor promises comes on top, where the SLA does not pause for vendors.
 */
export const checkBudgets = (ctx: CheckContext): void => {
  const { file } = ctx;
  const slas = Object.keys(file.sla_policies).flatMap((id): SlaPolicy[] => {
    const policy = inherited(file.sla_policies, id);
    return policy === null ? [] : [resolveSla(id, policy)];
  });
  const olas = new Map(
    Object.keys(file.ola_policies).flatMap((id): [string, OlaPolicy][] => {
      const policy = inherited(file.ola_policies, id);
      return policy === null ? [] : [[id, resolveOla(id, policy)]];
    }),
  );
  const fits = fitter(ctx);

  for (const [id, ola] of olas) {
    for (const severity of SEVERITIES) {
      const claim = ola.claim[severity];
      const path = ['ola_policies', id];
      if (claim !== undefined)
        compare([claim], 'response', 'the time to claim', severity, [...path, 'claim', severity]);
      const tiers = TIERS.flatMap((tier) => ola.tier[tier]?.[severity] ?? []);
      compare(tiers, 'resolve', 'the tiers together', severity, [...path, 'tier']);
    }
  }
  // Teams that escalate to each other under different policies: their sum is in no single policy.
  for (const id of Object.keys(file.teams)) {
    const { chain } = follow(id, (team) => own(file.teams, team)?.escalates_to);
    const parts = [...new Set(chain)].flatMap((team) => {
      const ola = olas.get(own(file.teams, team)?.ola ?? '');
      return ola === undefined ? [] : [{ ola, tier: own(file.teams, team)?.tier ?? 'L1' }];
    });
    if (new Set(parts.map((part) => part.ola.id)).size < 2) continue;
    for (const severity of SEVERITIES) {
      const targets = parts.flatMap(({ ola, tier }) => ola.tier[tier]?.[severity] ?? []);
      compare(targets, 'resolve', `the tiers from ${id} up`, severity, ['teams', id, 'ola']);
    }
  }

  for (const [id, product] of Object.entries(file.products)) {
    const policy = product.uc === undefined ? null : inherited(file.uc_policies, product.uc);
    if (product.uc === undefined || policy === null) continue;
    const uc = resolveUc(product.uc, policy);
    const { chain } = follow(
      product.team ?? file.default_team ?? Object.keys(file.teams)[0] ?? '',
      (team) => own(file.teams, team)?.escalates_to,
    );
    for (const severity of SEVERITIES) {
      const vendor = uc.vendor[severity];
      if (vendor === undefined) continue;
      const seen = new Set<string>();
      const tiers = [...new Set(chain)].flatMap((team) => {
        const tier = own(file.teams, team)?.tier ?? 'L1';
        const target = olas.get(own(file.teams, team)?.ola ?? '')?.tier[tier]?.[severity];
        if (target === undefined || seen.has(tier)) return [];
        seen.add(tier);
        return [target];
      });
      const what = tiers.length === 0 ? `the vendor of ${id}` : `the tiers and the vendor of ${id}`;
      compare([...tiers, vendor], 'resolve', what, severity, ['products', id, 'uc'], true);
    }
  }

  function compare(
    parts: readonly Target[],
    metric: 'response' | 'resolve',
    what: string,
    severity: Severity,
    path: Path,
    waitsForVendor = false,
  ): void {
    if (parts.length === 0) return;
    const failing = slas.flatMap((sla) => {
      if (waitsForVendor && sla.pauseOn.includes('vendor')) return [];
      const promise = sla.targets[severity][metric];
      const from = promise === undefined ? null : fits(parts, promise);
      return promise === undefined || from === null ? [] : [{ sla: sla.id, promise, from }];
    });
    const [first] = failing;
    if (first === undefined) return;
    const found = `${what}: ${parts.map(show).join(' + ')} for ${severity}`;
    const names = failing.map(({ sla }) => sla);
    const others = names.length > 1 ? `, nor into ${names.slice(1, 4).join(', ')}${names.length > 4 ? ', …' : ''}` : '';
    const wanted = `at most the ${metric} target of ${first.sla}: ${show(first.promise)}`;
    const example = first.from === undefined ? '' : `, for example from ${toIsoUtc(first.from)}`;
    const message = `${found} does not fit into the ${metric} target of the SLA ${first.sla}, ${show(first.promise)}${example}${others}`;
    ctx.warn({ path, found, wanted, message });
  }
};

const show = (target: Target): string => `${formatDuration(target.ms, 'en')} (${target.calendar})`;

/**
 * Null: the parts, one after the other, end in time wherever they start. Else the start of a case where they do not
 * (undefined where all starts are the same). Times on different calendars cannot be compared as numbers, so two weeks of
 * starts are tried, an hour apart.
 */
const fitter = (ctx: CheckContext): ((parts: readonly Target[], promise: Target) => number | undefined | null) => {
  const calendars = new Map<string, Calendar | null>();
  const calendarOf = (id: string): Calendar | null => {
    let calendar = calendars.get(id);
    if (calendar === undefined) {
      const file = own(ctx.file.calendars, id);
      calendar = file === undefined ? null : unlessBroken(() => resolveCalendar(id, file, ctx.file.timezone));
      calendars.set(id, calendar);
    }
    return calendar;
  };
  const first = Math.floor(ctx.now / HOUR) * HOUR;
  const starts = Array.from({ length: (14 * DAY) / HOUR }, (_, i) => first + i * HOUR);
  // Hundreds of policies share a handful of targets.
  const known = new Map<string, number[] | null>();
  const endsOf = (parts: readonly Target[]): number[] | null => {
    const key = parts.map((part) => `${part.calendar}:${part.ms}`).join('+');
    let ends = known.get(key);
    if (ends === undefined) {
      const chain = parts.map((part) => ({ ms: part.ms, calendar: calendarOf(part.calendar) }));
      ends = chain.some(({ calendar }) => calendar === null)
        ? null
        : unlessBroken(() =>
            starts.map((start) => chain.reduce((at, { ms, calendar }) => calendar?.addOpenTime(at, ms) ?? at, start)),
          );
      known.set(key, ends);
    }
    return ends;
  };
  return (parts, promise) => {
    if (parts.every((part) => part.calendar === promise.calendar)) {
      return parts.reduce((sum, part) => sum + part.ms, 0) <= promise.ms ? null : undefined;
    }
    const ends = endsOf(parts);
    const dues = endsOf([promise]);
    const late = ends?.findIndex((end, i) => end > (dues?.[i] ?? Infinity)) ?? -1;
    return late < 0 ? null : starts[late];
  };
};
