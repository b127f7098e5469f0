import { attempt } from './api.js';
import { app, nameOf } from './app.js';
import { h } from './dom.js';
import { exact, short } from './time.js';

const SAFE_LINK = /^(https?:|\/|mailto:)/i;

export const link = (text, url) =>
  SAFE_LINK.test(url) ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text) : text;

/** Rich text as the bot sends it. */
export const rich = (text) =>
  text.map((part) => {
    if (typeof part === 'string') return part;
    switch (part.kind) {
      case 'mention':
        return h('span', { class: part.user === app.me ? 'mention me' : 'mention' }, `@${nameOf(part.user)}`);
      case 'bold':
        return h('strong', {}, part.text);
      case 'link':
        return link(part.text, part.url);
      case 'instant':
        return h('time', { datetime: new Date(part.ms).toISOString(), title: exact(part.ms) }, short(part.ms));
      default:
        return part.text ?? '';
    }
  });

/** What a person typed: mentions of people here stand out, links can be followed, nothing else is read into it. */
export const typed = (text) =>
  text.split(/(https?:\/\/[^\s<>"')\]]+|@[\p{L}\p{N}_-]+)/u).map((part) => {
    if (part.startsWith('http')) return link(part, part);
    if (!part.startsWith('@')) return part;
    const name = part.slice(1).toLowerCase();
    const known = app.state.people.find((one) =>
      [one.id, one.name, ...one.aliases].some((alias) => alias.toLowerCase() === name),
    );
    if (!known && name !== app.state.bot) return part;
    return h('span', { class: known?.id === app.me ? 'mention me' : 'mention' }, part);
  });

/** `ITR-128 · S2(推断) · 待补充`, with the severity as a chip: its colour never stands without its letter. */
export const head = (text) =>
  text.split(' · ').flatMap((part, at) => {
    const severity = /^S([1-4])\b/.exec(part)?.[1];
    const shown = severity ? h('span', { class: `chip s${severity}` }, part) : h('span', {}, part);
    return at === 0 ? [shown] : [h('span', { class: 'dot' }, ' · '), shown];
  });

export const actions = (list, on) =>
  list.length === 0
    ? null
    : h(
        'div',
        { class: 'actions' },
        list.map((action) =>
          action.url && SAFE_LINK.test(action.url)
            ? h('a', { class: 'button', href: action.url, target: '_blank', rel: 'noopener noreferrer' }, action.label)
            : h(
                'button',
                {
                  type: 'button',
                  class: `button ${action.style ?? ''}`,
                  data: { focus: `${on}/${action.action}/${action.value}`, action: action.action },
                  onclick: async (event) => {
                    const button = event.currentTarget;
                    button.disabled = true;
                    const body = { as: app.me, on, action: action.action, value: action.value };
                    await attempt('POST', '/buttons', body);
                    button.disabled = false;
                    await app.refresh();
                  },
                },
                action.label,
              ),
        ),
      );

/** A card is meaning, not layout: this is the playground's layout of it. */
export const drawCard = (card, on) =>
  h(
    'article',
    { class: `card tone-${card.tone}` },
    h('p', { class: 'card-head' }, head(card.head)),
    h('h3', { class: 'card-title' }, card.title),
    card.lines.map((line) => h('p', { class: 'card-line' }, rich(line))),
    card.fields.length > 0 &&
      h(
        'dl',
        { class: 'fields' },
        card.fields.map((field) => h('div', {}, h('dt', {}, field.label), h('dd', {}, rich(field.value)))),
      ),
    actions(card.actions, on),
    card.note && h('p', { class: 'card-note' }, rich(card.note)),
  );
