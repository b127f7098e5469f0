/**
 * Makes an element. Text always becomes a text node: nothing a person wrote is ever read as markup.
 * Props: `class`, `on*` listeners, `data` (dataset), everything else as attribute (false/null: left out).
 */
export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const $ = (id) => document.getElementById(id);

const signatures = new WeakMap();

/**
 * Makes `parent` hold one child per item, in order. A child whose `signature` is unchanged stays the same element, so that focus, selection and scroll
 * stay where they are while messages arrive; the focus inside one that is drawn anew goes to the control with the same `data-focus`.
 */
export const sync = (parent, items) => {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let cursor = parent.firstChild;
  while (cursor && cursor.nodeType !== Node.ELEMENT_NODE) cursor = cursor.nextSibling;
  for (const { key, signature, build } of items) {
    const was = old.get(key);
    let element = was;
    if (!was || signatures.get(was) !== signature) {
      element = build();
      element.dataset.key = key;
      signatures.set(element, signature);
      if (was) {
        const focus = was.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
        if (cursor === was) cursor = element;
        was.replaceWith(element);
        if (focus) [...element.querySelectorAll('[data-focus]')].find((one) => one.dataset.focus === focus)?.focus();
      }
    }
    old.delete(key);
    if (element === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(element, cursor);
  }
  for (const gone of old.values()) gone.remove();
};

let toastTimer = 0;
/** A short word at the foot of the page; an error stays longer. */
export const toast = (text, kind = 'info') => {
  const box = $('toast');
  box.textContent = text;
  box.dataset.kind = kind;
  box.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove('shown'), kind === 'error' ? 7000 : 3000);
};
