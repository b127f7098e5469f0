import { OpenAPIHono } from '@hono/zod-openapi';
import type { Access } from '../access.ts';
import type { WebDeps } from '../deps.ts';
import { identityRoutes } from './identities.ts';
import { otherRoutes } from './more.ts';
import { outboxRoutes } from './outbox.ts';
import { refuseOtherMethods } from './route.ts';
import { ticketRoutes } from './tickets.ts';

/** `/api/v1/*` and `/api/openapi.json`. */
export function createApi(deps: WebDeps, access: Access): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use('/api/v1/*', access.guardApi);
  app.use('/api/v1/*', async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  ticketRoutes(app, deps);
  outboxRoutes(app, deps);
  identityRoutes(app, deps);
  otherRoutes(app, deps);
  refuseOtherMethods(app);

  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'ITR_API_TOKEN',
  });
  const description = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'itr-bot',
      version: deps.version,
      description:
        'Tickets of Issue to Resolution. Instants are ISO 8601 UTC; people are ids of the configuration or `platform:id`.',
    },
    // On loopback with nothing configured nobody is asked.
    security: access.open ? [] : [{ token: [] }],
  });
  // With PORT=0 the address is known only by now.
  app.get('/api/openapi.json', (c) => c.json({ ...description, servers: [{ url: deps.env.publicUrl }] }));
  return app;
}
