import { isObject } from './blockKitReport.ts';
import type { Block, Json, JsonObject, SlackView } from './types.ts';

export type FieldValue = string | string[] | null;
export type StateValues = SlackView['state']['values'];

/** Where each kind of element keeps its answer, as in `state.values[block_id][action_id]`. */
const answerKey: Record<string, string> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  radio_buttons: 'selected_option',
  checkboxes: 'selected_options',
  overflow: 'selected_option',
};

const initialKeys = [
  'initial_value',
  'initial_option',
  'initial_options',
  'initial_user',
  'initial_users',
  'initial_conversation',
  'initial_conversations',
  'initial_channel',
  'initial_channels',
  'initial_date',
  'initial_time',
  'initial_date_time',
];

export type Placed = { block: Block; element: JsonObject & { type: string; action_id: string } };

/** Every element a person can act on, with the block it is in. */
export function interactiveElements(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((block) => {
    const found: Json[] = block.type === 'actions' && Array.isArray(block.elements) ? [...block.elements] : [];
    if (block.accessory !== undefined) found.push(block.accessory);
    if (block.type === 'input' && block.element !== undefined) found.push(block.element);
    return found
      .filter((e): e is Placed['element'] => isObject(e) && 'action_id' in e)
      .map((element) => ({ block, element }));
  });
}

export function initialState(blocks: readonly Block[]): StateValues {
  const values: StateValues = {};
  for (const { block, element } of interactiveElements(blocks)) {
    const key = answerKey[element.type];
    if (!key || element.type === 'overflow') continue;
    const given = initialKeys.map((name) => element[name]).find((value) => value !== undefined);
    const empty = key.endsWith('s') ? [] : null;
    (values[block.block_id ?? ''] ??= {})[element.action_id] = { type: element.type, [key]: given ?? empty };
  }
  return values;
}

/** The state of one element once a person has given `value`: an option is named by its value, a person by their id. */
export function answer(element: JsonObject & { type: string }, value: FieldValue): JsonObject {
  const key = answerKey[element.type];
  if (!key) throw new Error(`slack emulator: nothing can be entered into a ${element.type}`);
  const many = key.endsWith('s');
  const list = value === null ? [] : Array.isArray(value) ? value : [value];
  const picked: Json[] = key.startsWith('selected_option') ? list.map((v) => option(element, v)) : list;
  if (many) return { type: element.type, [key]: picked };
  const [only = null] = picked;
  if (picked.length > 1) throw new Error(`slack emulator: ${element.type} takes one value`);
  if (typeof only === 'string' && key === 'value') checkLength(element, only);
  const stored = key === 'selected_date_time' && typeof only === 'string' ? Number(only) : only;
  return { type: element.type, [key]: stored === '' ? null : stored };
}

export function allOptions(element: JsonObject): JsonObject[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isObject) : [];
  const nested = groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []));
  return [...(Array.isArray(element.options) ? element.options : []), ...nested].filter(isObject);
}

function option(element: JsonObject & { type: string }, value: string): JsonObject {
  if (element.type.endsWith('external_select')) return { text: { type: 'plain_text', text: value }, value };
  const options = allOptions(element);
  const found = options.find((o) => o.value === value || (isObject(o.text) && o.text.text === value));
  if (!found) {
    const offered = options.map((o) => String(o.value)).join(', ');
    throw new Error(`slack emulator: no option ${value} in ${String(element.action_id)}; offered: ${offered}`);
  }
  return found;
}

/** The client does not let a person type less or more than this. */
function checkLength(element: JsonObject, text: string): void {
  const length = [...text].length;
  const max = typeof element.max_length === 'number' ? element.max_length : 3000;
  const min = typeof element.min_length === 'number' ? element.min_length : 0;
  if (length > max || (length > 0 && length < min)) {
    throw new Error(`slack emulator: ${String(element.action_id)} takes ${min}..${max} characters, got ${length}`);
  }
}

/** Enters the values (keyed by block_id or action_id) into a view. Throws on a key the view does not have. */
export function fillIn(view: SlackView, entries: Record<string, FieldValue>): void {
  const placed = interactiveElements(view.blocks);
  for (const [name, value] of Object.entries(entries)) {
    const fields = placed.filter(({ block, element }) => block.block_id === name || element.action_id === name);
    const [field] = fields;
    if (!field || fields.length > 1) {
      const names = placed.map((p) => `${p.block.block_id ?? ''}/${p.element.action_id}`).join(', ');
      throw new Error(`slack emulator: ${field ? 'more than one field' : 'no field'} ${name}; the view has ${names}`);
    }
    (view.state.values[field.block.block_id ?? ''] ??= {})[field.element.action_id] = answer(field.element, value);
  }
}

/** Inputs that must be filled and are not: Slack's client would not send the form. */
export function missingInputs(view: SlackView): string[] {
  return view.blocks
    .filter((block) => block.type === 'input' && block.optional !== true)
    .filter((block) => {
      const states = Object.values(view.state.values[block.block_id ?? ''] ?? {});
      return states.every((state) => {
        const value = state[answerKey[String(state.type)] ?? 'value'];
        return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
      });
    })
    .map((block) => block.block_id ?? '');
}
