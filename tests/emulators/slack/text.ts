import type { Block, JsonObject } from './types.ts';
import type { World } from './world.ts';

/** What Slack keeps of `<...>`: mentions, channels, specials, links. Anything else is an ordinary less-than sign. */
const control = /<(?:@[UW]\w+|#C\w+|![a-z]+[^<>]*|(?:https?:\/\/|mailto:)[^<>\s|]+)(?:\|[^<>]*)?>/;

const escapeAll = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
/** An app sends text already escaped; Slack only repairs what was forgotten. */
const escapeStray = (text: string): string =>
  text
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

function outsideControls(text: string, change: (plain: string) => string): string {
  const splitter = new RegExp(control, 'g');
  let out = '';
  let at = 0;
  for (const match of text.matchAll(splitter)) {
    out += change(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return out + change(text.slice(at));
}

/** Typing `@wei` and picking the person: becomes `<@U0WEI>`. Longest names first, so that @wei2 is not @wei + 2. */
function pickMentions(world: World, plain: string, labelled: boolean): string {
  const byName = new Map([...world.users.values()].map((user) => [user.name, user.id]));
  return plain.replace(/(^|[^\w@.])@([\p{L}\p{N}._-]+)/gu, (whole, before: string, name: string) => {
    const id = byName.get(name);
    return id ? `${before}<@${id}${labelled ? `|${name}` : ''}>` : whole;
  });
}

/** What a person types, as Slack stores it and puts it into events: escaped, mentions and links in brackets. */
export function typed(world: World, text: string): string {
  const picked = outsideControls(text, (plain) => pickMentions(world, plain, false));
  const linked = outsideControls(picked, (plain) => plain.replace(/https?:\/\/[^\s<>]+[^\s<>.,;:!?)]/g, '<$&>'));
  return outsideControls(linked, escapeAll);
}

/** What a person types after a slash command with should_escape: mentions carry a label there. */
export function typedCommand(world: World, text: string): string {
  const labelled = text.replace(/<@([UW]\w+)>/g, (whole, id: string) => {
    const user = world.users.get(id);
    return user ? `<@${id}|${user.name}>` : whole;
  });
  const picked = outsideControls(labelled, (plain) => pickMentions(world, plain, true));
  return outsideControls(picked, escapeAll);
}

export const fromApp = (text: string): string => outsideControls(text, escapeStray);

export const unescapeText = (text: string): string =>
  text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

export const mentions = (text: string, userId: string): boolean =>
  text.includes(`<@${userId}>`) || text.includes(`<@${userId}|`);

/** The rich_text block Slack adds to what people write. Its text is NOT escaped, unlike `text`. */
export function richText(world: World, text: string): Block {
  const elements: JsonObject[] = [];
  const plain = (piece: string): void => {
    if (piece !== '') elements.push({ type: 'text', text: unescapeText(piece) });
  };
  let at = 0;
  for (const match of text.matchAll(new RegExp(control, 'g'))) {
    plain(text.slice(at, match.index));
    const [target = '', label] = match[0].slice(1, -1).split('|');
    if (target.startsWith('@')) elements.push({ type: 'user', user_id: target.slice(1) });
    else if (target.startsWith('#')) elements.push({ type: 'channel', channel_id: target.slice(1) });
    else if (target.startsWith('!')) elements.push({ type: 'broadcast', range: target.slice(1) });
    else elements.push({ type: 'link', url: unescapeText(target), ...(label ? { text: label } : {}) });
    at = match.index + match[0].length;
  }
  plain(text.slice(at));
  return {
    type: 'rich_text',
    block_id: blockId(world),
    elements: [{ type: 'rich_text_section', elements }],
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export function blockId(world: World): string {
  return Array.from({ length: 5 }, () => letters[Math.floor(world.random() * letters.length)]).join('');
}
