import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { nearest } from '../domain/near.ts';
import type { Calendar } from '../domain/calendar.ts';
import { parseDuration } from '../domain/duration.ts';
import { parseInstant, toIsoUtc, toIsoWithOffset } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { policyFor } from './policy.ts';
import type { ExitCode, Io, Verb } from './verb.ts';
import { WrongCall, needed, readArgs, readValue } from './verb.ts';

const OPTIONS = {
  calendar: { type: 'string' },
  from: { type: 'string' },
  for: { type: 'string' },
  to: { type: 'string' },
  batch: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const verb: Verb = {
  name: 'sla',
  summary: 'counts business time: when something is due, how much time has passed',
  usage: [
    'sla due --calendar NAME --from ISO --for DURATION [--config FILE] [--json]',
    'sla due --batch FILE.jsonl [--config FILE]          a line {"calendar","from","for"} in, a line {"due"} out',
    'sla elapsed --calendar NAME --from ISO --to ISO [--config FILE] [--json]',
    'sla elapsed --batch FILE.jsonl [--config FILE]      a line {"calendar","from","to"} in, a line {"ms"} out; - reads standard input',
  ],
  example: ['$ itr sla due --calendar cn --from 2026-09-30T17:00:00+08:00 --for 8h', '2026-10-08T17:30:00+08:00'].join(
    '\n',
  ),
  async run(args, io) {
    const { values, positionals } = readArgs(args, OPTIONS);
    const [what, ...more] = positionals;
    if (what !== 'due' && what !== 'elapsed') {
      throw new WrongCall(what === undefined ? 'due or elapsed?' : `"${what}" is neither due nor elapsed`);
    }
    if (more.length > 0) throw new WrongCall(`"${more[0] ?? ''}" is too much`);
    const policy = await policyFor(values.config, io);
    if (policy === null) return 1;
    if (values.batch !== undefined) return batch(values.batch, what === 'due' ? due : elapsed, policy, io);

    const name = needed(values.calendar, 'calendar');
    const calendar = readValue('calendar', () => calendarOf(policy, name));
    const from = instant('from', needed(values.from, 'from'));
    if (what === 'elapsed') {
      const ms = calendar.openTimeBetween(from, instant('to', needed(values.to, 'to')));
      await io.out(values.json ? `${JSON.stringify({ ms })}\n` : `${exactDuration(ms)}\n`);
      return 0;
    }
    const written = needed(values.for, 'for');
    const span = readValue('for', () => parseDuration(written));
    const at = readValue('for', () => calendar.addOpenTime(from, span));
    const local = toIsoWithOffset(at, calendar.timezone);
    await io.out(values.json ? `${JSON.stringify({ due: toIsoUtc(at), local })}\n` : `${local}\n`);
    return 0;
  },
};

const instant = (option: string, written: string): number => readValue(option, () => parseInstant(written));

const calendarOf = (policy: Policy, name: string): Calendar => {
  const calendar = policy.calendars.get(name);
  if (calendar !== undefined) return calendar;
  const known = [...policy.calendars.keys()];
  const meant = nearest(name, known);
  throw new RangeError(
    `unknown calendar "${name}";${meant === null ? '' : ` did you mean "${meant}"?`} known: ${known.join(', ')}`,
  );
};

/** `31h30m5s`, as `--for` would take it; milliseconds are cut off. */
const exactDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const parts = [`${Math.floor(seconds / 3600)}h`, `${Math.floor((seconds % 3600) / 60)}m`, `${seconds % 60}s`];
  return parts.filter((part) => !/^0\D/.test(part)).join('') || '0s';
};

type Line = Readonly<Record<string, unknown>>;

const due = (line: Line, policy: Policy): object => {
  const calendar = calendarOf(policy, field(line, 'calendar'));
  return { due: toIsoUtc(calendar.addOpenTime(parseInstant(field(line, 'from')), parseDuration(field(line, 'for')))) };
};

const elapsed = (line: Line, policy: Policy): object => {
  const calendar = calendarOf(policy, field(line, 'calendar'));
  return { ms: calendar.openTimeBetween(parseInstant(field(line, 'from')), parseInstant(field(line, 'to'))) };
};

const field = (line: Line, name: string): string => {
  const value = line[name];
  if (typeof value !== 'string') throw new RangeError(`"${name}" is needed, as text`);
  return value;
};

/** Enough to make a write worth its system call, little enough that a slow reader is felt at once. */
const CHUNK = 64 * 1024;

/** Line by line, so that a file of any length costs the same memory. A line that cannot be answered is answered with its error. */
const batch = async (
  file: string,
  answer: (line: Line, policy: Policy) => object,
  policy: Policy,
  io: Io,
): Promise<ExitCode> => {
  const path = resolve(io.cwd, file);
  if (file !== '-') {
    await access(path).catch(() => {
      throw new WrongCall(`--batch: cannot read ${file}`);
    });
  }
  const input = file === '-' ? io.stdin : createReadStream(path);
  let text = '';
  let blank = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    // Blank lines at the end of a file are no questions; one in between is, or answers would no longer stand beside theirs.
    if (line.trim() === '') {
      blank += 1;
      continue;
    }
    for (; blank > 0; blank--) text += `${JSON.stringify({ error: 'an empty line' })}\n`;
    text += `${JSON.stringify(answerLine(line, answer, policy))}\n`;
    if (text.length < CHUNK) continue;
    await io.out(text);
    text = '';
  }
  if (text !== '') await io.out(text);
  return 0;
};

const answerLine = (line: string, answer: (line: Line, policy: Policy) => object, policy: Policy): object => {
  try {
    const parsed: unknown = JSON.parse(line.replace(/^\uFEFF/, ''));
    if (typeof parsed !== 'object' || parsed === null) return { error: 'not a JSON object' };
    return answer(parsed as Line, policy);
  } catch (error) {
    if (error instanceof SyntaxError) return { error: `not JSON: ${error.message}` };
    if (error instanceof RangeError) return { error: error.message };
    throw error;
  }
};
