import { call } from './api.js';
import { app } from './app.js';
import { $, h, toast } from './dom.js';
import { w } from './words.js';

/** Asks before something that cannot be taken back. */
export const confirmDialog = (title, text, yes) =>
  new Promise((resolve) => {
    const dialog = $('dialog');
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.returnValue = '';
    dialog.replaceChildren(
      h(
        'form',
        { method: 'dialog' },
        h('h2', { id: 'dialog-title' }, title),
        h('p', { class: 'quiet' }, text),
        h(
          'div',
          { class: 'actions' },
          h('button', { class: 'button danger', value: 'yes' }, yes),
          h('button', { class: 'button', value: 'no' }, w().cancel),
        ),
      ),
    );
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    dialog.showModal();
  });

const control = (input, id) => {
  const common = {
    id,
    name: input.name,
    'aria-required': String(input.required),
    'aria-describedby': `${id}-hint ${id}-wrong`,
    maxlength: input.maxLength,
  };
  if (input.kind === 'long_text') {
    const area = h('textarea', { ...common, rows: '4' });
    area.value = input.value ?? '';
    return area;
  }
  if (input.kind === 'choice') {
    const select = h(
      'select',
      common,
      h('option', { value: '' }, '—'),
      (input.options ?? []).map((option) => h('option', { value: option.value }, option.label)),
    );
    select.value = input.value ?? '';
    return select;
  }
  return h('input', { ...common, type: 'text', value: input.value ?? '', autocomplete: 'off' });
};

const labelled = (input, id) =>
  h(
    'div',
    { class: 'input' },
    h('label', { for: id }, input.label, input.required && h('span', { class: 'needed', 'aria-hidden': 'true' }, ' *')),
    control(input, id),
    h('p', { class: 'quiet small-print', id: `${id}-hint` }, input.hint ?? ''),
    h('p', { class: 'wrong', id: `${id}-wrong`, role: 'alert' }),
  );

const showErrors = (form, errors) => {
  let first = null;
  for (const input of form.inputs) {
    const id = `input-${input.name}`;
    const wrong = errors[input.name] ?? '';
    $(`${id}-wrong`).textContent = wrong;
    $(id).toggleAttribute('aria-invalid', wrong !== '');
    if (wrong && !first) first = $(id);
  }
  first?.focus();
};

const submit = async (open, event) => {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const button = event.target.querySelector('[type=submit]');
  button.disabled = true;
  try {
    await call('POST', `/playground/api/forms/${open.id}`, { as: app.me, values });
    $('dialog').close();
    await app.refresh();
  } catch (problem) {
    if (problem.errors) showErrors(open.form, problem.errors);
    else toast(w().problems[problem.code] ?? w().failed, 'error');
  } finally {
    button.disabled = false;
  }
};

const build = (open) =>
  h(
    'form',
    { onsubmit: (event) => void submit(open, event), novalidate: true },
    h('h2', { id: 'dialog-title' }, open.form.title),
    open.form.intro && h('p', { class: 'quiet' }, open.form.intro),
    open.form.inputs.map((input) => labelled(input, `input-${input.name}`)),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'submit', class: 'button primary' }, open.form.submit),
      h('button', { type: 'button', class: 'button', onclick: () => $('dialog').close() }, open.form.cancel),
    ),
  );

let shown = null;

/** The form that the bot has opened for this person; drawn once, so that nothing typed is lost when the chat moves on. */
export const drawForm = () => {
  const dialog = $('dialog');
  const open = app.state.form;
  if ((open?.id ?? null) === shown) return;
  shown = open?.id ?? null;
  if (!open) {
    if (dialog.open) dialog.close();
    return;
  }
  const { me } = app;
  dialog.onclose = () => {
    // By its own button, Escape, or the bot's word: the service forgets it either way.
    void call('DELETE', `/playground/api/forms/${open.id}?as=${me}`).catch(() => undefined);
  };
  dialog.replaceChildren(build(open));
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('input, textarea, select')?.focus();
};
