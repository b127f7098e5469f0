import type { InputBlock, KnownBlock, ModalView, PlainTextElement } from '@slack/types';
import type { Form, FormInput } from '../../conversations/card.ts';
import { fit, shorten } from './escape.ts';
import { at, text, type Raw } from './payload.ts';

const ELEMENT = 'value';

/** Everything a form needs to be understood when it comes back rides in it: `id` and `context` here, each input's name as its `block_id`. */
export const drawForm = (form: Form): ModalView => {
  const intro: KnownBlock[] =
    form.intro === undefined || form.intro === ''
      ? []
      : [{ type: 'section', text: { type: 'mrkdwn', text: fit([form.intro], 2_900).text, verbatim: true } }];
  return {
    type: 'modal',
    callback_id: form.id,
    private_metadata: form.context,
    title: label(form.title, 24),
    submit: label(form.submit, 24),
    close: label(form.cancel, 24),
    blocks: [...intro, ...form.inputs.slice(0, 100 - intro.length).map(drawInput)],
  };
};

/** By input name; an empty input is an empty string, so that a cleared one can be told from one that was not asked. */
export const valuesOf = (view: Raw): Readonly<Record<string, string>> => {
  const values: Record<string, string> = {};
  const blocks = at(at(view, 'state'), 'values');
  for (const name of Object.keys(blocks)) {
    const block = at(blocks, name);
    const element = at(block, Object.keys(block)[0] ?? ELEMENT);
    values[name] = text(element, 'value') ?? text(at(element, 'selected_option'), 'value') ?? '';
  }
  return values;
};

const drawInput = (input: FormInput): InputBlock => ({
  type: 'input',
  block_id: input.name,
  label: label(input.label, 2_000),
  optional: !input.required,
  ...(input.hint === undefined || input.hint === '' ? {} : { hint: label(input.hint, 2_000) }),
  element: drawElement(input),
});

const drawElement = (input: FormInput): InputBlock['element'] => {
  const options = (input.options ?? [])
    .slice(0, 100)
    .map((option) => ({ text: label(option.label, 75), value: option.value }));
  // Slack refuses a select without options; then the answer is written.
  if (input.kind === 'choice' && options.length > 0) {
    const chosen = options.find((option) => option.value === input.value);
    return {
      type: 'static_select',
      action_id: ELEMENT,
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    };
  }
  const max = Math.min(input.maxLength ?? 3_000, 3_000);
  return {
    type: 'plain_text_input',
    action_id: ELEMENT,
    multiline: input.kind === 'long_text',
    max_length: max,
    ...(input.value === undefined || input.value === '' ? {} : { initial_value: shorten(input.value, max) }),
  };
};

const label = (plain: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: shorten(plain, max),
  emoji: true,
});
