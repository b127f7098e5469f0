/** The words of card JSON 2.0, from its documentation. */

export const templates = new Set([
  'blue', 'wathet', 'turquoise', 'green', 'yellow', 'orange', 'red', 'carmine', 'violet', 'purple', 'indigo', 'grey', 'default',
]); // prettier-ignore

export const tagColours = new Set([
  'neutral', 'blue', 'turquoise', 'lime', 'orange', 'violet', 'indigo', 'wathet', 'green', 'yellow', 'red', 'purple', 'carmine',
]); // prettier-ignore

export const containers = new Set(['form', 'column_set', 'interactive_container', 'collapsible_panel']);

/** What people fill in: inside a form each needs a name of its own. */
export const fields = new Set([
  'input', 'select_static', 'multi_select_static', 'select_person', 'multi_select_person', 'date_picker', 'picker_time',
  'picker_datetime', 'select_img', 'checker',
]); // prettier-ignore

/** What may stand in `elements`. */
export const components = new Set([
  ...containers, ...fields, 'markdown', 'div', 'img', 'img_combination', 'person', 'person_list', 'chart', 'table', 'hr', 'audio',
  'button', 'overflow',
]); // prettier-ignore

/** What 1.0 had and 2.0 has not. */
export const gone = new Set(['action', 'note']);

export const buttonTypes = new Set([
  'default', 'primary', 'danger', 'text', 'primary_text', 'danger_text', 'primary_filled', 'danger_filled', 'laser',
]); // prettier-ignore

export const rootKeys = new Set(['schema', 'config', 'card_link', 'header', 'body']);

export const configKeys = new Set([
  'streaming_mode', 'streaming_config', 'summary', 'locales', 'enable_forward', 'update_multi', 'width_mode',
  'use_custom_translation', 'enable_forward_interaction', 'style',
]); // prettier-ignore

export const headerKeys = new Set([
  'title', 'subtitle', 'text_tag_list', 'i18n_text_tag_list', 'template', 'icon', 'padding',
]); // prettier-ignore
