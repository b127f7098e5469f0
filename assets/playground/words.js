import { en } from './words-en.js';
import { zh } from './words-zh.js';

const WORDS = { 'zh-CN': zh, en };

let language = 'zh-CN';
export const setLanguage = (to) => {
  language = to;
  document.documentElement.lang = to;
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = WORDS[to][element.dataset.word];
};
export const lang = () => language;
/** The words of the page's language: `w().send`. */
export const w = () => WORDS[language];
