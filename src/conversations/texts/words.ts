import type { PublicCommandType } from '../../domain/commands.ts';
import type {
  ClockKind,
  Field,
  Kind,
  Level,
  Metric,
  PendReason,
  RejectReason,
  Severity,
  Status,
} from '../../domain/words.ts';
import type { CommandAction, FormName } from '../actions.ts';

/** Labels of the product, one table a language. Codes a team configured itself (causes, closures) show as written there. */
export interface Words {
  readonly status: Readonly<Record<Status, string>>;
  readonly kind: Readonly<Record<Kind, string>>;
  /** What a severity means, for choosing one. */
  readonly severity: Readonly<Record<Severity, string>>;
  readonly metric: Readonly<Record<Metric, string>>;
  readonly clockKind: Readonly<Record<ClockKind, string>>;
  readonly reason: Readonly<Record<PendReason, string>>;
  readonly rejected: Readonly<Record<RejectReason, string>>;
  readonly field: Readonly<Record<Field, string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly environment: Readonly<Record<'production' | 'staging' | 'test', string>>;
  readonly cause: Readonly<Record<string, string>>;
  readonly closure: Readonly<Record<string, string>>;
  /** A command as something one can do: "confirm", "hand it over". */
  readonly can: Readonly<Record<PublicCommandType, string>>;
  readonly button: Readonly<
    Record<CommandAction | FormName | 'show' | 'open' | 'capture' | 'notSolved' | 'cameBack', string>
  >;
  readonly comma: string;
  readonly colon: string;
  /** Ends a sentence, with the gap before the next. */
  readonly stop: string;
}

/** The word of a code, or the code itself where a team has words of its own. */
export const wordOf = (table: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(table, code) ? (table[code] ?? code) : code;
