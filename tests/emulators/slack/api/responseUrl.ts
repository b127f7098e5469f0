import { blockProblems } from '../blockKit.ts';
import * as events from '../events.ts';
import type { JsonObject } from '../types.ts';
import type { ResponseUrl } from '../world.ts';
import { botMessage, removeMessage } from './chat.ts';
import { messageContent } from './content.ts';
import type { Content } from './content.ts';
import { ApiError, Args } from './context.ts';
import type { ApiContext } from './context.ts';

const lifeMs = 30 * 60_000;
const maxUses = 5;

/** A POST to a response_url: 5 uses in 30 minutes, after that 404. */
export function respond(context: ApiContext, id: string, body: JsonObject): { status: number; body: JsonObject } {
  const { world } = context;
  const target = world.responseUrls.get(id);
  if (!target) return { status: 404, body: { ok: false, error: 'no_such_url' } };
  if (world.now() - target.at > lifeMs) return { status: 404, body: { ok: false, error: 'expired_url' } };
  if (target.uses >= maxUses) return { status: 404, body: { ok: false, error: 'used_url' } };
  target.uses += 1;
  try {
    deliverResponse(context, target, body);
    return { status: 200, body: { ok: true } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: 400, body: { ok: false, error: error.code, ...error.extra } };
  }
}

/** Also for what a slash command or a click gets as its immediate answer. Returns the ts of what now exists, if any. */
export function deliverResponse(context: ApiContext, target: ResponseUrl, body: JsonObject): string | undefined {
  const { world } = context;
  const args = new Args(body);
  if (args.flag('delete_original')) {
    remove(context, target);
    return undefined;
  }
  if (args.has('blocks')) {
    const problems = blockProblems(args.json('blocks'), 'message');
    if (problems.length > 0) throw new ApiError('invalid_blocks', { errors: problems });
  }
  const content = messageContent(world, args, 'response_url');
  if (!content.text && !content.blocks?.length && !content.attachments?.length) throw new ApiError('no_text');
  if (args.flag('replace_original') && target.ts) return replace(context, target, content);
  const thread_ts = args.text('thread_ts') ?? target.thread_ts;
  const thread = thread_ts ? { thread_ts } : {};
  if (body.response_type !== 'in_channel') {
    const ts = world.nextTs();
    const { channel, user } = target;
    world.ephemerals.push({ channel, user, ts, text: content.text ?? '', blocks: content.blocks ?? [], ...thread });
    world.changed();
    return ts;
  }
  const channel = world.channel(target.channel);
  // Comes back to the app as a bot_message without `user`, unlike what chat.postMessage posts.
  const { user, bot_profile, ...message } = botMessage(world, content, { subtype: 'bot_message', ...thread });
  void [user, bot_profile];
  world.add(channel.id, message);
  context.emit(events.posted(channel, message));
  return message.ts;
}

function replace(context: ApiContext, target: ResponseUrl, content: Content): string | undefined {
  const { world } = context;
  const { ts } = target;
  const shown = world.ephemerals.find((e) => e.ts === ts && e.user === target.user);
  if (shown) {
    shown.text = content.text ?? '';
    shown.blocks = content.blocks ?? [];
    world.changed();
    return ts;
  }
  const message = world.find(target.channel, ts ?? '');
  if (!message) throw new ApiError('message_not_found');
  const before = structuredClone(message);
  message.text = content.text ?? '';
  message.blocks = content.blocks ?? [];
  world.changed();
  context.emit(events.changed(world, world.channel(target.channel), message, before));
  return ts;
}

function remove(context: ApiContext, target: ResponseUrl): void {
  const { world } = context;
  const at = world.ephemerals.findIndex((e) => e.ts === target.ts && e.user === target.user);
  if (at >= 0) {
    world.ephemerals.splice(at, 1);
    world.changed();
    return;
  }
  const message = world.find(target.channel, target.ts ?? '');
  if (!message) throw new ApiError('message_not_found');
  context.emit(removeMessage(world, target.channel, message));
}
