import { blockProblems, blocksLength } from '../blockKit.ts';
import { isObject } from '../blockKitReport.ts';
import { blockId, fromApp } from '../text.ts';
import type { Block, Json, JsonObject } from '../types.ts';
import type { World } from '../world.ts';
import { ApiError } from './context.ts';
import type { Args } from './context.ts';

/** undefined = the argument was not given, which chat.update treats differently from an empty list. */
export type Content = { text?: string; blocks?: Block[]; attachments?: JsonObject[]; metadata?: JsonObject };

const textLimit = 40_000;
const blocksLimit = 13_200;
const metadataLimit = 16_000;

/** Reads and judges what chat.postMessage, chat.update, chat.postEphemeral and response_url share. */
export function messageContent(world: World, args: Args, method: string): Content {
  const content: Content = {};
  const text = args.text('text');
  if (text !== undefined) content.text = fromApp([...text].slice(0, textLimit).join(''));
  if (args.has('markdown_text')) {
    if (args.has('text') || args.has('blocks')) throw new ApiError('markdown_text_conflict');
    const markdown = args.need('markdown_text');
    if ([...markdown].length > 12_000) throw new ApiError('msg_too_long');
    content.text = fromApp(markdown);
    content.blocks = withIds(world, [{ type: 'markdown', text: markdown }]);
  } else if (args.has('blocks')) {
    content.blocks = withIds(world, checkedBlocks(args.json('blocks')));
  }
  if (args.has('attachments')) content.attachments = checkedAttachments(args.json('attachments'));
  if (args.has('metadata')) content.metadata = checkedMetadata(args.json('metadata'));
  if (content.blocks && content.blocks.length > 0 && !content.text) {
    world.warnings.push(`${method}: blocks without text: notifications and screen readers get nothing`);
  }
  return content;
}

function checkedBlocks(blocks: Json | undefined): Block[] {
  if (!Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  const problems = blockProblems(blocks, 'message');
  if (problems.length > 0) {
    const messages = problems.map((line) => `[ERROR] ${line}`);
    throw new ApiError('invalid_blocks', { errors: problems, response_metadata: { messages } });
  }
  const known = blocks as Block[];
  if (blocksLength(known) > blocksLimit) throw new ApiError('msg_blocks_too_long');
  return known;
}

function checkedAttachments(value: Json | undefined): JsonObject[] {
  if (!Array.isArray(value) || !value.every(isObject)) throw new ApiError('invalid_attachments');
  if (value.length > 100) throw new ApiError('too_many_attachments');
  for (const attachment of value) if (attachment.blocks !== undefined) checkedBlocks(attachment.blocks);
  return value;
}

function checkedMetadata(value: Json | undefined): JsonObject {
  if (!isObject(value) || typeof value.event_type !== 'string' || !isObject(value.event_payload)) {
    throw new ApiError('invalid_metadata_format');
  }
  if (JSON.stringify(value).length > metadataLimit) throw new ApiError('metadata_too_large');
  return value;
}

/** Slack gives every block and every interactive element an id where the app gave none. */
export function withIds(world: World, blocks: readonly Block[]): Block[] {
  const named = (element: Json | undefined): Json | undefined => {
    if (!isObject(element) || element.type === 'plain_text' || element.type === 'mrkdwn') return element;
    if (element.type === 'image' || typeof element.type !== 'string') return element;
    return { ...element, action_id: element.action_id ?? blockId(world) };
  };
  return blocks.map((block) => {
    const copy: Block = { ...structuredClone(block), block_id: block.block_id ?? blockId(world) };
    if (copy.type === 'actions' && Array.isArray(copy.elements)) {
      copy.elements = copy.elements.map((element) => named(element) ?? null);
    }
    if (copy.accessory !== undefined) copy.accessory = named(copy.accessory);
    if (copy.type === 'input' && copy.element !== undefined) copy.element = named(copy.element);
    return copy;
  });
}
