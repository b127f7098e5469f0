import type { Language } from '../../domain/words.ts';

/** What is kept of one message. A log of 3,000 lines fits; a file pasted as text does not have to. */
export const LONGEST_MESSAGE_BYTES = 100_000;

/** The whole text, or its beginning with an honest mark of how much is missing. */
export const bounded = (text: string, language: Language): string => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= LONGEST_MESSAGE_BYTES) return text;
  // A character cut in two would become U+FFFD: the last one, whole or not, is left away.
  const kept = Buffer.from(text)
    .subarray(0, LONGEST_MESSAGE_BYTES)
    .toString()
    .replace(/\ufffd$/, '');
  const missing = text.length - kept.length;
  return `${kept}\n${language === 'en' ? `[cut here: ${missing} more characters were not kept]` : `[此处截断，后面还有 ${missing} 个字没有保存]`}`;
};
