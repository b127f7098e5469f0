import { inShort, killsPrograms } from './in-short.ts';

inShort('what is broken on purpose, in short', (name) => !killsPrograms(name));
