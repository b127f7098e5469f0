import type { Refusal } from '../domain/errors.ts';

export interface Fault {
  /** Where: the name of a parameter or a path in the body. */
  readonly name: string;
  readonly problem: string;
}

/** An answer of RFC 9457. `code` is what a program compares, `detail` what a person reads. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.more = more;
    this.headers = headers;
  }
}

export const problemResponse = (problem: Problem, instance: string): Response =>
  new Response(
    JSON.stringify({
      type: `urn:itr:problem:${problem.code}`,
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      instance,
      code: problem.code,
      ...problem.more,
    }),
    {
      status: problem.status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...problem.headers },
    },
  );

const invalid = (status: 400 | 422, code: string, title: string, faults: readonly Fault[]): Problem =>
  new Problem(status, code, title, faults.map(({ name, problem }) => `${name}: ${problem}`).join('; '), {
    errors: faults,
  });

/** Wrong parameters in the address. */
export const badQuery = (...faults: readonly Fault[]): Problem =>
  invalid(400, 'bad-parameter', 'A parameter cannot be used', faults);

/** A body that is JSON and not what was asked for. */
export const badBody = (...faults: readonly Fault[]): Problem =>
  invalid(422, 'invalid', 'The request cannot be done as written', faults);

export const noSuch = (what: string, code = 'not-found'): Problem => new Problem(404, code, 'Not found', what);

/** What a rule's "no" is over HTTP: the state 409, the role 403, a parameter 422. */
export const problemOf = (refusal: Refusal): Problem => {
  const { kind, reason, possible, message } = refusal;
  if (reason.code === 'unknown' && reason.what === 'ticket') return noSuch(message);
  switch (kind) {
    case 'state':
      return new Problem(409, 'not-now', 'Not possible now', message, { possible, reason: reason.code });
    case 'role':
      return new Problem(403, 'not-allowed', 'Not allowed', message, { possible, reason: reason.code });
    case 'input': {
      const fault: Fault =
        reason.code === 'invalid'
          ? { name: reason.what, problem: reason.wanted }
          : { name: reason.code === 'unknown' ? reason.what : 'command', problem: message };
      const near = reason.code === 'unknown' ? { near: reason.near } : {};
      return new Problem(422, 'invalid', 'The request cannot be done as written', message, {
        errors: [fault],
        possible,
        ...near,
      });
    }
  }
};
