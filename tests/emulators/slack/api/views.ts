import { viewProblems } from '../blockKit.ts';
import { isObject } from '../blockKitReport.ts';
import type { Block, JsonObject, SlackView } from '../types.ts';
import { initialState } from '../viewState.ts';
import type { World } from '../world.ts';
import { withIds } from './content.ts';
import { ApiError, invalidArguments } from './context.ts';
import type { Args, Method, Methods } from './context.ts';

const triggerLifeMs = 3000;
const viewBytes = 250_000;
const deepest = 3;

function checkedView(args: Args, type: 'modal' | 'home'): JsonObject {
  const view = args.json('view');
  if (!isObject(view)) throw invalidArguments(['failed to match all allowed schemas [json-pointer:/view]']);
  const problems = viewProblems(view);
  if (problems.length === 0 && view.type !== type) problems.push(`unsupported type [json-pointer:/view/type]`);
  if (problems.length > 0) throw invalidArguments(problems);
  if (Buffer.byteLength(JSON.stringify(view)) > viewBytes) throw new ApiError('view_too_large');
  return view;
}

/** Throws on a view Slack would refuse; for views an app answers a submission with. */
export function assertView(view: JsonObject): void {
  const problems = viewProblems(view);
  if (problems.length > 0) throw new Error(`slack emulator: the app answered with a bad view: ${problems.join('; ')}`);
}

export function makeView(world: World, view: JsonObject, over: Partial<SlackView> = {}): SlackView {
  const id = over.id ?? world.id('V');
  const part = (value: unknown): JsonObject | null => (value ? (value as JsonObject) : null);
  const full: SlackView = {
    id,
    team_id: world.team.id,
    type: view.type === 'home' ? 'home' : 'modal',
    blocks: withIds(world, view.blocks as Block[]),
    private_metadata: String(view.private_metadata ?? ''),
    callback_id: String(view.callback_id ?? ''),
    external_id: String(view.external_id ?? ''),
    state: { values: {} },
    hash: `${Math.floor(world.now() / 1000)}.${world.id('h').slice(-8)}`,
    title: part(view.title),
    close: part(view.close),
    submit: part(view.submit),
    clear_on_close: view.clear_on_close === true,
    notify_on_close: view.notify_on_close === true,
    root_view_id: id,
    previous_view_id: null,
    app_id: world.appId,
    bot_id: world.bot.botId,
    app_installed_team_id: world.team.id,
    ...over,
  };
  full.state = { values: initialState(full.blocks) };
  world.views.set(full.id, full);
  return full;
}

function useTrigger(world: World, args: Args): string {
  const trigger = world.triggers.get(args.text('trigger_id') ?? '');
  if (!trigger) throw new ApiError('invalid_trigger_id');
  if (trigger.used) throw new ApiError('exchanged_trigger_id');
  if (world.now() - trigger.at > triggerLifeMs) throw new ApiError('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

function uniqueExternalId(world: World, view: JsonObject, except?: string): void {
  if (!view.external_id) return;
  const open = [...world.modals.values()].flat();
  if (open.some((v) => v.external_id === view.external_id && v.id !== except)) {
    throw new ApiError('duplicate_external_id');
  }
}

const open: Method = ({ world }, args) => {
  const view = checkedView(args, 'modal');
  uniqueExternalId(world, view);
  const user = useTrigger(world, args);
  const made = makeView(world, view);
  world.modals.set(user, [made]);
  world.changed();
  return { view: structuredClone(made) };
};

const push: Method = ({ world }, args) => {
  const view = checkedView(args, 'modal');
  uniqueExternalId(world, view);
  const user = useTrigger(world, args);
  return { view: structuredClone(pushView(world, user, view)) };
};

export function pushView(world: World, user: string, view: JsonObject): SlackView {
  const stack = world.modals.get(user) ?? [];
  const top = stack.at(-1);
  if (!top) throw new ApiError('not_found');
  if (stack.length >= deepest) throw new ApiError('push_limit_reached');
  const made = makeView(world, view, { root_view_id: top.root_view_id, previous_view_id: top.id });
  stack.push(made);
  world.changed();
  return made;
}

/** Puts a new content in the place of a view that is open, keeping what the person has typed in fields that stay. */
export function replaceView(world: World, old: SlackView, view: JsonObject): SlackView {
  const { id, root_view_id, previous_view_id } = old;
  const made = makeView(world, view, { id, root_view_id, previous_view_id });
  for (const [block, actions] of Object.entries(made.state.values)) {
    for (const action of Object.keys(actions)) {
      const typed = old.state.values[block]?.[action];
      if (typed && typed.type === actions[action]?.type) actions[action] = typed;
    }
  }
  for (const stack of world.modals.values()) {
    const at = stack.findIndex((v) => v.id === id);
    if (at >= 0) stack[at] = made;
  }
  world.changed();
  return made;
}

const update: Method = ({ world }, args) => {
  const view = checkedView(args, 'modal');
  if (!args.has('view_id') && !args.has('external_id')) throw invalidArguments(['missing required field: view_id']);
  const old = [...world.modals.values()]
    .flat()
    .find((v) => (args.has('view_id') ? v.id === args.text('view_id') : v.external_id === args.text('external_id')));
  if (!old) throw new ApiError('not_found');
  if (args.has('hash') && args.text('hash') !== old.hash) throw new ApiError('hash_conflict');
  uniqueExternalId(world, view, old.id);
  return { view: structuredClone(replaceView(world, old, view)) };
};

const publish: Method = ({ world }, args) => {
  const view = checkedView(args, 'home');
  const user = args.need('user_id');
  if (!world.users.has(user)) throw new ApiError('user_not_found');
  const old = world.homes.get(user);
  if (args.has('hash') && args.text('hash') !== old?.hash) throw new ApiError('hash_conflict');
  const made = makeView(world, view, old ? { id: old.id, root_view_id: old.id } : {});
  world.homes.set(user, made);
  world.changed();
  return { view: structuredClone(made) };
};

export const viewMethods: Methods = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
