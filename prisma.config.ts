import { defineConfig } from 'prisma/config';

/** For those who use Prisma's own tools on the database (`npx prisma migrate deploy`, `studio`); the program itself does not read it. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  datasource: { url: process.env.DATABASE_URL ?? 'file:./data/itr.db' },
});
