import type { Language } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { bold, say } from './say.ts';

/** Many notices to one person in one message. */
export interface StormTexts {
  /** `others`: he was told of some already. */
  head(tickets: number, others: boolean): RichText;
}

const zh: StormTexts = {
  head: (tickets, others) => say`${bold(`${others ? '另有' : '有'} ${tickets} 个工单需要你看`)}，合成一条说：`,
};

const en: StormTexts = {
  head: (tickets, others) =>
    say`${bold(`${tickets} ${others ? 'more ' : ''}${tickets === 1 ? 'ticket needs' : 'tickets need'} you`)}, in one message:`,
};

const ALL: Readonly<Record<Language, StormTexts>> = { 'zh-CN': zh, en };

export const stormTexts = (language: Language): StormTexts => ALL[language];
