/** docs/operations is held against the running program: what is watched, drawn and told exists, and all of it is explained. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startApp } from './support/app.ts';
import type { App } from './support/app.ts';
import { HandClock } from './support/clock.ts';
import { at } from './support/world.ts';

const read = (name: string): string => readFileSync(new URL(`../docs/operations/${name}`, import.meta.url), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}
interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

let app: App;
let atTheStart: string;
let metrics: string;
beforeAll(async () => {
  app = await startApp({ clock: new HandClock(at('2026-11-19T09:00+08:00')) });
  const scrape = async (): Promise<string> => (await fetch(`${app.url}/metrics`)).text();
  atTheStart = await scrape();
  await app.watch.look();
  await app.watch.audit();
  metrics = await scrape();
});
afterAll(() => app.stop());

/** Every name that is exported, those of histograms with their endings. */
const exported = (): ReadonlySet<string> =>
  new Set(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );

const WORDS = new Set(['by', 'without', 'on', 'ignoring', 'and', 'or', 'unless']);

/** The metrics that an expression asks for: what is neither a function, a label, a range nor a text. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([name]) => name).filter((name) => !WORDS.has(name));
}

/** Every process says the same of them. */
const OF_THE_DATABASE = new Set([
  'itr_tickets',
  'itr_queue_depth',
  'itr_queue_oldest_seconds',
  'itr_dead_letters',
  'itr_unrouted_total',
]);

const dashboard = JSON.parse(read('grafana.json')) as Dashboard;
const rules = (parse(read('alerts.yaml')) as Alerts).groups.flatMap((group) => group.rules);

describe('docs/operations', () => {
  it('an audit that was not made yet has no age: 0 would be “just now”', () => {
    expect(atTheStart).toContain('# TYPE itr_audit_age_seconds gauge');
    expect(atTheStart).not.toMatch(/^itr_audit_age_seconds /m);
    expect(metrics).toMatch(/^itr_audit_age_seconds \d/m);
  });

  it.each(dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)))(
    'the dashboard’s “%s” asks for metrics that are exported: %s',
    (_, expr) => {
      const names = metricsIn(expr);
      expect(names).not.toEqual([]);
      expect(names.filter((name) => !exported().has(name))).toEqual([]);
    },
  );

  it.each(rules.map(({ alert, expr }) => [alert, expr] as const))(
    'the alert %s asks for metrics that are exported: %s',
    (_, expr) => {
      const names = metricsIn(expr);
      expect(names).not.toEqual([]);
      // `up` is Prometheus’s own.
      expect(names.filter((name) => name !== 'up' && !exported().has(name))).toEqual([]);
    },
  );

  it.each(dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)))(
    'the dashboard’s “%s” draws what all processes count in one database once, and no other program: %s',
    (_, expr) => {
      for (const name of metricsIn(expr)) {
        if (OF_THE_DATABASE.has(name)) expect(expr).toMatch(/^max(?: by \(\w+\) )?\(/);
        if (/^(?:process|nodejs)_/.test(name)) expect(expr).toContain(`${name}{job="itr-bot"}`);
      }
    },
  );

  it('each alert says how bad it is and what it means, and has a name of its own', () => {
    for (const { labels, annotations } of rules) {
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary).not.toBe('');
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('an expression’s metrics are found: functions, labels and texts are none', () => {
    expect(
      metricsIn('histogram_quantile(0.9, sum by (le) (rate(a_bucket{b=~"c_d|e"}[5m]))) > 3 * 60 and up == 0'),
    ).toEqual(['a_bucket', 'up']);
  });

  describe.each(['README.md', 'README.zh-CN.md'])('%s', (name) => {
    it('explains every metric of the program’s own', () => {
      const own = [...metrics.matchAll(/^# TYPE (itr_\S+)/gm)].map(([, metric = '']) => metric);
      expect(own.length).toBeGreaterThan(10);
      expect(own.filter((metric) => !new RegExp(`^\\| \`${metric}[\`{]`, 'm').test(read(name)))).toEqual([]);
    });

    it('names no metric that is not there', () => {
      const named = [...read(name).matchAll(/\b(?:itr|nodejs|process)_[a-z_]+[a-z]\b/g)].map(([metric]) => metric);
      const known = new Set([...exported(), ...[...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, metric]) => metric)]);
      expect(named.filter((metric) => !known.has(metric))).toEqual([]);
    });

    it('says of every symptom what to do', () => {
      const symptoms = [...metrics.matchAll(/^itr_symptom\{name="([^":]+)/gm)].map(([, symptom = '']) => symptom);
      expect(symptoms).toEqual(expect.arrayContaining(['late_timer', 'adapter', 'audit']));
      expect(symptoms.filter((symptom) => !new RegExp(`^\\| \`${symptom}[\`:]`, 'm').test(read(name)))).toEqual([]);
    });
  });
});
