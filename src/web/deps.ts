import type { Hono } from 'hono';
import type { Desk, Directory } from '../desk/desk.ts';
import type { Store } from '../desk/ports.ts';
import type { PublicCommandType } from '../domain/commands.ts';
import type { KnownPerson } from '../domain/identity.ts';
import type { Policy } from '../domain/policy.ts';
import type {
  Field,
  Kind,
  Language,
  Level,
  Metric,
  PendReason,
  RejectReason,
  Severity,
  Status,
} from '../domain/words.ts';
import type { World } from '../domain/world.ts';
import type { OutboxQueue } from '../scheduler/ports.ts';
import type { Queries } from '../storage/queries.ts';
import type { Live } from './live.ts';
import type { Metrics } from './metrics.ts';

/** What the web needs, in its own words; `main` has all of it. */
export interface WebDeps {
  readonly desk: Desk;
  readonly store: Store;
  readonly queries: Queries;
  readonly directory: Directory;
  policy(): Policy;
  world(): World;
  readonly outbox: OutboxView;
  readonly deadLetters: DeadLetters;
  readonly people: PeopleView;
  /** The platforms that are connected, for `/readyz`. */
  platforms(): readonly PlatformView[];
  readonly env: WebEnv;
  /** UTC ms; the playground's where it moves the clock. */
  now(): number;
  readonly log: WebLog;
  readonly metrics: Metrics;
  readonly live: Live;
  readonly watch: WatchView;
  /** Its page, assets and API, at `/playground`; null: it is off. */
  readonly playground: Hono | null;
  /** A wrong configuration file that is being ignored while the last good one stays in force; null: all is well. */
  configError(): string | null;
  readonly version: string;
  /** The product's words, the same in chat and on pages. */
  words(language: Language): Labels;
}

/** The people of the configuration, and where each is known. */
export interface PeopleView {
  /** On the platforms that are connected. */
  list(): Promise<readonly KnownPerson[]>;
  /** False: there is no such link. */
  unlink(platform: string, user: string, askAgain: boolean): Promise<boolean>;
}

export interface WebEnv {
  readonly apiToken: string | null;
  /** Null: one is made for as long as the process lives. */
  readonly sessionSecret: string | null;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly isLoopback: boolean;
}

export interface PlatformView {
  readonly name: string;
  health(): { readonly ok: boolean; readonly line: string };
}

/** What the program finds wrong with itself: for `/readyz`, `/health` and `/metrics`. */
export interface WatchView {
  /** All names of what is watched; true: something is wrong there. */
  names(): ReadonlyMap<string, boolean>;
  /** What is wrong, and how the watch itself does. */
  checks(language: Language): readonly WatchCheck[];
  /** What platforms and chats have said of themselves, as far as it still matters; read from the database. */
  noted(language: Language): Promise<readonly WatchCheck[]>;
  /** Why nothing could be written to the database when it was last tried; null: it could. */
  unwritable(): string | null;
  /** The same, tried anew where it could not. */
  stillUnwritable(): Promise<string | null>;
  /** How long ago the last look ended, else the program began, ms. */
  lookedMs(): number;
  /** How long ago the last audit ended, ms; null: none has. */
  auditedMs(): number | null;
  /** What the audits have found since the start. */
  audited(): { readonly tickets: number; readonly differences: number };
}

export interface WatchCheck {
  readonly name: string;
  readonly warning: boolean;
  readonly line: string;
}

export type OutboxView = Pick<OutboxQueue, 'depth'>;

export type DeadLetters = Pick<OutboxQueue, 'deadLetters' | 'revive' | 'reviveAll'>;

/** What a pino logger has. */
export interface WebLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The part of the conversation's words that pages show. */
export interface Labels {
  readonly status: Readonly<Record<Status, string>>;
  readonly kind: Readonly<Record<Kind, string>>;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly metric: Readonly<Record<Metric, string>>;
  readonly reason: Readonly<Record<PendReason, string>>;
  readonly rejected: Readonly<Record<RejectReason, string>>;
  readonly field: Readonly<Record<Field, string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly cause: Readonly<Record<string, string>>;
  readonly closure: Readonly<Record<string, string>>;
  readonly can: Readonly<Record<PublicCommandType, string>>;
  readonly comma: string;
}
