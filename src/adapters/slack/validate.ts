import { isRaw, list, type Raw } from './payload.ts';

/**
 * Slack's limits, checked offline: Slack itself answers `invalid_blocks` only after the message was built and sent, and nothing in its SDK checks them.
 * Numbers: https://docs.slack.dev/reference/block-kit; `total` was found by trying (bolt-js#2509).
 */
export const LIMITS = {
  message: { blocks: 50, total: 13_200, text: 40_000, editText: 4_000 },
  view: { blocks: 100, title: 24, privateMetadata: 3_000, callbackId: 255, bytes: 250_000 },
  id: 255,
  section: { text: 3_000, fields: 10, field: 2_000 },
  header: 150,
  context: { elements: 10, text: 3_000 },
  actions: 25,
  image: { url: 3_000, alt: 2_000 },
  input: { label: 2_000, hint: 2_000 },
  button: { text: 75, value: 2_000, url: 3_000 },
  option: { text: 75, value: 150, description: 75 },
  options: { select: 100, choices: 10, overflow: 5 },
  placeholder: 150,
  plainTextInput: 3_000,
  markdown: 12_000,
} as const;

type Report = (path: string, wrong: string) => void;

/** What is wrong with a message; empty: nothing. Each line begins with the JSON pointer of the place. */
export const checkMessage = (
  message: { readonly text?: string; readonly blocks?: readonly unknown[] },
  limits: { readonly text: number } = LIMITS.message,
): string[] => {
  const { wrong, report } = collector();
  const blocks = message.blocks ?? [];
  if ((message.text ?? '').trim() === '') report('/text', 'no fallback text');
  checkLength(message.text ?? '', limits.text, '/text', report);
  if (blocks.length > LIMITS.message.blocks)
    report('/blocks', `${blocks.length} blocks, at most ${LIMITS.message.blocks}`);
  checkBlocks(blocks, report);
  const total = blocks.reduce((sum: number, block) => sum + characters(block), 0);
  if (total > LIMITS.message.total) report('/blocks', `${total} characters in all, at most ${LIMITS.message.total}`);
  return wrong;
};

export const checkView = (view: unknown): string[] => {
  const { wrong, report } = collector();
  if (!isRaw(view)) return ['/: not an object'];
  const blocks = Array.isArray(view['blocks']) ? view['blocks'] : [];
  if (blocks.length > LIMITS.view.blocks) report('/blocks', `${blocks.length} blocks, at most ${LIMITS.view.blocks}`);
  checkBlocks(blocks, report);
  if (view['type'] === 'modal') {
    checkText(view['title'], 'plain_text', LIMITS.view.title, '/title', report);
    if (view['submit'] !== undefined) checkText(view['submit'], 'plain_text', LIMITS.view.title, '/submit', report);
    else if (blocks.some((block) => isRaw(block) && block['type'] === 'input'))
      report('/submit', 'needed where there are inputs');
    if (view['close'] !== undefined) checkText(view['close'], 'plain_text', LIMITS.view.title, '/close', report);
  } else if (view['type'] !== 'home') report('/type', `unknown: ${String(view['type'])}`);
  checkString(view['private_metadata'], LIMITS.view.privateMetadata, '/private_metadata', report);
  checkString(view['callback_id'], LIMITS.view.callbackId, '/callback_id', report);
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.view.bytes) report('/', `more than ${LIMITS.view.bytes} bytes`);
  return wrong;
};

const collector = (): { wrong: string[]; report: Report } => {
  const wrong: string[] = [];
  return { wrong, report: (path, what) => void wrong.push(`${path}: ${what}`) };
};

const checkBlocks = (blocks: readonly unknown[], report: Report): void => {
  const ids = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const path = `/blocks/${index}`;
    if (!isRaw(block)) {
      report(path, 'not an object');
      continue;
    }
    checkString(block['block_id'], LIMITS.id, `${path}/block_id`, report);
    if (block['block_id'] !== undefined && ids.has(block['block_id'])) report(`${path}/block_id`, 'used twice');
    ids.add(block['block_id']);
    checkBlock(block, path, report);
  }
};

const checkBlock = (block: Raw, path: string, report: Report): void => {
  switch (block['type']) {
    case 'section': {
      const fields = block['fields'];
      if (block['text'] === undefined && fields === undefined) report(path, 'neither text nor fields');
      if (block['text'] !== undefined) checkText(block['text'], 'any', LIMITS.section.text, `${path}/text`, report);
      if (fields !== undefined) {
        each(fields, 1, LIMITS.section.fields, `${path}/fields`, report, (field, at) =>
          checkText(field, 'any', LIMITS.section.field, at, report),
        );
      }
      if (block['accessory'] !== undefined) checkElement(block['accessory'], `${path}/accessory`, report);
      return;
    }
    case 'header':
      return checkText(block['text'], 'plain_text', LIMITS.header, `${path}/text`, report);
    case 'context':
      return each(block['elements'], 1, LIMITS.context.elements, `${path}/elements`, report, (element, at) =>
        isRaw(element) && element['type'] === 'image'
          ? checkImage(element, at, report)
          : checkText(element, 'any', LIMITS.context.text, at, report),
      );
    case 'actions': {
      const ids = new Set<unknown>();
      return each(block['elements'], 1, LIMITS.actions, `${path}/elements`, report, (element, at) => {
        checkElement(element, at, report);
        if (!isRaw(element) || element['action_id'] === undefined) return;
        if (ids.has(element['action_id'])) report(`${at}/action_id`, 'used twice in this block');
        ids.add(element['action_id']);
      });
    }
    case 'input':
      checkText(block['label'], 'plain_text', LIMITS.input.label, `${path}/label`, report);
      if (block['hint'] !== undefined)
        checkText(block['hint'], 'plain_text', LIMITS.input.hint, `${path}/hint`, report);
      return checkElement(block['element'], `${path}/element`, report);
    case 'image':
      return checkImage(block, path, report);
    case 'markdown':
      return checkString(block['text'], LIMITS.markdown, `${path}/text`, report);
    case 'divider':
    case 'rich_text':
      return;
    default:
      report(`${path}/type`, `unknown: ${String(block['type'])}`);
  }
};

const checkElement = (element: unknown, path: string, report: Report): void => {
  if (!isRaw(element)) return report(path, 'missing');
  checkString(element['action_id'], LIMITS.id, `${path}/action_id`, report);
  if (element['placeholder'] !== undefined) {
    checkText(element['placeholder'], 'plain_text', LIMITS.placeholder, `${path}/placeholder`, report);
  }
  switch (element['type']) {
    case 'button':
      checkText(element['text'], 'plain_text', LIMITS.button.text, `${path}/text`, report);
      checkString(element['value'], LIMITS.button.value, `${path}/value`, report);
      checkString(element['url'], LIMITS.button.url, `${path}/url`, report);
      if (!['primary', 'danger', undefined].includes(element['style'] as string | undefined)) {
        report(`${path}/style`, `unknown: ${String(element['style'])}`);
      }
      return;
    case 'static_select':
    case 'multi_static_select':
      return checkOptions(element, LIMITS.options.select, path, report);
    case 'radio_buttons':
    case 'checkboxes':
      return checkOptions(element, LIMITS.options.choices, path, report);
    case 'overflow':
      return checkOptions(element, LIMITS.options.overflow, path, report);
    case 'plain_text_input': {
      const max = element['max_length'] ?? LIMITS.plainTextInput;
      if (typeof max !== 'number' || max < 1 || max > LIMITS.plainTextInput) {
        report(`${path}/max_length`, `not within 1 and ${LIMITS.plainTextInput}`);
      } else checkString(element['initial_value'], max, `${path}/initial_value`, report);
      return;
    }
    default:
      report(`${path}/type`, `unknown: ${String(element['type'])}`);
  }
};

const checkOptions = (element: Raw, max: number, path: string, report: Report): void => {
  each(element['options'], 1, max, `${path}/options`, report, (option, at) => {
    if (!isRaw(option)) return report(at, 'not an object');
    checkText(option['text'], 'any', LIMITS.option.text, `${at}/text`, report);
    if (option['description'] !== undefined) {
      checkText(option['description'], 'any', LIMITS.option.description, `${at}/description`, report);
    }
    if (typeof option['value'] !== 'string' || option['value'] === '') report(`${at}/value`, 'missing');
    checkString(option['value'], LIMITS.option.value, `${at}/value`, report);
  });
  const initial = element['initial_option'];
  if (initial === undefined) return;
  const same = list(element, 'options').some((option) => JSON.stringify(option) === JSON.stringify(initial));
  if (!same) report(`${path}/initial_option`, 'not among the options');
};

const checkImage = (image: Raw, path: string, report: Report): void => {
  checkString(image['image_url'], LIMITS.image.url, `${path}/image_url`, report);
  if (typeof image['alt_text'] !== 'string') report(`${path}/alt_text`, 'missing');
  checkString(image['alt_text'], LIMITS.image.alt, `${path}/alt_text`, report);
};

const checkText = (value: unknown, kind: 'plain_text' | 'any', max: number, path: string, report: Report): void => {
  if (!isRaw(value)) return report(path, 'missing');
  const types = kind === 'any' ? ['plain_text', 'mrkdwn'] : ['plain_text'];
  if (!types.includes(String(value['type'])))
    report(`${path}/type`, `${String(value['type'])}, not ${types.join(' or ')}`);
  if (typeof value['text'] !== 'string' || value['text'] === '') return report(`${path}/text`, 'empty');
  checkLength(value['text'], max, `${path}/text`, report);
};

const checkString = (value: unknown, max: number, path: string, report: Report): void => {
  if (value === undefined) return;
  if (typeof value !== 'string') return report(path, 'not a string');
  checkLength(value, max, path, report);
};

const checkLength = (value: string, max: number, path: string, report: Report): void => {
  if (value.length > max) report(path, `${value.length} characters, at most ${max}`);
};

const each = (
  value: unknown,
  min: number,
  max: number,
  path: string,
  report: Report,
  check: (item: unknown, path: string) => void,
): void => {
  if (!Array.isArray(value) || value.length < min) return report(path, 'empty');
  if (value.length > max) report(path, `${value.length}, at most ${max}`);
  value.forEach((item, index) => check(item, `${path}/${index}`));
};

/** Of every text that people see. */
export const characters = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + characters(item), 0);
  if (!isRaw(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : characters(inner)),
    0,
  );
};
