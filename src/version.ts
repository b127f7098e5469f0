import { readFileSync } from 'node:fs';

/** Of package.json, which lies one level above both src and dist. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
