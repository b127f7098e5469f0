/**
 * Block Kit's rules, written from Slack's documentation (slack.md section 5) and NOT from the product: where the two
 * disagree a test fails, which is the point. Returns one line per mistake, in Slack's own style:
 * `must be less than 76 characters [json-pointer:/blocks/0/elements/1/text/text]`.
 */
import { elementProblems } from './blockKitElements.ts';
import { isObject, Report } from './blockKitReport.ts';
import type { Block, Json, JsonObject } from './types.ts';

export type Surface = 'message' | 'modal' | 'home';

const allowed: Record<string, Surface[]> = {
  actions: ['message', 'modal', 'home'],
  context: ['message', 'modal', 'home'],
  divider: ['message', 'modal', 'home'],
  file: ['message'],
  header: ['message', 'modal', 'home'],
  image: ['message', 'modal', 'home'],
  input: ['message', 'modal', 'home'],
  markdown: ['message'],
  rich_text: ['message', 'modal', 'home'],
  section: ['message', 'modal', 'home'],
  table: ['message'],
  video: ['message', 'modal', 'home'],
};

const maxBlocks = { message: 50, modal: 100, home: 100 } as const;

export function blockProblems(blocks: Json | undefined, surface: Surface): string[] {
  const report = new Report();
  if (!Array.isArray(blocks)) return ['must be an array [json-pointer:/blocks]'];
  if (blocks.length > maxBlocks[surface]) report.add('/blocks', `no more than ${maxBlocks[surface]} items allowed`);
  const ids = new Set<string>();
  let markdown = 0;
  let tables = 0;
  blocks.forEach((block, i) => {
    const at = `/blocks/${i}`;
    if (!isObject(block) || typeof block.type !== 'string') return report.add(at, 'missing required field: type');
    if (!allowed[block.type]?.includes(surface)) return report.add(`${at}/type`, `unsupported type: ${block.type}`);
    report.length(`${at}/block_id`, block.block_id, 1, 255, false);
    if (typeof block.block_id === 'string') {
      if (ids.has(block.block_id)) report.add(`${at}/block_id`, `\`block_id\` already exists: ${block.block_id}`);
      ids.add(block.block_id);
    }
    blockBody(report, at, block, surface);
    if (block.type === 'markdown' && typeof block.text === 'string') markdown += [...block.text].length;
    if (block.type === 'table') tables += 1;
  });
  if (markdown > 12_000) report.add('/blocks', 'markdown blocks together must be less than 12001 characters');
  if (tables > 1) report.add('/blocks', 'only one table allowed');
  return report.lines;
}

function blockBody(report: Report, at: string, block: JsonObject, surface: Surface): void {
  switch (block.type) {
    case 'section':
      return section(report, at, block, surface);
    case 'header':
      return report.text(`${at}/text`, block.text, { max: 150, plainOnly: true });
    case 'image':
      report.length(`${at}/alt_text`, block.alt_text, 1, 2000);
      if (block.title !== undefined) report.text(`${at}/title`, block.title, { max: 2000, plainOnly: true });
      if (!isObject(block.slack_file)) report.length(`${at}/image_url`, block.image_url, 1, 3000);
      return;
    case 'context':
      return elements(report, at, block, surface, 'context', 10);
    case 'actions':
      return elements(report, at, block, surface, 'actions', 25);
    case 'input':
      return input(report, at, block, surface);
    case 'markdown':
      return report.length(`${at}/text`, block.text, 1, 12_000);
    case 'table':
      return table(report, at, block);
    default:
      return undefined;
  }
}

function section(report: Report, at: string, block: JsonObject, surface: Surface): void {
  if (block.text === undefined && block.fields === undefined) report.add(at, 'missing required field: text or fields');
  if (block.text !== undefined) report.text(`${at}/text`, block.text, { max: 3000 });
  if (block.fields !== undefined) {
    const fields = report.array(`${at}/fields`, block.fields, 1, 10);
    fields.forEach((field, i) => report.text(`${at}/fields/${i}`, field, { max: 2000 }));
  }
  if (block.accessory !== undefined) elementProblems(report, `${at}/accessory`, block.accessory, 'accessory', surface);
}

function elements(
  report: Report,
  at: string,
  block: JsonObject,
  surface: Surface,
  place: 'context' | 'actions',
  max: number,
): void {
  const ids = new Set<string>();
  report.array(`${at}/elements`, block.elements, 1, max).forEach((element, i) => {
    elementProblems(report, `${at}/elements/${i}`, element, place, surface);
    if (!isObject(element) || typeof element.action_id !== 'string') return;
    // Slack asks for unique ids within ONE block; the same action_id in two blocks (a list of tickets) is allowed.
    const id = element.action_id;
    if (ids.has(id)) report.add(`${at}/elements/${i}/action_id`, `\`action_id\` already exists: ${id}`);
    ids.add(id);
  });
}

function input(report: Report, at: string, block: JsonObject, surface: Surface): void {
  report.text(`${at}/label`, block.label, { max: 2000, plainOnly: true });
  if (block.hint !== undefined) report.text(`${at}/hint`, block.hint, { max: 2000, plainOnly: true });
  elementProblems(report, `${at}/element`, block.element, 'input', surface);
}

function table(report: Report, at: string, block: JsonObject): void {
  report.array(`${at}/rows`, block.rows, 1, 100).forEach((row, i) => report.array(`${at}/rows/${i}`, row, 1, 20));
}

export function viewProblems(view: JsonObject): string[] {
  const report = new Report();
  if (view.type !== 'modal' && view.type !== 'home') {
    report.add('/view/type', view.type === undefined ? 'missing required field: type' : 'unsupported type');
    return report.lines;
  }
  const surface = view.type;
  for (const line of blockProblems(view.blocks, surface)) report.lines.push(line.replace(':/blocks', ':/view/blocks'));
  report.length('/view/callback_id', view.callback_id, 0, 255, false);
  report.length('/view/private_metadata', view.private_metadata, 0, 3000, false);
  report.length('/view/external_id', view.external_id, 0, 255, false);
  if (surface === 'home') {
    for (const key of ['title', 'submit', 'close']) {
      if (view[key] !== undefined) report.add(`/view/${key}`, `invalid additional property: ${key}`);
    }
    return report.lines;
  }
  report.text('/view/title', view.title, { max: 24, plainOnly: true });
  if (view.close !== undefined) report.text('/view/close', view.close, { max: 24, plainOnly: true });
  if (view.submit !== undefined) report.text('/view/submit', view.submit, { max: 24, plainOnly: true });
  const blocks = Array.isArray(view.blocks) ? view.blocks : [];
  const asks = blocks.some((block) => isObject(block) && block.type === 'input');
  if (asks && view.submit === undefined) report.add('/view', 'missing required field: submit');
  return report.lines;
}

/** All visible characters of the blocks: above about 13,200 the message is refused though every block is legal. */
export function blocksLength(blocks: readonly Block[]): number {
  let total = 0;
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'text' && typeof inner === 'string') total += [...inner].length;
        else walk(inner);
      }
    }
  };
  walk([...blocks]);
  return total;
}
