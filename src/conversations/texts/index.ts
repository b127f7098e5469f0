import type { Language } from '../../domain/words.ts';
import { en } from './en.ts';
import type { Texts } from './texts.ts';
import { zh } from './zh.ts';

export type { Texts } from './texts.ts';
export { refusalContext } from './refusal-context.ts';
export { bold, cut, join, say } from './say.ts';

export { dayOf, instant, when } from './when.ts';
export { wordOf } from './words.ts';

const ALL: Readonly<Record<Language, Texts>> = { 'zh-CN': zh, en };

export const texts = (language: Language): Texts => ALL[language];
