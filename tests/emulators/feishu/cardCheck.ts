import * as tags from './cardTags.ts';
import { isObject } from './types.ts';
import type { Json, JsonObject } from './types.ts';

export const maxCardBytes = 30 * 1024;
const maxElements = 200;
const maxNesting = 5;

/** A reason to refuse a card, with the number Feishu puts into the message of its 230099. */
export type CardProblem = { code: number; message: string };

/** As 230099 says it. */
export const cardRefusal = ({ code, message }: CardProblem): string =>
  `Failed to create card content, ext=ErrCode: ${code}; ${message}; `;

/** The first thing wrong with a card of schema 2.0, as Feishu names one at a time; undefined for a good card. */
export function cardProblem(text: string): CardProblem | undefined {
  const card = parse(text);
  if (!card) {
    return { code: 200621, message: 'ErrMsg: parse card json err, please check whether the card json is correct' };
  }
  try {
    new CardCheck().card(card);
    return undefined;
  } catch (error) {
    if (error instanceof Bad) return error.problem;
    throw error;
  }
}

/** "The card does not have the required form". The documentation gives no number of its own to each property. */
const badProperty = 11311;

class Bad extends Error {
  readonly problem: CardProblem;
  constructor(code: number, path: string, reason: string, value: Json | undefined) {
    super(reason);
    this.problem = { code, message: `ErrPath: ${path}; ErrMsg: ${reason}; ErrorValue: ${JSON.stringify(value) ?? ''}` };
  }
}

class CardCheck {
  private readonly ids = new Set<string>();
  private readonly names = new Set<string>();
  private elements = 0;

  card(card: JsonObject): void {
    const root = 'ROOT';
    // Without it the card is one of schema 1.0, whose rules nobody here wants to meet.
    if (card.schema !== '2.0') throw new Bad(badProperty, `${root} -> schema`, 'schema must be "2.0"', card.schema);
    this.onlyKeys(card, tags.rootKeys, root);
    this.config(card.config, `${root} -> config`);
    this.header(card.header, `${root} -> header`);
    this.count(card.header);
    this.count(card.body);
    if (this.elements > maxElements) {
      throw new Bad(11310, root, 'element exceeds the limit', this.elements);
    }
    if (!isObject(card.body)) throw new Bad(badProperty, `${root} -> body`, 'body is required', card.body);
    this.list(card.body.elements, `${root} -> body -> elements`, 0, false);
  }

  private config(config: Json | undefined, path: string): void {
    if (config === undefined) return;
    if (!isObject(config)) throw new Bad(badProperty, path, 'must be an object', config);
    this.onlyKeys(config, tags.configKeys, path);
    if (config.update_multi !== undefined && config.update_multi !== true) {
      throw new Bad(
        badProperty,
        `${path} -> update_multi`,
        'cards of schema V2 can only be shared',
        config.update_multi,
      );
    }
  }

  private header(header: Json | undefined, path: string): void {
    if (header === undefined) return;
    if (!isObject(header)) throw new Bad(badProperty, path, 'must be an object', header);
    this.onlyKeys(header, tags.headerKeys, path);
    this.text(header.title, `${path} -> title`, true);
    this.text(header.subtitle, `${path} -> subtitle`, false);
    const { template, text_tag_list: list } = header;
    if (template !== undefined && !tags.templates.has(String(template))) {
      throw new Bad(badProperty, `${path} -> template`, 'unknown template', template);
    }
    if (list === undefined) return;
    if (!Array.isArray(list)) throw new Bad(badProperty, `${path} -> text_tag_list`, 'must be an array', list);
    // Feishu shows three and leaves the others out: a card that says more than is seen is a mistake.
    if (list.length > 3) throw new Bad(badProperty, `${path} -> text_tag_list`, 'at most 3 tags', list.length);
    list.forEach((tag, n) => this.textTag(tag, `${path} -> text_tag_list -> [${n}]`));
  }

  private textTag(tag: Json, path: string): void {
    if (!isObject(tag) || tag.tag !== 'text_tag') throw new Bad(badProperty, path, 'must be a text_tag', tag);
    this.text(tag.text, `${path} -> text`, true);
    if (tag.color !== undefined && !tags.tagColours.has(String(tag.color))) {
      throw new Bad(badProperty, `${path} -> color`, 'unknown colour', tag.color);
    }
    this.elementId(tag, path);
  }

  private list(elements: Json | undefined, path: string, depth: number, inForm: boolean): void {
    if (!Array.isArray(elements)) throw new Bad(badProperty, path, 'must be an array', elements);
    elements.forEach((element, n) => {
      const tag = isObject(element) ? String(element.tag) : '?';
      this.element(element, `${path} -> [${n}](tag: ${tag})`, depth, inForm);
    });
  }

  private element(element: Json, path: string, depth: number, inForm: boolean): void {
    if (!isObject(element) || typeof element.tag !== 'string') throw new Bad(badProperty, path, 'has no tag', element);
    const { tag } = element;
    if (tags.gone.has(tag)) {
      const reason = 'cards of schema V2 no longer support this capability';
      throw new Bad(200861, path, reason, `unsupported tag ${tag}`);
    }
    if (!tags.components.has(tag)) throw new Bad(200861, path, 'unknown tag', `unsupported tag ${tag}`);
    this.elementId(element, path);
    if (inForm && tags.fields.has(tag)) this.name(element, path);
    if (tags.containers.has(tag)) this.container(element, tag, path, depth + 1, inForm);
    else if (tag === 'button') this.button(element, path, inForm);
    else this.leaf(element, tag, path);
  }

  private container(element: JsonObject, tag: string, path: string, depth: number, inForm: boolean): void {
    if (depth > maxNesting) throw new Bad(badProperty, path, `nested more than ${maxNesting} deep`, depth);
    if (tag === 'form') {
      if (depth > 1) throw new Bad(badProperty, path, 'a form may only stand at the root of the card', tag);
      this.name(element, path);
      this.list(element.elements, `${path} -> elements`, depth, true);
      if (!buttonsIn(element).some((button) => button.form_action_type === 'submit')) {
        throw new Bad(badProperty, path, 'a form needs a submit button', element.name);
      }
      return;
    }
    if (tag !== 'column_set') return this.list(element.elements, `${path} -> elements`, depth, inForm);
    if (!Array.isArray(element.columns)) throw new Bad(badProperty, path, 'columns must be an array', element.columns);
    element.columns.forEach((column, n) => {
      const at = `${path} -> columns -> [${n}]`;
      if (!isObject(column) || column.tag !== 'column') throw new Bad(badProperty, at, 'must be a column', column);
      this.elementId(column, at);
      this.list(column.elements, `${at} -> elements`, depth, inForm);
    });
  }

  private button(button: JsonObject, path: string, inForm: boolean): void {
    const { type, behaviors, value, form_action_type: formAction } = button;
    this.text(button.text, `${path} -> text`, false);
    if (type !== undefined && !tags.buttonTypes.has(String(type))) {
      throw new Bad(badProperty, `${path} -> type`, 'unknown button type', type);
    }
    if (formAction !== undefined) {
      if (!inForm) throw new Bad(badProperty, path, 'form_action_type outside a form', formAction);
      this.name(button, path);
    }
    if (value !== undefined && !isObject(value))
      throw new Bad(badProperty, `${path} -> value`, 'must be an object', value);
    if (behaviors !== undefined && !Array.isArray(behaviors)) {
      throw new Bad(badProperty, `${path} -> behaviors`, 'must be an array', behaviors);
    }
    for (const behaviour of behaviors ?? []) this.behaviour(behaviour, `${path} -> behaviors`);
    const { confirm } = button;
    if (confirm === undefined) return;
    if (!isObject(confirm)) throw new Bad(badProperty, `${path} -> confirm`, 'must be an object', confirm);
    this.text(confirm.title, `${path} -> confirm -> title`, true);
    this.text(confirm.text, `${path} -> confirm -> text`, true);
  }

  private behaviour(behaviour: Json, path: string): void {
    if (!isObject(behaviour)) throw new Bad(badProperty, path, 'must be an object', behaviour);
    switch (behaviour.type) {
      case 'callback':
        if (!isObject(behaviour.value))
          throw new Bad(badProperty, `${path} -> value`, 'must be an object', behaviour.value);
        return;
      case 'open_url':
        if (typeof behaviour.default_url !== 'string') {
          throw new Bad(badProperty, `${path} -> default_url`, 'is required', behaviour.default_url);
        }
        return;
      default:
        throw new Bad(badProperty, `${path} -> type`, 'unknown behaviour', behaviour.type);
    }
  }

  private leaf(element: JsonObject, tag: string, path: string): void {
    switch (tag) {
      case 'markdown':
        if (typeof element.content !== 'string')
          throw new Bad(badProperty, path, 'content is required', element.content);
        return;
      case 'div':
        return this.text(element.text, `${path} -> text`, true);
      case 'select_static':
      case 'multi_select_static':
        return this.options(element.options, `${path} -> options`);
      case 'input': {
        const kinds = ['text', 'multiline_text', 'password'];
        const { input_type: kind = 'text', max_length: most = 1000 } = element;
        if (!kinds.includes(String(kind))) throw new Bad(badProperty, `${path} -> input_type`, 'unknown', kind);
        if (typeof most !== 'number' || most < 1 || most > 1000) {
          throw new Bad(badProperty, `${path} -> max_length`, 'must be from 1 to 1000', most);
        }
        return;
      }
      default:
    }
  }

  private options(options: Json | undefined, path: string): void {
    if (!Array.isArray(options)) throw new Bad(badProperty, path, 'must be an array', options);
    const values = new Set<string>();
    for (const option of options) {
      if (!isObject(option) || typeof option.value !== 'string' || option.value === '') {
        throw new Bad(badProperty, path, 'an option needs a value', option);
      }
      this.text(option.text, `${path} -> text`, true);
      if (values.has(option.value)) throw new Bad(badProperty, path, 'two options with one value', option.value);
      values.add(option.value);
    }
  }

  private text(text: Json | undefined, path: string, required: boolean): void {
    if (text === undefined && !required) return;
    if (!isObject(text) || !['plain_text', 'lark_md'].includes(String(text.tag)) || typeof text.content !== 'string') {
      throw new Bad(badProperty, path, 'must be plain_text or lark_md with content', text);
    }
  }

  private elementId(element: JsonObject, path: string): void {
    const { element_id: id } = element;
    if (id === undefined) return;
    if (typeof id !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,19}$/.test(id)) {
      throw new Bad(badProperty, `${path} -> element_id`, 'a letter, then letters, digits and _, 20 at most', id);
    }
    if (this.ids.has(id)) throw new Bad(badProperty, `${path} -> element_id`, 'is there twice', id);
    this.ids.add(id);
  }

  private name(element: JsonObject, path: string): void {
    const { name } = element;
    if (typeof name !== 'string' || name === '') throw new Bad(badProperty, `${path} -> name`, 'is required', name);
    if (this.names.has(name)) throw new Bad(badProperty, `${path} -> name`, 'is there twice', name);
    this.names.add(name);
  }

  private onlyKeys(value: JsonObject, known: ReadonlySet<string>, path: string): void {
    const unknown = Object.keys(value).find((key) => !known.has(key));
    if (unknown !== undefined) throw new Bad(badProperty, path, 'unknown property', unknown);
  }

  /** Everything with a tag counts: components, and texts within them. */
  private count(value: Json | undefined): void {
    if (Array.isArray(value)) value.forEach((inner) => this.count(inner));
    else if (isObject(value)) {
      if (typeof value.tag === 'string') this.elements += 1;
      // What a button carries is the app's own and may have a `tag`, too.
      for (const [key, inner] of Object.entries(value)) if (key !== 'value') this.count(inner);
    }
  }
}

function buttonsIn(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(buttonsIn);
  if (!isObject(value)) return [];
  if (value.tag === 'button') return [value];
  return [...buttonsIn(value.elements), ...buttonsIn(value.columns)];
}

function parse(text: string): JsonObject | undefined {
  try {
    const card = JSON.parse(text) as Json;
    return isObject(card) ? card : undefined;
  } catch {
    return undefined;
  }
}
