import { at, isRaw, list, text, type Raw } from '../raw.ts';
import { checkPlain, checkUrl, LIMITS, oneOf, only, string, type Report } from './validate-parts.ts';
import { checkMarkdown } from './validate-text.ts';

/** What is unique in the whole card, and where one stands in it. */
interface Place {
  readonly report: Report;
  readonly names: Set<unknown>;
  readonly ids: Set<unknown>;
  readonly depth: number;
  readonly inForm: boolean;
}

export const checkBody = (body: unknown, report: Report): void => {
  if (!isRaw(body)) return report('/body', 'missing');
  only(body, ['elements', 'direction', 'padding', 'vertical_spacing', 'horizontal_spacing'], '/body', report);
  checkElements(body, '/body', { report, names: new Set(), ids: new Set(), depth: 0, inForm: false });
};

const checkElements = (parent: Raw, path: string, place: Place): void => {
  const elements = parent['elements'];
  if (!Array.isArray(elements) || elements.length === 0) return place.report(`${path}/elements`, 'empty');
  for (const [index, element] of elements.entries())
    checkElement(element, `${path}/elements/${index}`, { ...place, depth: place.depth + 1 });
};

/** Properties beside `tag`, `element_id` and `margin`, which each has: any other makes Feishu refuse the card. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  markdown: ['content', 'text_size', 'text_align'],
  hr: [],
  column_set: ['columns', 'flex_mode', 'horizontal_spacing', 'horizontal_align', 'background_style'],
  column: ['elements', 'width', 'weight', 'vertical_align', 'vertical_spacing', 'padding', 'background_style'],
  form: ['name', 'elements', 'vertical_spacing'],
  button: ['text', 'type', 'size', 'width', 'behaviors', 'name', 'form_action_type', 'disabled', 'disabled_tips'],
  input:
    'name input_type max_length required default_value placeholder label label_position width rows auto_resize max_rows'.split(
      ' ',
    ),
  select_static: ['name', 'options', 'initial_option', 'placeholder', 'required', 'width', 'type'],
};

const checkElement = (element: unknown, path: string, place: Place): void => {
  const { report } = place;
  if (!isRaw(element)) return report(path, 'not an object');
  const tag = String(element['tag']);
  const known = Object.hasOwn(PROPERTIES, tag) ? PROPERTIES[tag] : undefined;
  if (known === undefined) return report(`${path}/tag`, `unknown: ${tag}`);
  only(element, ['tag', 'element_id', 'margin', ...known], path, report);
  if (place.depth > LIMITS.depth) report(path, `${place.depth} deep, at most ${LIMITS.depth}`);
  checkId(element['element_id'], path, place);
  if (['input', 'select_static', 'button'].includes(tag)) checkName(element, path, place);
  switch (tag) {
    case 'markdown':
      oneOf(element['text_size'], ['normal', 'notation', 'heading'], `${path}/text_size`, report);
      return checkMarkdown(element['content'], (wrong) => report(`${path}/content`, wrong));
    case 'column_set':
      oneOf(element['flex_mode'], ['none', 'stretch', 'flow', 'bisect', 'trisect'], `${path}/flex_mode`, report);
      if (list(element, 'columns').length === 0) report(`${path}/columns`, 'empty');
      for (const [index, column] of list(element, 'columns').entries())
        checkElement(column, `${path}/columns/${index}`, { ...place, depth: place.depth + 1 });
      return;
    case 'column':
      return checkElements(element, path, place);
    case 'form':
      if (place.depth !== 1) report(path, 'a form stands at the root only');
      checkName(element, path, { ...place, inForm: true });
      if (!JSON.stringify(element).includes('"form_action_type":"submit"')) report(path, 'nothing submits it');
      return checkElements(element, path, { ...place, inForm: true });
    case 'button':
      return checkButton(element, path, place);
    case 'input':
      return checkInput(element, path, report);
    case 'select_static':
      return checkSelect(element, path, report);
  }
};

const checkId = (id: unknown, path: string, { ids, report }: Place): void => {
  if (id === undefined) return;
  if (typeof id !== 'string' || id.length > LIMITS.id || !/^[A-Za-z]\w*$/.test(id))
    report(`${path}/element_id`, `no letters, digits and _, at most ${LIMITS.id}`);
  if (ids.has(id)) report(`${path}/element_id`, 'used twice');
  ids.add(id);
};

const checkName = (element: Raw, path: string, { names, inForm, report }: Place): void => {
  const name = element['name'];
  if (name === undefined && !inForm) return;
  string(name, `${path}/name`, report);
  if (names.has(name)) report(`${path}/name`, 'used twice');
  names.add(name);
};

const BUTTONS = 'default primary danger text primary_text danger_text primary_filled danger_filled laser'.split(' ');

const checkButton = (button: Raw, path: string, { inForm, report }: Place): void => {
  checkPlain(button['text'], `${path}/text`, report);
  oneOf(button['type'], BUTTONS, `${path}/type`, report);
  if (inForm && !['submit', 'reset'].includes(String(button['form_action_type'])))
    report(`${path}/form_action_type`, 'neither submit nor reset');
  for (const [index, behavior] of list(button, 'behaviors').entries()) {
    const where = `${path}/behaviors/${index}`;
    if (behavior['type'] === 'callback') {
      if (!isRaw(behavior['value'])) report(`${where}/value`, 'not an object');
    } else if (behavior['type'] === 'open_url') checkUrl(behavior['default_url'], `${where}/default_url`, report);
    else report(`${where}/type`, `unknown: ${String(behavior['type'])}`);
  }
};

const checkInput = (input: Raw, path: string, report: Report): void => {
  oneOf(input['input_type'], ['text', 'multiline_text', 'password'], `${path}/input_type`, report);
  const max = input['max_length'] ?? LIMITS.input;
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1 || max > LIMITS.input)
    report(`${path}/max_length`, `not within 1 and ${LIMITS.input}`);
  else if ((text(input, 'default_value') ?? '').length > max) report(`${path}/default_value`, `longer than ${max}`);
  if (input['label'] !== undefined) checkPlain(input['label'], `${path}/label`, report);
  checkPlaceholder(input, path, report);
};

const checkSelect = (select: Raw, path: string, report: Report): void => {
  const options = list(select, 'options');
  if (options.length === 0) report(`${path}/options`, 'empty');
  const values = new Set<unknown>();
  for (const [index, option] of options.entries()) {
    checkPlain(option['text'], `${path}/options/${index}/text`, report);
    string(option['value'], `${path}/options/${index}/value`, report);
    if (values.has(option['value'])) report(`${path}/options/${index}/value`, 'used twice');
    values.add(option['value']);
  }
  const initial = select['initial_option'];
  if (initial !== undefined && !values.has(initial)) report(`${path}/initial_option`, 'not among the options');
  checkPlaceholder(select, path, report);
};

const checkPlaceholder = (element: Raw, path: string, report: Report): void => {
  if (element['placeholder'] === undefined) return;
  checkPlain(element['placeholder'], `${path}/placeholder`, report);
  const { length } = text(at(element, 'placeholder'), 'content') ?? '';
  if (length > LIMITS.placeholder) report(`${path}/placeholder`, `${length} characters, at most ${LIMITS.placeholder}`);
};
