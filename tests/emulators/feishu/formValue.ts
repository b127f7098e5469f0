import { isObject } from './types.ts';
import type { Json, JsonObject } from './types.ts';

/** Text, an option's value, `2024-04-01`, `2024-04-29 07:07`, `07:07`, a person's key; several for the multi-selects. */
export type FieldValue = string | string[];

/** What the client sends for a form, or an error for what it would not let the person submit. */
export function formValue(
  fields: readonly JsonObject[],
  values: Readonly<Record<string, FieldValue>>,
  openId: (person: string) => string,
): JsonObject {
  const names = new Set(fields.map(({ name }) => String(name)));
  const stray = Object.keys(values).find((name) => !names.has(name));
  if (stray !== undefined)
    throw new Error(`feishu emulator: the form has no field ${stray}, but ${[...names].join(', ')}`);
  const entries = fields.map((field): [string, Json | undefined] => {
    const value = values[String(field.name)] ?? preset(field);
    if (field.required === true && (value === undefined || value.length === 0)) {
      throw new Error(`feishu emulator: required field left empty: ${String(field.name)}`);
    }
    return [String(field.name), value === undefined || value.length === 0 ? blank(field) : wire(field, value, openId)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function preset(field: JsonObject): FieldValue | undefined {
  const { default_value, initial_option, selected_values, initial_date, initial_time, initial_datetime } = field;
  if (Array.isArray(selected_values)) return selected_values.map(String);
  const value = default_value ?? initial_option ?? initial_date ?? initial_time ?? initial_datetime;
  return typeof value === 'string' ? value : undefined;
}

/** An input left empty is sent as such; nothing chosen is not sent. */
const blank = (field: JsonObject): Json | undefined => (field.tag === 'input' ? '' : undefined);

function wire(field: JsonObject, value: FieldValue, openId: (person: string) => string): Json {
  const one = Array.isArray(value) ? (value[0] ?? '') : value;
  const all = Array.isArray(value) ? value : [value];
  switch (field.tag) {
    case 'input': {
      const { max_length: most = 1000 } = field;
      if (one.length > Number(most))
        throw new Error(`feishu emulator: ${String(field.name)} takes ${String(most)} characters`);
      return one;
    }
    case 'select_static':
      return option(field, one);
    case 'multi_select_static':
      return all.map((each) => option(field, each));
    case 'select_person':
      return openId(one);
    case 'multi_select_person':
      return all.map(openId);
    case 'date_picker':
    case 'picker_time':
    case 'picker_datetime':
      return `${one} +0800`;
    default:
      return value;
  }
}

function option(field: JsonObject, value: string): string {
  const options = Array.isArray(field.options) ? field.options.filter(isObject).map((each) => String(each.value)) : [];
  if (options.includes(value)) return value;
  throw new Error(`feishu emulator: ${String(field.name)} has no option ${value}, but ${options.join(', ')}`);
}
