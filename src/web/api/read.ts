import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { near } from '../../domain/near.ts';
import { wellFormedData } from '../../domain/text.ts';
import { readText } from '../body.ts';
import { Problem, badBody, badQuery, noSuch } from '../problem.ts';
import type { Fault } from '../problem.ts';

const MOST_BYTES = 1024 * 1024;

/** The JSON of a request. Only of `application/json`: a page of another origin can send a form or plain text without asking, but not that. */
export async function readJson(c: Context): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    const found = type === '' ? 'no content-type' : `"${type}"`;
    throw new Problem(
      415,
      'not-json',
      'JSON is needed',
      `Send content-type: application/json; this came with ${found}`,
    );
  }
  const text = await readText(c, MOST_BYTES);
  try {
    return wellFormedData(JSON.parse(text) as unknown);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw new Problem(
      400,
      'bad-json',
      'The body is not JSON',
      text.trim() === '' ? 'The body is empty; send JSON' : why,
    );
  }
}

/** @param what how messages call the whole: `a ticket`, `the command "pend"`. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown, what: string, known: readonly string[]): T {
  const read = schema.safeParse(body, { reportInput: true });
  if (read.success) return read.data;
  throw badBody(...read.error.issues.flatMap((issue) => faultsOf(issue, what, known)));
}

/** Parameters of the address; one that is there and empty counts as left out. */
export function readQuery<T>(schema: z.ZodType<T>, c: Context, known: readonly string[]): T {
  const said = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''));
  const read = schema.safeParse(said, { reportInput: true });
  if (read.success) return read.data;
  throw badQuery(...read.error.issues.flatMap((issue) => faultsOf(issue, 'this address', known)));
}

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue, what: string, known: readonly string[]): readonly Fault[] {
  const name = issue.path.join('.') || 'body';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const names = issue.path.length === 0 ? known : [];
        const meant = near(key, names);
        const hint = meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : '';
        const list = names.length > 0 ? `it takes ${names.join(', ')}` : '';
        const more = [hint, list].filter((part) => part !== '').join(' ');
        const path = [...issue.path, key].join('.');
        return { name: path, problem: `is not a parameter of ${what}${more === '' ? '' : `; ${more}`}` };
      });
    case 'invalid_value':
      return [{ name, problem: `must be ${oneOf(issue.values)}${found(issue.input)}` }];
    case 'invalid_type':
      // A schema that has a sentence of its own knows better.
      if (!issue.message.startsWith('Invalid input')) return [{ name, problem: issue.message }];
      return [
        {
          name,
          problem:
            issue.input === undefined
              ? `is needed: ${expected(issue)}`
              : `must be ${expected(issue)}${found(issue.input)}`,
        },
      ];
    default:
      return [{ name, problem: issue.message }];
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
};

const expected = (issue: Extract<Issue, { code: 'invalid_type' }>): string => WORDS[issue.expected] ?? issue.expected;

const found = (input: unknown): string => (input === undefined ? '' : `, not ${JSON.stringify(input).slice(0, 80)}`);

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

/** `ITR-1`, `itr-1` and `1`. */
export function ticketNumber(said: string): number {
  const digits = /^(?:itr-)?(\d{1,9})$/i.exec(said)?.[1];
  if (digits === undefined) throw noSuch(`There is no ticket "${said.slice(0, 80)}"; write its number, such as ITR-1`);
  return Number(digits);
}
