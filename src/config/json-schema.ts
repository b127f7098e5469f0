import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The JSON Schema of itr.config.yaml, for editors. References between sections and meanings are only checked by `itr config check`. */
export const configJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(configSchema, { io: 'input' }),
  title: 'itr.config.yaml',
  description: 'Configuration of itr-bot',
});
