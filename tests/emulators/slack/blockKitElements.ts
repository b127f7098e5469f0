import { isObject } from './blockKitReport.ts';
import type { Report } from './blockKitReport.ts';
import type { Json, JsonObject } from './types.ts';

type Place = 'accessory' | 'actions' | 'context' | 'input';

const choosers = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
];
const pickers = ['datepicker', 'timepicker', 'datetimepicker', 'checkboxes', 'radio_buttons'];

const placed: Record<Place, Set<string>> = {
  accessory: new Set(['button', 'image', 'overflow', 'workflow_button', ...choosers, ...pickers]),
  actions: new Set(['button', 'overflow', 'workflow_button', 'rich_text_input', ...choosers, ...pickers]),
  context: new Set(['image', 'plain_text', 'mrkdwn']),
  input: new Set([
    'plain_text_input',
    'email_text_input',
    'url_text_input',
    'number_input',
    'rich_text_input',
    'file_input',
    ...choosers,
    ...pickers,
  ]),
};

export function elementProblems(
  report: Report,
  at: string,
  element: Json | undefined,
  place: Place,
  surface: string,
): void {
  if (!isObject(element) || typeof element.type !== 'string') return report.add(at, 'missing required field: type');
  const { type } = element;
  const misplaced = !placed[place].has(type) || (type === 'file_input' && surface !== 'modal');
  if (misplaced) {
    return report.add(`${at}/type`, `unsupported type: ${type}`);
  }
  if (type === 'plain_text' || type === 'mrkdwn') return report.text(at, element, { max: 2000 });
  if (type === 'image') {
    report.length(`${at}/alt_text`, element.alt_text, 1, 2000);
    if (!isObject(element.slack_file)) report.length(`${at}/image_url`, element.image_url, 1, 3000);
    return;
  }
  report.length(`${at}/action_id`, element.action_id, 1, 255, false);
  if (element.placeholder !== undefined) {
    report.text(`${at}/placeholder`, element.placeholder, { max: 150, plainOnly: true });
  }
  if (element.confirm !== undefined) confirm(report, `${at}/confirm`, element.confirm);
  if (type === 'button' || type === 'workflow_button') return button(report, at, element);
  if (type.endsWith('static_select')) return select(report, at, element);
  if (type === 'overflow') return options(report, `${at}/options`, element.options, 1, 5, false);
  if (type === 'checkboxes' || type === 'radio_buttons') {
    return options(report, `${at}/options`, element.options, 1, 10, true);
  }
  if (type.endsWith('_input')) return textInput(report, at, element);
  if (type === 'datepicker' && element.initial_date !== undefined) {
    if (!/^\d{4}-\d\d-\d\d$/.test(String(element.initial_date))) report.add(`${at}/initial_date`, 'invalid date');
  }
  if (type === 'timepicker' && element.initial_time !== undefined) {
    if (!/^\d\d:\d\d$/.test(String(element.initial_time))) report.add(`${at}/initial_time`, 'invalid time');
  }
}

function button(report: Report, at: string, element: JsonObject): void {
  report.text(`${at}/text`, element.text, { max: 75, plainOnly: true });
  report.length(`${at}/value`, element.value, 0, 2000, false);
  report.length(`${at}/url`, element.url, 1, 3000, false);
  report.length(`${at}/accessibility_label`, element.accessibility_label, 1, 75, false);
  if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
    report.add(`${at}/style`, `unsupported style: ${String(element.style)}`);
  }
}

function select(report: Report, at: string, element: JsonObject): void {
  if ((element.options === undefined) === (element.option_groups === undefined)) {
    return report.add(at, 'exactly one of options and option_groups is required');
  }
  if (element.options !== undefined) {
    options(report, `${at}/options`, element.options, 1, 100, false);
    return initial(report, at, element, element.options);
  }
  const groups = report.array(`${at}/option_groups`, element.option_groups, 1, 100);
  groups.forEach((group, i) => {
    if (!isObject(group)) return report.add(`${at}/option_groups/${i}`, 'must provide an object');
    report.text(`${at}/option_groups/${i}/label`, group.label, { max: 75, plainOnly: true });
    return options(report, `${at}/option_groups/${i}/options`, group.options, 1, 100, false);
  });
}

function options(report: Report, at: string, value: Json | undefined, min: number, max: number, rich: boolean): void {
  const seen = new Set<string>();
  report.array(at, value, min, max).forEach((option, i) => {
    if (!isObject(option)) return report.add(`${at}/${i}`, 'must provide an object');
    report.text(`${at}/${i}/text`, option.text, { max: 75, plainOnly: !rich });
    report.length(`${at}/${i}/value`, option.value, 1, 150);
    if (option.description !== undefined) {
      report.text(`${at}/${i}/description`, option.description, { max: 75, plainOnly: !rich });
    }
    if (typeof option.value === 'string' && seen.has(option.value)) report.add(`${at}/${i}/value`, 'duplicate value');
    if (typeof option.value === 'string') seen.add(option.value);
  });
}

/** A preselected option must be one of the options, text and all: Slack compares them whole. */
function initial(report: Report, at: string, element: JsonObject, offered: Json): void {
  const wanted = element.initial_options ?? (element.initial_option === undefined ? [] : [element.initial_option]);
  if (!Array.isArray(wanted) || !Array.isArray(offered)) return;
  for (const option of wanted) {
    const match = offered.some((o) => isObject(o) && isObject(option) && same(o, option));
    if (!match) report.add(`${at}/initial_option`, 'must be one of the options');
  }
}

function same(a: JsonObject, b: JsonObject): boolean {
  const text = (o: JsonObject): Json | undefined => (isObject(o.text) ? o.text.text : undefined);
  return a.value === b.value && text(a) === text(b);
}

function textInput(report: Report, at: string, element: JsonObject): void {
  report.number(`${at}/min_length`, element.min_length, 0, 3000);
  report.number(`${at}/max_length`, element.max_length, 1, 3000);
  if (element.initial_value !== undefined && element.type !== 'rich_text_input') {
    report.length(`${at}/initial_value`, element.initial_value, 0, 3000, false);
    const max = typeof element.max_length === 'number' ? element.max_length : 3000;
    if (typeof element.initial_value === 'string' && [...element.initial_value].length > max) {
      report.add(`${at}/initial_value`, 'must be less than max_length characters');
    }
  }
  if (element.type === 'number_input' && typeof element.is_decimal_allowed !== 'boolean') {
    report.add(at, 'missing required field: is_decimal_allowed');
  }
}

function confirm(report: Report, at: string, value: Json): void {
  if (!isObject(value)) return report.add(at, 'must provide an object');
  report.text(`${at}/title`, value.title, { max: 100, plainOnly: true });
  report.text(`${at}/text`, value.text, { max: 300 });
  report.text(`${at}/confirm`, value.confirm, { max: 30, plainOnly: true });
  report.text(`${at}/deny`, value.deny, { max: 30, plainOnly: true });
}
