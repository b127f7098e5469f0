import { z } from 'zod';
import { oneOf } from './issue.ts';
import { databaseOf, loopbackHost, readPlatforms } from './env-parts.ts';
import type { Database, EnvIssue, FeishuEnv, OidcEnv, SlackEnv, WecomEnv } from './env-parts.ts';

export type { Database, EnvIssue, FeishuEnv, OidcEnv, SlackEnv, WecomEnv } from './env-parts.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The environment, checked once at the door. Frozen; null: not configured. */
export interface Env {
  readonly database: Database;
  readonly host: string;
  readonly port: number;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** `ITR_CONFIG` as given; null: ./itr.config.yaml if there, else built in. */
  readonly configFile: string | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly playground: boolean;
  readonly apiToken: string | null;
  readonly sessionSecret: string | null;
  readonly oidc: OidcEnv | null;
  readonly slack: SlackEnv | null;
  readonly feishu: FeishuEnv | null;
  readonly wecom: WecomEnv | null;
  /** HOST is this machine only. With nothing configured the console is open then, as an administrator. */
  readonly isLoopback: boolean;
  /** Settings that are understood and not acted on by this version; start says so. */
  readonly notYet: readonly string[];
}

type EnvResult = { readonly ok: true; readonly env: Env } | { readonly ok: false; readonly errors: EnvIssue[] };

export const formatEnvIssue = (issue: EnvIssue): string => `${issue.name}: ${issue.problem}; ${issue.fix}`;

const PORT_FIX = 'write a number from 0 to 65535 (0: any free port)';

const scalars = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: PORT_FIX })
    .transform(Number)
    .refine((port) => port <= 65535, { error: PORT_FIX })
    .default(3000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'write the address people reach it at, such as https://itr.example.com' })
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `write ${oneOf(LOG_LEVELS)}` }).default('info'),
  PLAYGROUND: z
    .string()
    .transform((written) => written.toLowerCase())
    .pipe(z.enum(['1', '0', 'true', 'false', 'on', 'off', 'yes', 'no'], { error: 'write on or off' }))
    .transform((written) => ['1', 'true', 'on', 'yes'].includes(written))
    .optional(),
  ITR_CONFIG: z.string().optional(),
  ITR_API_TOKEN: z.string().optional(),
  SESSION_SECRET: z.string().optional(),
});

/**
 * Reads the environment and reports every mistake at once. A variable set to nothing counts as unset, because that is
 * what `.env` files and container settings make of a line left blank. Tokens are not judged by their looks.
 * @param options.listens false: nothing will listen at HOST, so nobody has to be kept out
 */
export const readEnv = (
  source: Readonly<Record<string, string | undefined>>,
  options: { readonly listens: boolean } = { listens: true },
): EnvResult => {
  const vars = Object.fromEntries(
    Object.entries(source)
      .map(([name, value]) => [name, value?.trim()])
      .filter(([, value]) => value !== undefined && value !== ''),
  ) as Record<string, string>;
  const errors: EnvIssue[] = [];
  const parsed = scalars.safeParse(vars);
  for (const issue of parsed.success ? [] : parsed.error.issues) {
    const name = String(issue.path[0]);
    errors.push({ name, problem: `"${vars[name] ?? ''}" cannot be used`, fix: issue.message });
  }
  const database = databaseOf(vars, errors);
  const platforms = readPlatforms(vars, errors);
  const { HOST: host = '127.0.0.1', ITR_API_TOKEN: apiToken } = vars;
  const isLoopback = loopbackHost(host);
  if (options.listens && !isLoopback && apiToken === undefined) errors.push(exposed(host, platforms));
  if (errors.length > 0 || !parsed.success || database === null) return { ok: false, errors };

  const read = parsed.data;
  const hasPlatform = platforms.slack !== null || platforms.feishu !== null || platforms.wecom !== null;
  const env: Env = {
    database,
    host,
    port: read.PORT,
    publicUrl: (read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).replace(/\/+$/, ''),
    configFile: read.ITR_CONFIG ?? null,
    logLevel: read.LOG_LEVEL,
    playground: read.PLAYGROUND ?? !hasPlatform,
    apiToken: read.ITR_API_TOKEN ?? null,
    sessionSecret: read.SESSION_SECRET ?? null,
    ...platforms,
    isLoopback,
    notYet: Object.freeze(notYet(platforms)),
  };
  return { ok: true, env: Object.freeze(env) };
};

type Platforms = ReturnType<typeof readPlatforms>;

/** What is understood and not acted on; whoever makes one work deletes its line. */
const notYet = ({ oidc, wecom }: Platforms): string[] => [
  ...(oidc === null ? [] : ['OIDC_ISSUER: sign-in by OpenID Connect']),
  ...(wecom === null ? [] : ['WECOM_*, WECHATY_*: the WeCom platform']),
];

/**
 * OpenID Connect and sign-in by chat will each do instead of the token. They do not count before they work: trusting a
 * lock that is not built in yet would open the console to the world. Change this together with `notYet`.
 */
const exposed = (host: string, { oidc }: Platforms): EnvIssue => ({
  name: 'HOST',
  problem:
    `"${host}" can be reached from outside, and nothing asks who is there` +
    (oidc === null ? '' : ' (sign-in by OIDC is configured, but this version does not act on it yet)'),
  fix: 'set ITR_API_TOKEN to a long random text, or HOST=127.0.0.1',
});
