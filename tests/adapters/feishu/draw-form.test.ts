import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawForm,
  drawFormDone,
  readButton,
  readFace,
  readSubmission,
} from '../../../src/adapters/feishu/draw-form.ts';
import { checkCard } from '../../../src/adapters/feishu/validate.ts';
import { at, list, type Raw } from '../../../src/adapters/raw.ts';
import type { Form, FormInput } from '../../../src/conversations/card.ts';
import { anyForm, rungBy } from './data.ts';

const form = (more: Partial<Form> = {}): Form => ({
  id: 'resolve',
  context: '{"ticket":128,"chat":"oc_1","thread":"om_1"}',
  title: '解决 ITR-128',
  intro: '原因是什么？',
  submit: '解决',
  cancel: '取消',
  inputs: [
    {
      name: 'solution',
      label: '方案',
      kind: 'long_text',
      required: true,
      value: '重启',
      maxLength: 3_000,
      hint: '写清楚做了什么',
    },
    {
      name: 'cause',
      label: '原因',
      kind: 'choice',
      required: true,
      value: 'config',
      options: [
        { value: 'config', label: '配置' },
        { value: 'bug', label: '缺陷' },
      ],
    },
    { name: 'note', label: '备注', kind: 'choice', required: false, options: [] },
  ],
  ...more,
});

const cardOf = (what: Form, forUser: string | null = null): Raw => JSON.parse(drawForm(what, 'zh-CN', forUser)) as Raw;
const containerOf = (card: Raw): readonly Raw[] => {
  const container = list(at(card, 'body'), 'elements').find(({ tag }) => tag === 'form');
  return list(container ?? {}, 'elements');
};
const inputOf = (card: Raw, name: string): Raw => containerOf(card).find((element) => element['name'] === name) ?? {};
/** What Feishu sends of a press: the button's name and value, and the inputs. */
const submitted = (what: Form, form_value: Raw, more: Raw = {}): Raw => {
  const button = containerOf(cardOf(what)).at(-1) ?? {};
  const value = list(button, 'behaviors')[0]?.['value'];
  return { tag: 'button', name: button['name'], value, form_value, ...more };
};
const long = (length: number, more: Partial<FormInput> = {}): FormInput => ({
  name: 'solution',
  label: '方案',
  kind: 'long_text',
  required: true,
  maxLength: 3_000,
  value: '长'.repeat(length),
  ...more,
});

describe('a form', () => {
  it('is a card that calls whom it is for, and asks one thing below the other', () => {
    const card = cardOf(form(), 'ou_wei');
    expect(checkCard(card)).toEqual([]);
    expect(at(card, 'header')).toEqual({ title: { tag: 'plain_text', content: '解决 ITR-128' }, template: 'blue' });
    expect(list(at(card, 'body'), 'elements')[0]).toEqual({
      tag: 'markdown',
      content: '<at id=ou_wei></at> 原因是什么？',
    });
    expect(containerOf(card)).toMatchObject([
      {
        tag: 'input',
        name: 'solution',
        label: { content: '方案 *' },
        label_position: 'top',
        required: true,
        input_type: 'multiline_text',
        max_length: 1_000,
        default_value: '重启',
        placeholder: { content: '写清楚做了什么' },
      },
      { tag: 'markdown', content: '原因 &#42;' },
      {
        tag: 'select_static',
        name: 'cause',
        required: true,
        initial_option: 'config',
        options: [
          { text: { content: '配置' }, value: 'config' },
          { text: { content: '缺陷' }, value: 'bug' },
        ],
      },
      // A choice of nothing is asked for in words.
      { tag: 'input', name: 'note', required: false, input_type: 'text' },
      { tag: 'button', form_action_type: 'submit', type: 'primary_filled', text: { content: '解决' } },
    ]);
  });

  it('calls nobody where it is nobody’s, or another platform’s', () => {
    for (const user of [null, 'all', 'U0WEI', 'ou_1></at><at id=all'])
      expect(rungBy(JSON.stringify(cardOf(form(), user)))).toEqual([]);
  });

  it('comes back by input name, nothing trimmed', () => {
    const form_value = { solution: ' pool\n', cause: 'bug', many: ['a', 'b'], score: 5, sure: true, none: null };
    expect(readSubmission(submitted(form(), form_value))).toEqual({
      form: 'resolve',
      context: '{"ticket":128,"chat":"oc_1","thread":"om_1"}',
      values: { solution: ' pool\n', cause: 'bug', many: 'a,b', score: '5', sure: 'true', none: '' },
    });
  });

  it('is known by its button’s name where Feishu sends no value, and by a value that came as a text', () => {
    const read = { form: 'resolve', context: '{"ticket":128,"chat":"oc_1","thread":"om_1"}', values: { note: 'x' } };
    expect(readSubmission(submitted(form(), { note: 'x' }, { value: undefined }))).toEqual(read);
    expect(readSubmission(submitted(form(), { note: 'x' }, { value: {} }))).toEqual(read);
    const asText = JSON.stringify({ f: read.form, c: read.context });
    expect(readSubmission(submitted(form(), { note: 'x' }, { value: asText, name: 'x' }))).toEqual(read);
    const far = form({ context: 'c'.repeat(2_000) });
    expect(readSubmission(submitted(far, {}))?.context).toBe(far.context);
    expect(readSubmission(submitted(far, {}, { value: undefined }))).toEqual({
      form: 'resolve',
      context: '',
      values: {},
    });
  });

  it.each<[string, Raw]>([
    ['a button', { tag: 'button', value: { a: 'claim', v: '128' } }],
    ['another app’s form', { name: 'Button_lvkepfu3', value: { key: 'value' }, form_value: {} }],
    ['a value that is no JSON', { value: '{', form_value: {} }],
    ['nothing', {}],
  ])('%s is no form of ours', (_, action) => {
    expect(readSubmission(action)).toBeNull();
  });

  it('is replaced by a card without inputs', () => {
    const face = readFace(submitted(form({ title: '解决 <at id=all></at>' }), {}));
    expect(face).toEqual({ title: '解决 <at id=all></at>', language: 'zh-CN' });
    const done = drawFormDone(face ?? { title: '', language: 'en' }, 'ou_wei');
    expect(checkCard(done)).toEqual([]);
    expect(at(at(done, 'header'), 'title')['content']).toBe('解决 <at id=all></at>');
    expect(list(at(done, 'body'), 'elements')).toEqual([{ tag: 'markdown', content: '<at id=ou_wei></at> 已提交。' }]);
    expect(readFace(submitted(form(), {}, { value: undefined }))).toBeNull();
    expect(JSON.stringify(drawFormDone({ title: '', language: 'en' }, 'ou_wei'))).toContain('Submitted');
  });
});

describe('what does not fit into a form', () => {
  it('1,000 characters are shown; 1,001 are submitted as they are, unless others are typed', () => {
    expect(inputOf(cardOf(form({ inputs: [long(1_000)] })), 'solution')).toMatchObject({
      default_value: '长'.repeat(1_000),
      required: true,
    });
    const more = form({ inputs: [long(1_001)] });
    const input = inputOf(cardOf(more), 'solution');
    expect(input['default_value']).toBeUndefined();
    expect(input).toMatchObject({
      required: false,
      placeholder: { content: '已填 1,001 个字，这里放不下；留空就按原文提交' },
    });
    expect(readSubmission(submitted(more, { solution: '' }))?.values).toEqual({ solution: '长'.repeat(1_001) });
    expect(readSubmission(submitted(more, {}))?.values).toEqual({ solution: '长'.repeat(1_001) });
    expect(readSubmission(submitted(more, { solution: '短' }))?.values).toEqual({ solution: '短' });
  });

  it('a text is never cut, since half of it would be submitted as the whole', () => {
    const inputs = Array.from({ length: 12 }, (_, i) => long(900 + i, { name: `n${i}` }));
    const card = cardOf(form({ inputs }));
    expect(checkCard(card)).toEqual([]);
    const values = containerOf(card).flatMap(({ default_value: value }) => (value === undefined ? [] : [value]));
    for (const value of values) expect(inputs.map((input) => input.value)).toContain(value);
    expect(containerOf(card)).toHaveLength(13);
  });

  it('of long lists the first options are there, and the chosen one, and it is said', () => {
    const options = Array.from({ length: 100 }, (_, i) => ({ value: `v${i}`, label: `option ${i}` }));
    const choice = (name: string): FormInput => ({ name, label: name, kind: 'choice', required: false, options });
    const one = cardOf(form({ inputs: [choice('a')] }));
    expect(inputOf(one, 'a')['options']).toHaveLength(100);
    const three = cardOf(form({ inputs: [{ ...choice('a'), value: 'v99' }, choice('b'), choice('c')] }));
    expect(checkCard(three)).toEqual([]);
    expect(inputOf(three, 'a')).toMatchObject({ initial_option: 'v99' });
    expect(inputOf(three, 'b')['options']).not.toHaveLength(100);
    expect(JSON.stringify(three)).toMatch(/这里只列得下前 \d+ 项/);
  });

  it('two inputs of one name, and one that is called like ours, are asked for once or not at all', () => {
    const inputs = [long(1), long(2), long(1, { name: 'itr_form' }), long(1, { name: '' })];
    expect(containerOf(cardOf(form({ inputs }))).map(({ tag }) => tag)).toEqual(['input', 'button']);
  });
});

describe('a button', () => {
  it('comes back as it was drawn', () => {
    expect(readButton({ value: { a: 'claim', v: '128' } })).toEqual({ action: 'claim', value: '128' });
    expect(readButton({ value: '{"a":"claim","v":"128"}' })).toEqual({ action: 'claim', value: '128' });
    expect(readButton({ value: { a: 'show', v: '' } })).toEqual({ action: 'show', value: '' });
  });

  it.each([{}, { value: { key: 'value' } }, { value: '[]' }, { value: 'x' }, { value: { a: 1 } }])(
    '%j is none of ours',
    (action) => {
      expect(readButton(action)).toBeNull();
    },
  );
});

it('whatever is asked, Feishu takes it, it rings only whom it is for, and it comes back', () => {
  fc.assert(
    fc.property(anyForm, fc.constantFrom('zh-CN' as const, 'en' as const), (what, language) => {
      const content = drawForm(what, language, 'ou_wei');
      const card = JSON.parse(content) as Raw;
      expect(checkCard(card)).toEqual([]);
      expect(rungBy(content)).toEqual(['ou_wei']);
      expect(checkCard(drawFormDone({ title: what.title, language }, 'ou_wei'))).toEqual([]);
      const read = readSubmission(submitted(what, {}));
      if (what.id !== '') expect(read).toMatchObject({ form: what.id, context: what.context });
    }),
    { numRuns: 60 },
  );
});
