import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

import { readEnv } from '../src/config/env.ts';
import { parseConfig } from '../src/config/load.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (name: string): string => readFileSync(root + name, 'utf8');

/** Every variable that the program reads, as the files that read them name it. */
const KNOWN: ReadonlySet<string> = new Set(
  ['env.ts', 'env-parts.ts'].flatMap((name) => read(`src/config/${name}`).match(/\b[A-Z][A-Z0-9_]*[A-Z0-9]\b/g) ?? []),
);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

const MANIFESTS = readdirSync(`${root}deploy/kubernetes`).flatMap((name) =>
  parseAllDocuments(read(`deploy/kubernetes/${name}`)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  }),
);

function manifest(kind: string, name = 'itr-bot'): Manifest {
  const found = MANIFESTS.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly strategy: { readonly rollingUpdate: { readonly maxUnavailable: number } };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: {
      readonly terminationGracePeriodSeconds: number;
      readonly containers: readonly {
        readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
        readonly envFrom: readonly {
          readonly configMapRef?: { readonly name: string };
          readonly secretRef?: { readonly name: string };
        }[];
        readonly livenessProbe: Probe;
        readonly readinessProbe: Probe;
        readonly startupProbe: Probe;
        readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
        readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      }[];
      readonly volumes: readonly { readonly name: string; readonly configMap: { readonly name: string } }[];
    };
  };
}

interface Compose {
  readonly services: Readonly<
    Record<
      'bot' | 'database',
      {
        readonly environment: Readonly<Record<string, string>>;
        readonly deploy?: { readonly replicas: number };
        readonly ports?: readonly string[];
        readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
        readonly healthcheck?: { readonly test: readonly string[] };
        readonly image: string;
      }
    >
  >;
}

const compose = parse(read('compose.yaml')) as Compose;
const dockerfile = read('Dockerfile');
const unknown = (names: readonly string[]): readonly string[] => names.filter((name) => !KNOWN.has(name));

describe('the container image', () => {
  it('sets only variables that the program knows, and is what its parts say', () => {
    const [, block = ''] = /^ENV ((?:.*\n)+?)WORKDIR/m.exec(dockerfile) ?? [];
    const names = [...block.matchAll(/(?:^|\s)([A-Z_]+)=/g)].map(([, name = '']) => name);
    expect(names).toContain('HOST');
    expect(unknown(names.filter((name) => name !== 'NODE_ENV'))).toEqual([]);
  });

  it('copies only what is there, and what is not kept out', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied).toEqual(expect.arrayContaining(['package.json', 'src', 'assets', 'prisma']));
    expect(copied.filter((file) => !existsSync(root + file))).toEqual([]);
    expect(copied.filter((file) => !kept.includes(file))).toEqual([]);
  });

  it('runs as nobody in particular, asks the program whether it lives, and starts it without npm', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toContain('\nUSER node\n');
    expect(last).toMatch(/HEALTHCHECK[^\n]*\\\n.*\/healthz/);
    expect(last).toContain('CMD ["node", "bin/itr.mjs", "start"]');
    expect(read('src/web/app.ts')).toContain(`app.get('/healthz'`);
  });
});

describe('compose.yaml', () => {
  const { bot, database } = compose.services;
  const filled = (value: string): string => value.replace(/\$\{\w+:\?[^}]*\}/g, 'a-long-random-text');

  it('names only variables that the program knows, and the program takes them', () => {
    expect(unknown(Object.keys(bot.environment))).toEqual([]);
    expect(readEnv({ HOST: '0.0.0.0' }).ok).toBe(false);
    const read = readEnv(
      Object.fromEntries(Object.entries(bot.environment).map(([name, value]) => [name, filled(value)])),
    );
    expect(read).toMatchObject({
      ok: true,
      env: { host: '0.0.0.0', database: { kind: 'postgresql' }, playground: false },
    });
  });

  it('asks for every secret instead of having one', () => {
    for (const name of ['ITR_API_TOKEN', 'SESSION_SECRET', 'DATABASE_URL'])
      expect(bot.environment[name]).toMatch(/\$\{\w+:\?/);
    expect(database.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });

  it('runs three processes, each with a port, once PostgreSQL 17 answers', () => {
    expect(database.image).toBe('postgres:17');
    expect(database.healthcheck?.test.join(' ')).toContain('pg_isready');
    expect(bot.depends_on).toEqual({ database: { condition: 'service_healthy' } });
    expect(bot.deploy?.replicas).toBe(3);
    expect(bot.ports).toEqual([`127.0.0.1:3000-3002:${bot.environment['PORT'] ?? ''}`]);
  });
});

describe('deploy/kubernetes', () => {
  const spec = manifest('Deployment').spec as DeploymentSpec;
  const pod = spec.template.spec;
  const container = pod.containers[0]!;
  const settings = manifest('ConfigMap').data ?? {};
  const secrets = manifest('Secret').stringData ?? {};

  it('names only variables that the program knows, and the program takes them', () => {
    expect(unknown([...Object.keys(settings), ...Object.keys(secrets)])).toEqual([]);
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'itr-bot' } }, { secretRef: { name: 'itr-bot' } }]);
    const read = readEnv({ ...settings, ...secrets });
    expect(read).toMatchObject({ ok: true, env: { host: '0.0.0.0', database: { kind: 'postgresql' } } });
    const { ITR_API_TOKEN: _, ...open } = secrets;
    expect(readEnv({ ...settings, ...open })).toMatchObject({ ok: false, errors: [{ name: 'HOST' }] });
  });

  it('no secret stands among the settings', () => {
    expect(Object.keys(settings).filter((name) => /TOKEN|SECRET|KEY|DATABASE_URL/.test(name))).toEqual([]);
  });

  it('its configuration is one that the program takes, where the program looks for it', () => {
    const { data } = manifest('ConfigMap', 'itr-bot-config');
    const parsed = parseConfig(data?.['itr.config.yaml'] ?? '', { now: Date.parse('2026-11-24T00:00:00Z') });
    expect(parsed).toMatchObject({ ok: true });
    const volume = pod.volumes.find(({ configMap }) => configMap.name === 'itr-bot-config');
    const mount = container.volumeMounts.find(({ name }) => name === volume?.name);
    expect(settings['ITR_CONFIG']).toBe(`${mount?.mountPath ?? ''}/itr.config.yaml`);
  });

  it('replaces one process after the other, and lets each end what it has begun', () => {
    expect(spec.replicas).toBe(3);
    expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    const pause = Number(container.lifecycle.preStop.exec.command.at(-1));
    expect(pause).toBeGreaterThan(0);
    // A transaction may take 10 s, a call of a platform as long again.
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + 30);
    expect(manifest('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
  });

  it('asks the program itself whether it lives and whether it is ready', () => {
    const app = read('src/web/app.ts');
    for (const [probe, path] of [
      [container.livenessProbe, '/healthz'],
      [container.startupProbe, '/healthz'],
      [container.readinessProbe, '/readyz'],
    ] as const) {
      expect(probe.httpGet).toEqual({ path, port: 'http' });
      expect(app).toContain(`app.get('${path}'`);
    }
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(settings['PORT']) }]);
  });

  it('everything means the same processes', () => {
    const labels = { 'app.kubernetes.io/name': 'itr-bot' };
    for (const { metadata } of MANIFESTS) expect(metadata.labels).toEqual(labels);
    expect(spec.selector.matchLabels).toEqual(labels);
    expect(spec.template.metadata.labels).toEqual(labels);
    expect(manifest('Service').spec).toMatchObject({ selector: labels });
    expect(manifest('PodDisruptionBudget').spec).toMatchObject({ selector: { matchLabels: labels } });
  });
});
