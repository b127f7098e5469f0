import type { OpenAPIHono, RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Problem } from '../problem.ts';
import { ProblemSchema } from './ticket-schema.ts';

type Handle = (c: Context) => Promise<Response> | Response;

/**
 * A route and its description in one place. The description's schemas are also what the handler checks with (`read.ts`), by its own hand: the
 * framework's checks stop at the first part that is wrong and speak zod's language.
 */
export function route(
  app: OpenAPIHono,
  // Generated clients name their methods after it; without one each generator makes up its own.
  config: RouteConfig & { readonly operationId: string },
  handle: Handle,
): void {
  app.openAPIRegistry.registerPath(config);
  app.on(config.method.toUpperCase(), pathOf(config), handle);
}

/** After all routes: whatever else is asked of a path that exists is answered with what it takes. */
export function refuseOtherMethods(app: OpenAPIHono): void {
  const methods = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const path = pathOf(definition.route);
    methods.set(path, [...(methods.get(path) ?? []), definition.route.method.toUpperCase()]);
  }
  for (const [path, allowed] of methods) {
    const allow = allowed.join(', ');
    app.all(path, (c) => {
      throw new Problem(
        405,
        'method-not-allowed',
        'Method not allowed',
        `${c.req.method} is not possible here; this address takes ${allowed.join(' and ')}`,
        {},
        { allow },
      );
    });
  }
}

const pathOf = (config: Pick<RouteConfig, 'path'>): string => config.path.replaceAll(/\{(\w+)\}/g, ':$1');

export const problems = (...statuses: readonly number[]): Record<string, object> =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: DESCRIPTIONS[status] ?? 'Problem',
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    ]),
  );

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'A parameter or the JSON cannot be read',
  401: 'The token is missing or wrong',
  403: 'The role does not allow it',
  404: 'Not found',
  409: 'The state does not allow it; `possible` says what it allows',
  413: 'More than 1 MiB',
  415: 'Not JSON',
  422: 'A parameter is unknown or wrong; `errors` says which, and what would be right',
  501: 'Comes with a later release',
  503: 'Try again',
};

export const json = (schema: z.ZodType, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
