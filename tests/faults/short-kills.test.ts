import { inShort, killsPrograms } from './in-short.ts';

inShort('programs killed on purpose, in short', killsPrograms);
