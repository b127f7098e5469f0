import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Language } from '../domain/words.ts';

export const LANGUAGE_COOKIE = 'lang';

const known = (said: string | undefined): Language | null => {
  const tag = (said ?? '').trim().toLowerCase();
  if (/^zh\b/.test(tag)) return 'zh-CN';
  return /^en\b/.test(tag) ? 'en' : null;
};

/** `?lang=`, then what was chosen before, then what the browser prefers, then the configuration's. */
export const languageOf = (c: Context, fallback: Language): Language =>
  known(c.req.query('lang')) ??
  known(getCookie(c, LANGUAGE_COOKIE)) ??
  preferred(c.req.header('accept-language')) ??
  fallback;

/** What was chosen in the address, to be remembered. */
export const chosenLanguage = (c: Context): Language | null => known(c.req.query('lang'));

function preferred(header: string | undefined): Language | null {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag, weight] = part.split(/;\s*q=/);
      return { language: known(tag), weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ language, weight }) => language !== null && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.language ?? null;
}
