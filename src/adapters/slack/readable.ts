import { unescape } from './escape.ts';

export interface Readable {
  /** As people see it: mentions of people as `@<id>`, channels as `#name`, links as `label (url)`, the bot's own mention removed. */
  readonly text: string;
  /** Ids of the people mentioned, the bot not among them. */
  readonly mentions: readonly string[];
  /** The bot was mentioned. */
  readonly addressed: boolean;
}

/** A raw `<` is always the start of one of Slack's sequences: what people type arrives as `&lt;`. */
const SEQUENCE = /<([^<>]*)>/g;
const BOT = '\u0000';

/** Slack's wire text as people see it. https://docs.slack.dev/messaging/formatting-message-text */
export const readable = (wire: string, bot: string | null): Readable => {
  const mentions = new Set<string>();
  let addressed = false;
  const shown = wire.replaceAll(BOT, '').replace(SEQUENCE, (_, inner: string) => {
    const bar = inner.indexOf('|');
    const target = bar < 0 ? inner : inner.slice(0, bar);
    const label = bar < 0 ? '' : inner.slice(bar + 1);
    if (target.startsWith('@')) {
      const user = target.slice(1);
      if (user === bot) {
        addressed = true;
        return BOT;
      }
      mentions.add(user);
      return `@${user}`;
    }
    if (target.startsWith('#')) return `#${label === '' ? target.slice(1) : label}`;
    if (target.startsWith('!')) return special(target.slice(1), label);
    return linked(target, label);
  });
  const clean = shown.includes(BOT)
    ? shown.replace(/^\s*\0[ \t]*[:,\uFF1A\uFF0C]?[ \t]*/, '').replace(/[ \t]?\0/g, '')
    : shown;
  return { text: unescape(clean), mentions: [...mentions], addressed };
};

const special = (command: string, label: string): string => {
  if (command.startsWith('date^')) return label === '' ? (command.split('^')[2] ?? '') : label;
  if (label !== '') return label.startsWith('@') ? label : `@${label}`;
  return `@${command.startsWith('subteam^') ? command.slice('subteam^'.length) : command}`;
};

const linked = (url: string, label: string): string => {
  const address = url.replace(/^(mailto|tel):/, '');
  if (label === '' || label === url || label === address) return address;
  // Slack makes the scheme up where somebody typed `acme.example/x`.
  if (url === `http://${label}` || url === `https://${label}`) return label;
  return `${label} (${address})`;
};
