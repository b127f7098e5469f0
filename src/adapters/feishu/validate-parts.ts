import { isRaw, type Raw } from '../raw.ts';

/**
 * Feishu's limits on a card (JSON 2.0) and a post, checked offline: it answers `230099` and drops the whole message for one property it does not know.
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-structure and the pages of the components. `bytes` is of the request's 30 KB what is
 * left beside the ids; the rest is documented as it stands here.
 */
export const LIMITS = {
  bytes: 29_500,
  elements: 200,
  depth: 5,
  tags: 3,
  id: 20,
  input: 1_000,
  placeholder: 100,
} as const;

/** Takes what is wrong, and where: a JSON pointer. */
export type Report = (path: string, wrong: string) => void;

export const checkUrl = (url: unknown, path: string, report: Report): void => {
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) report(path, 'no page');
};

export const checkPlain = (value: unknown, path: string, report: Report): void => {
  if (!isRaw(value)) return report(path, 'missing');
  only(value, ['tag', 'content'], path, report);
  if (value['tag'] !== 'plain_text') report(`${path}/tag`, `${String(value['tag'])}, not plain_text`);
  string(value['content'], `${path}/content`, report);
};

export const string = (value: unknown, path: string, report: Report): void => {
  if (typeof value !== 'string' || value === '') report(path, 'empty');
};

export const oneOf = (value: unknown, known: readonly string[], path: string, report: Report): void => {
  if (value === undefined || (typeof value === 'string' && known.includes(value))) return;
  report(path, `unknown: ${JSON.stringify(value)}`);
};

export const only = (raw: Raw, known: readonly string[], path: string, report: Report): void => {
  for (const key of Object.keys(raw)) if (!known.includes(key)) report(`${path}/${key}`, 'unknown property');
};

/** Feishu counts components and texts alike: whatever has a `tag`. */
export const tagged = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + tagged(item), 0);
  if (!isRaw(value)) return 0;
  return Object.values(value).reduce(
    (sum: number, inner) => sum + tagged(inner),
    typeof value['tag'] === 'string' ? 1 : 0,
  );
};
