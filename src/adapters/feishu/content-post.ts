import { isRaw, text, type Raw } from '../raw.ts';
import { attachmentOf } from './attachment.ts';
import type { Reading } from './content.ts';

/** A rich text: a title and paragraphs of elements. One written in several languages is read in the first that is here. */
export const postWords = (post: Raw, reading: Reading): string => {
  const body = bodyOf(post);
  const title = reading.names.typed(text(body, 'title') ?? '');
  const lines = paragraphsOf(body).map((paragraph) => paragraph.map((part) => wordsOf(part, reading)).join(''));
  // A paragraph of pictures leaves an empty line behind.
  return [title, ...lines]
    .join('\n')
    .trim()
    .replace(/\n{3,}/g, '\n\n');
};

const LANGUAGES = ['zh_cn', 'en_us', 'ja_jp'];

const bodyOf = (post: Raw): Raw => {
  if (['title', 'content', 'content_v2'].some((key) => Object.hasOwn(post, key))) return post;
  return [...LANGUAGES.map((key) => post[key]), ...Object.values(post)].find(isRaw) ?? post;
};

const paragraphsOf = (body: Raw): readonly (readonly Raw[])[] => {
  const newer = body['content_v2'];
  const paragraphs = Array.isArray(newer) && newer.length > 0 ? newer : body['content'];
  if (!Array.isArray(paragraphs)) return [];
  return paragraphs.map((one: unknown) => (Array.isArray(one) ? one : [one]).filter(isRaw));
};

const wordsOf = (part: Raw, { names, attach }: Reading): string => {
  const said = text(part, 'text') ?? '';
  switch (part['tag']) {
    case 'a':
      return linked(names.typed(said), names.typed(text(part, 'href') ?? ''));
    case 'at':
      return names.person(text(part, 'user_id') ?? '', text(part, 'user_name'));
    case 'img': {
      const key = text(part, 'image_key');
      if (key !== null) attach(attachmentOf(key, null, '.png'));
      return '';
    }
    case 'media': {
      const key = text(part, 'file_key');
      if (key !== null) attach(attachmentOf(key, text(part, 'file_name'), '.mp4'));
      return '';
    }
    case 'emotion': {
      const emoji = text(part, 'emoji_type');
      return emoji === null ? '' : names.typed(`[${emoji}]`);
    }
    case 'hr':
      return '---';
    case 'md':
      return names.markdown(said);
    case 'code_block':
      return `\`\`\`\n${names.typed(said).replace(/\n$/, '')}\n\`\`\``;
    default:
      return names.typed(said);
  }
};

/** `label (address)`, or the address alone where the label says no more. */
export const linked = (label: string, url: string): string => {
  const address = url.replace(/^(mailto|tel):/, '');
  if (label === '' || label === url || label === address) return address;
  return address === '' ? label : `${label} (${address})`;
};
