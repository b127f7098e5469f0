import type { Form, FormInput } from '../../conversations/card.ts';
import { LANGUAGES, type Language } from '../../domain/words.ts';
import { at, isRaw, text, type Raw } from '../raw.ts';
import { clean, escapeMarkdown, grey, isPerson, markdown, oneLine, shorten } from './escape.ts';
import { clip, markdownCost, weigh } from './rich.ts';
import { LIMITS, tagged } from './validate-parts.ts';
import { words } from './words.ts';

/**
 * A form is a card here, since a bot cannot open a dialog: a container at the card's root, whose inputs come back all at once. There is no button for
 * `form.cancel`: a card that nobody fills in is in nobody's way, and a press of it would only be one more event that means nothing.
 *
 * What a form is (`f`), where it was opened (`c`), its title and language (`n`, `l`) and texts too long for their inputs (`k`) ride in the submit button's value. Feishu's own pages differ
 * on whether a button that submits has one, so its name carries the first two as well.
 * @param forUser who asked for it, by open id: told in the chat that it is there.
 */
export const drawForm = (form: Form, language: Language, forUser: string | null): string => {
  let room: Room = { options: 100, kept: true, value: LIMITS.input, inputs: form.inputs.length };
  let card = cardOf(form, language, forUser, room);
  while (room.inputs > 0 && (weigh(card) > LIMITS.bytes || tagged(card) > LIMITS.elements))
    card = cardOf(form, language, forUser, (room = tighter(room)));
  return JSON.stringify(card);
};

/** What stands where a form was, so that nobody submits it again. */
export const drawFormDone = ({ title, language }: FormFace, user: string): Raw => ({
  schema: '2.0',
  config: config(`${title} — ${words(language).submitted}`),
  header: header(title === '' ? words(language).submitted : title, 'grey'),
  body: { elements: [paragraph(markdown(words(language).submittedBy(user)))] },
});

/** What of a form is still to be seen once it was sent. */
export interface FormFace {
  readonly title: string;
  readonly language: Language;
}

/** Of the same `event.action` as `readSubmission`. Null: Feishu did not send the button's value. */
export const readFace = (action: Raw): FormFace | null => {
  const value = valueOf(action);
  const [title, language] = [text(value, 'n'), LANGUAGES.find((one) => one === value['l'])];
  return title === null || language === undefined ? null : { title, language };
};

export interface SubmittedForm {
  readonly form: string;
  readonly context: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Of `event.action` of `card.action.trigger`. Null: it is no form of ours. */
export const readSubmission = (action: Raw): SubmittedForm | null => {
  if (!isRaw(action['form_value'])) return null;
  const value = valueOf(action);
  const form = text(value, 'f');
  const what = form === null ? fromName(text(action, 'name') ?? '') : { form, context: text(value, 'c') ?? '' };
  if (what === null) return null;
  const values = new Map(Object.entries(action['form_value']).map(([name, given]) => [name, said(given)]));
  for (const [name, kept] of Object.entries(at(value, 'k')))
    if ((values.get(name) ?? '') === '' && typeof kept === 'string') values.set(name, kept);
  return { ...what, values: Object.fromEntries(values) };
};

/** Of the same `event.action`: a button of a card. Null: it is none of ours. */
export const readButton = (action: Raw): { readonly action: string; readonly value: string } | null => {
  const value = valueOf(action);
  const name = text(value, 'a');
  return name === null ? null : { action: name, value: text(value, 'v') ?? '' };
};

/** An object, as it was sent; old clients give its text. */
const valueOf = (action: Raw): Raw => {
  const { value } = action;
  if (typeof value !== 'string') return isRaw(value) ? value : {};
  try {
    const read: unknown = JSON.parse(value);
    return isRaw(read) ? read : {};
  } catch {
    return {};
  }
};

const said = (given: unknown): string => {
  if (Array.isArray(given)) return given.map(said).join(',');
  return typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? String(given) : '';
};

const NAME = 'itr_';

/** In hexadecimal, since what a name may hold is documented nowhere. A long context is left out: then only the value has it. */
const nameOf = ({ id, context }: Form): string => {
  const names = [`${id}\n${context}`, id].map((full) => NAME + Buffer.from(full).toString('hex'));
  return names.find((name) => name.length <= 250) ?? NAME;
};

const fromName = (name: string): { readonly form: string; readonly context: string } | null => {
  const [, hex] = /^itr_((?:[0-9a-f]{2})+)$/.exec(name) ?? [];
  if (hex === undefined) return null;
  const [form = '', ...context] = Buffer.from(hex, 'hex').toString().split('\n');
  return { form, context: context.join('\n') };
};

/** How much of each part is drawn. */
interface Room {
  readonly options: number;
  readonly kept: boolean;
  /** Characters of a text that is filled in already; a longer one is not, since half of it would be submitted as the whole. */
  readonly value: number;
  readonly inputs: number;
}

const tighter = (room: Room): Room => {
  if (room.options > 20) return { ...room, options: Math.floor(room.options * 0.9) };
  if (room.kept) return { ...room, kept: false };
  if (room.value > 100) return { ...room, value: Math.floor(room.value * 0.7) };
  if (room.options > 5) return { ...room, options: room.options - 1 };
  return { ...room, inputs: room.inputs - 1 };
};

const cardOf = (form: Form, language: Language, forUser: string | null, room: Room): Raw => {
  const asked = forUser !== null && isPerson(forUser) ? [{ kind: 'mention' as const, user: forUser }, ' '] : [];
  const intro = markdown(clip([...asked, form.intro ?? ''], 3_000, markdownCost)).trim();
  const inputs = distinct(form.inputs).slice(0, room.inputs);
  return {
    schema: '2.0',
    config: config(form.title),
    header: header(form.title, 'blue'),
    body: {
      elements: [
        ...(intro === '' ? [] : [paragraph(intro)]),
        {
          tag: 'form',
          name: `${NAME}form`,
          elements: [
            ...inputs.flatMap((input) => drawInput(input, language, room)),
            drawSubmit(form, inputs, language, room),
          ],
        },
      ],
    },
  };
};

/** Names are unique in a card; what begins like one of ours is left to us. */
const distinct = (inputs: readonly FormInput[]): readonly FormInput[] => {
  const names = new Set(['']);
  return inputs.filter(({ name }) => !name.startsWith(NAME) && !names.has(name) && names.add(name));
};

const drawInput = (input: FormInput, language: Language, room: Room): readonly Raw[] => {
  const label = `${shorten(input.label, 100) || input.name}${input.required ? ' *' : ''}`;
  const options = optionsOf(input, room);
  // Feishu refuses a select without options; then the answer is written.
  if (input.kind !== 'choice' || options.length === 0) return [drawText(input, label, language, room)];
  const all = optionsOf(input, { ...room, options: Infinity }).length;
  return [
    // A select has no label of its own.
    paragraph(escapeMarkdown(label)),
    {
      tag: 'select_static',
      name: input.name,
      required: input.required,
      width: 'fill',
      placeholder: plainText(shorten(input.hint ?? '', LIMITS.placeholder) || words(language).choose),
      options,
      ...(options.some(({ value }) => value === input.value) ? { initial_option: input.value } : {}),
    },
    ...(options.length === all
      ? []
      : [
          {
            ...paragraph(grey(escapeMarkdown(words(language).firstOptions(options.length)))),
            text_size: 'notation',
          },
        ]),
  ];
};

const optionsOf = ({ options, value: chosen }: FormInput, { options: most }: Room): readonly Raw[] => {
  const values = new Set(['']);
  const usable = (options ?? []).filter(
    ({ value, label }) => oneLine(label) !== '' && !values.has(value) && values.add(value),
  );
  const shown = usable.filter(({ value }, index) => index < most || value === chosen);
  return shown.map(({ value, label }) => ({ text: plainText(shorten(label, 100)), value }));
};

const drawText = (input: FormInput, label: string, language: Language, room: Room): Raw => {
  const max = Math.max(1, Math.min(input.maxLength ?? LIMITS.input, LIMITS.input));
  const value = clean(input.value ?? '');
  const kept = keptOf(input, room);
  const hint = kept === null ? shorten(input.hint ?? '', LIMITS.placeholder) : words(language).keptText(kept.length);
  return {
    tag: 'input',
    name: input.name,
    // The text that is kept is the answer, if no other is given.
    required: input.required && kept === null,
    label: plainText(label),
    label_position: 'top',
    width: 'fill',
    max_length: max,
    ...(input.kind === 'long_text'
      ? { input_type: 'multiline_text', rows: 3, auto_resize: true, max_rows: 12 }
      : { input_type: 'text' }),
    ...(hint === '' ? {} : { placeholder: plainText(hint) }),
    ...(value === '' || value.length > Math.min(max, room.value) ? {} : { default_value: value }),
  };
};

/** A text that is longer than Feishu's inputs, and allowed to be. */
const keptOf = ({ kind, value, maxLength = 3_000 }: FormInput, room: Room): string | null => {
  const kept = clean(value ?? '');
  return room.kept && kind !== 'choice' && kept.length > LIMITS.input && kept.length <= maxLength ? kept : null;
};

const drawSubmit = (form: Form, inputs: readonly FormInput[], language: Language, room: Room): Raw => {
  const kept = inputs.flatMap((input) => {
    const value = keptOf(input, room);
    return value === null ? [] : [[input.name, value]];
  });
  const value = { f: form.id, c: form.context, n: shorten(form.title, 100), l: language };
  return {
    tag: 'button',
    name: nameOf(form),
    type: 'primary_filled',
    text: plainText(shorten(form.submit, 40) || words(language).submit),
    form_action_type: 'submit',
    behaviors: [
      {
        type: 'callback',
        value: kept.length === 0 ? value : { ...value, k: Object.fromEntries(kept) as Record<string, string> },
      },
    ],
  };
};

const config = (summary: string): Raw => ({
  update_multi: true,
  width_mode: 'fill',
  summary: { content: shorten(summary, 120) || '–' },
});

const header = (title: string, template: string): Raw => ({
  title: plainText(shorten(title, 200) || '–'),
  template,
});

const plainText = (content: string): Raw => ({ tag: 'plain_text', content });

const paragraph = (content: string): Raw => ({ tag: 'markdown', content });
