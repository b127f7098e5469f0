import { at, isRaw, list } from '../raw.ts';
import { bytesOf } from './rich.ts';
import { checkBody } from './validate-elements.ts';
import { checkPlain, checkUrl, LIMITS, oneOf, only, string, tagged, type Report } from './validate-parts.ts';

/** What is wrong with a card; empty: nothing. Each line begins with the JSON pointer of the place. */
export const checkCard = (card: unknown): string[] => {
  const { wrong, report } = collector();
  if (!isRaw(card)) return ['/: not an object'];
  only(card, ['schema', 'config', 'header', 'body', 'card_link'], '', report);
  if (card['schema'] !== '2.0') report('/schema', 'not 2.0');
  checkConfig(card['config'], report);
  if (card['header'] !== undefined) checkHeader(card['header'], report);
  checkBody(card['body'], report);
  const elements = tagged(card);
  if (elements > LIMITS.elements) report('/', `${elements} elements, at most ${LIMITS.elements}`);
  checkBytes(JSON.stringify(card), report);
  return wrong;
};

/** The same of what goes out as a message's `content`. */
export const checkContent = (drawn: { readonly msgType: string; readonly content: string }): string[] => {
  let content: unknown;
  try {
    content = JSON.parse(drawn.content);
  } catch {
    return ['/: no JSON'];
  }
  if (drawn.msgType === 'interactive') return checkCard(content);
  const { wrong, report } = collector();
  if (!isRaw(content) || Object.keys(content).length === 0) return ['/: not an object of languages'];
  for (const [language, post] of Object.entries(content)) {
    if (!['zh_cn', 'en_us'].includes(language)) report(`/${language}`, 'unknown');
    else checkPost(post, `/${language}`, report);
  }
  checkBytes(drawn.content, report);
  return wrong;
};

const collector = (): { wrong: string[]; report: Report } => {
  const wrong: string[] = [];
  return { wrong, report: (path, what) => void wrong.push(`${path}: ${what}`) };
};

const checkBytes = (content: string, report: Report): void => {
  const bytes = bytesOf(content);
  if (bytes > LIMITS.bytes) report('/', `${bytes} bytes, at most ${LIMITS.bytes}`);
  // An escape, not a backslash that somebody wrote.
  if (/(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/.test(content)) report('/', 'half a character');
};

const checkConfig = (config: unknown, report: Report): void => {
  if (!isRaw(config)) return report('/config', 'missing');
  only(config, ['update_multi', 'width_mode', 'summary', 'enable_forward'], '/config', report);
  if (config['update_multi'] !== true) report('/config/update_multi', 'has to be true');
  oneOf(config['width_mode'], ['default', 'compact', 'fill'], '/config/width_mode', report);
  if (config['summary'] !== undefined) string(at(config, 'summary')['content'], '/config/summary/content', report);
};

const TEMPLATES = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default'.split(' ');
const COLORS = 'neutral blue turquoise lime orange violet indigo wathet green yellow red purple carmine'.split(' ');

const checkHeader = (header: unknown, report: Report): void => {
  if (!isRaw(header)) return report('/header', 'not an object');
  only(header, ['title', 'subtitle', 'template', 'text_tag_list'], '/header', report);
  checkPlain(header['title'], '/header/title', report);
  if (header['subtitle'] !== undefined) checkPlain(header['subtitle'], '/header/subtitle', report);
  oneOf(header['template'], TEMPLATES, '/header/template', report);
  const tags = list(header, 'text_tag_list');
  if (tags.length > LIMITS.tags) report('/header/text_tag_list', `${tags.length}, at most ${LIMITS.tags}`);
  for (const [index, tag] of tags.entries()) {
    const path = `/header/text_tag_list/${index}`;
    only(tag, ['tag', 'text', 'color'], path, report);
    if (tag['tag'] !== 'text_tag') report(`${path}/tag`, `unknown: ${String(tag['tag'])}`);
    checkPlain(tag['text'], `${path}/text`, report);
    oneOf(tag['color'], COLORS, `${path}/color`, report);
  }
};

const checkPost = (post: unknown, path: string, report: Report): void => {
  if (!isRaw(post)) return report(path, 'not an object');
  only(post, ['title', 'content'], path, report);
  const paragraphs = post['content'];
  if (!Array.isArray(paragraphs) || paragraphs.length === 0) return report(`${path}/content`, 'empty');
  for (const [row, nodes] of paragraphs.entries()) {
    if (!Array.isArray(nodes) || nodes.length === 0) report(`${path}/content/${row}`, 'empty');
    else for (const [index, node] of nodes.entries()) checkNode(node, `${path}/content/${row}/${index}`, report);
  }
};

const checkNode = (node: unknown, path: string, report: Report): void => {
  if (!isRaw(node)) return report(path, 'not an object');
  switch (node['tag']) {
    case 'text':
      return string(node['text'], `${path}/text`, report);
    case 'a':
      string(node['text'], `${path}/text`, report);
      return checkUrl(node['href'], `${path}/href`, report);
    case 'at':
      if (!/^ou_[\w-]+$/.test(String(node['user_id']))) report(`${path}/user_id`, 'not one person');
      return;
    case 'emotion':
      return string(node['emoji_type'], `${path}/emoji_type`, report);
    default:
      report(`${path}/tag`, `unknown: ${String(node['tag'])}`);
  }
};
