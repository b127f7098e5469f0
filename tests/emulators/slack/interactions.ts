import { ApiError } from './api/context.ts';
import { deliverResponse } from './api/responseUrl.ts';
import { assertView, pushView, replaceView } from './api/views.ts';
import { isObject } from './blockKitReport.ts';
import { People } from './people.ts';
import { typedCommand } from './text.ts';
import type { Block, Json, JsonObject, SlackChannel, SlackView } from './types.ts';
import { answer, fillIn, initialState, interactiveElements, missingInputs } from './viewState.ts';
import type { FieldValue, Placed } from './viewState.ts';
import type { ResponseUrl } from './world.ts';

/** `text` is '' when the app acknowledged without saying anything. */
export type SlashAnswer = { text: string; blocks: Block[]; response_type: 'ephemeral' | 'in_channel'; ts?: string };
export type SubmitAnswer = {
  /** 'close': the app answered nothing, the modal is gone. */
  action: 'close' | 'clear' | 'errors' | 'update' | 'push';
  errors: Record<string, string>;
};
export type ClickOptions = {
  /** The option chosen, the person or date picked; for buttons: tells apart several with one action_id. */
  value?: FieldValue;
};

/** What people do with the app's commands, shortcuts, buttons and views. Throws AppDidNotRespond if it does not ack. */
export abstract class Interactions extends People {
  async slash(user: string, channel: string, command: string, text = ''): Promise<SlashAnswer> {
    const { world } = this;
    const where = world.channel(channel);
    const target: ResponseUrl = { at: world.now(), uses: 0, user, channel, ephemeral: true };
    const body = await this.courier.interaction('slash_commands', {
      token: 'verification-token',
      team_id: world.team.id,
      team_domain: world.team.domain,
      channel_id: channel,
      channel_name: { channel: where.name, group: 'privategroup', im: 'directmessage' }[where.kind],
      user_id: user,
      user_name: world.user(user).name,
      command,
      text: (this.options.slashEscape ?? true) ? typedCommand(world, text) : text,
      api_app_id: world.appId,
      is_enterprise_install: 'false',
      response_url: this.responseUrl(target),
      trigger_id: world.trigger(user),
    });
    return this.immediate(command, target, body);
  }

  async messageShortcut(user: string, channel: string, ts: string, callbackId: string): Promise<void> {
    const message = structuredClone(this.existing(channel, ts));
    const where = this.world.channel(channel);
    const thread = message.thread_ts ? { thread_ts: message.thread_ts } : {};
    const target: ResponseUrl = { at: this.world.now(), uses: 0, user, channel, ephemeral: true, ...thread };
    await this.courier.interaction('interactive', {
      ...this.who('message_action', user),
      action_ts: this.world.nextTs(),
      channel: this.channelStub(where),
      callback_id: callbackId,
      message_ts: ts,
      message,
      response_url: this.responseUrl(target),
    });
  }

  async globalShortcut(user: string, callbackId: string): Promise<void> {
    const payload = { ...this.who('shortcut', user), action_ts: this.world.nextTs(), callback_id: callbackId };
    await this.courier.interaction('interactive', payload);
  }

  /** Presses a button or picks from a menu on a message, also on an ephemeral one. Throws if it is not there. */
  async click(user: string, channel: string, ts: string, actionId: string, options: ClickOptions = {}): Promise<void> {
    const { world } = this;
    const where = world.channel(channel);
    const shown = world.ephemerals.find((e) => e.ts === ts && e.user === user && e.channel === channel);
    if (!shown && !where.members.has(user)) throw new Error(`slack emulator: ${user} is not in ${channel}`);
    const message = shown ?? this.existing(channel, ts);
    if (!shown && this.existing(channel, ts).bot_id !== world.bot.botId) {
      throw new Error('slack emulator: that message is not from the app');
    }
    const placed = pick(message.blocks ?? [], actionId, options);
    const { thread_ts } = message;
    const thread = thread_ts ? { thread_ts } : {};
    const ephemeral = shown !== undefined;
    const target: ResponseUrl = { at: world.now(), uses: 0, user, channel, ts, ephemeral, ...thread };
    await this.courier.interaction('interactive', {
      ...this.who('block_actions', user),
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: ephemeral, ...thread },
      channel: this.channelStub(where),
      // An ephemeral message is nowhere stored, so Slack cannot send it along.
      ...(shown ? {} : { message: structuredClone(this.existing(channel, ts)) }),
      state: { values: initialState(message.blocks ?? []) },
      response_url: this.responseUrl(target),
      actions: [this.action(placed, options)],
    });
  }

  async clickHome(user: string, actionId: string, options: ClickOptions = {}): Promise<void> {
    const view = this.world.homes.get(user);
    if (!view) throw new Error(`slack emulator: the app has published no home for ${user}`);
    await this.clickInView(user, view, actionId, options);
  }

  /** A button or a dispatching input in the modal the person has open. */
  async clickView(user: string, actionId: string, options: ClickOptions = {}): Promise<void> {
    await this.clickInView(user, this.topView(user), actionId, options);
  }

  async openHome(user: string, tab: 'home' | 'messages' = 'home'): Promise<void> {
    const view = this.world.homes.get(user);
    await this.event({
      type: 'app_home_opened',
      user,
      channel: this.world.im(user).id,
      tab,
      ...(tab === 'home' && view ? { view: structuredClone(view) } : {}),
      event_ts: this.world.nextTs(),
    });
  }

  /** Fills the open modal (keys: block_id or action_id; an option by its value) and presses its submit button. */
  async submitView(user: string, entries: Record<string, FieldValue> = {}): Promise<SubmitAnswer> {
    const view = this.topView(user);
    fillIn(view, entries);
    const missing = missingInputs(view);
    if (missing.length > 0) throw new Error(`slack emulator: required fields left empty: ${missing.join(', ')}`);
    if (!view.submit) throw new Error('slack emulator: the view has no submit button');
    const payload = { ...this.who('view_submission', user), view: structuredClone(view), response_urls: [] };
    const body = await this.courier.interaction('interactive', payload);
    return this.afterSubmit(user, view, isObject(body) ? body : {});
  }

  /** Presses Cancel (the top view) or the cross (all). The app hears of it only with notify_on_close. */
  async closeView(user: string, options: { all?: boolean } = {}): Promise<void> {
    const view = this.topView(user);
    const isCleared = (options.all ?? false) || view.clear_on_close;
    this.dismiss(user, isCleared);
    if (!view.notify_on_close) return;
    const payload = { ...this.who('view_closed', user), view: structuredClone(view), is_cleared: isCleared };
    await this.courier.interaction('interactive', payload);
  }

  private afterSubmit(user: string, view: SlackView, body: JsonObject): SubmitAnswer {
    const action = body.response_action;
    if (action === undefined) {
      // While the app was answering it may have put another view here by views.update: submitting closes it all the same.
      this.dismiss(user, false);
      return { action: 'close', errors: {} };
    }
    if (action === 'clear') {
      this.dismiss(user, true);
      return { action, errors: {} };
    }
    if (action === 'errors') return { action, errors: this.shownErrors(view, body.errors) };
    if (action !== 'update' && action !== 'push') {
      throw new Error(`slack emulator: unknown response_action ${String(action)}`);
    }
    if (!isObject(body.view)) throw new Error(`slack emulator: response_action ${action} without a view`);
    assertView(body.view);
    if (action === 'update') replaceView(this.world, view, body.view);
    else pushView(this.world, user, body.view);
    return { action, errors: {} };
  }

  /** Slack can show an error only under an input block; keyed by anything else it shows a connection problem. */
  private shownErrors(view: SlackView, errors: Json | undefined): Record<string, string> {
    if (!isObject(errors) || Object.keys(errors).length === 0) throw new Error('slack emulator: errors without any');
    const inputs = new Set(view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id));
    for (const id of Object.keys(errors)) {
      if (!inputs.has(id)) throw new Error(`slack emulator: errors for ${id}, which is no input block of the view`);
    }
    return Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, String(text)]));
  }

  private immediate(command: string, target: ResponseUrl, body: Json | undefined): SlashAnswer {
    const said: JsonObject = typeof body === 'string' ? { text: body } : isObject(body) ? body : {};
    const response_type = said.response_type === 'in_channel' ? 'in_channel' : 'ephemeral';
    const blocks = Array.isArray(said.blocks) ? (said.blocks as Block[]) : [];
    const text = typeof said.text === 'string' ? said.text : '';
    if (text === '' && blocks.length === 0) return { text, blocks, response_type };
    try {
      const ts = deliverResponse(this.api.context, target, said);
      return { text, blocks, response_type, ...(ts ? { ts } : {}) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new Error(`slack emulator: bad answer to ${command}: ${error.code} ${JSON.stringify(error.extra)}`);
    }
  }

  private async clickInView(user: string, view: SlackView, actionId: string, options: ClickOptions): Promise<void> {
    const placed = pick(view.blocks, actionId, options);
    const action = this.action(placed, options);
    if (placed.element.type !== 'button' && placed.element.type !== 'overflow') {
      fillIn(view, { [actionId]: options.value ?? null });
    }
    await this.courier.interaction('interactive', {
      ...this.who('block_actions', user),
      container: { type: 'view', view_id: view.id },
      view: structuredClone(view),
      actions: [action],
    });
  }

  private action({ block, element }: Placed, { value }: ClickOptions): JsonObject {
    const common = { block_id: block.block_id, action_id: element.action_id, action_ts: this.world.nextTs() };
    if (element.type === 'button' || element.type === 'workflow_button') {
      const { text, value: own, style, url } = element;
      return {
        ...common,
        type: element.type,
        text,
        ...(JSON.parse(JSON.stringify({ value: own, style, url })) as JsonObject),
      };
    }
    return { ...common, ...answer(element, value ?? null) };
  }

  private who(type: string, user: string): JsonObject {
    const { name, teamId } = this.world.user(user);
    return {
      type,
      team: { id: this.world.team.id, domain: this.world.team.domain },
      user: { id: user, username: name, name, team_id: teamId ?? this.world.team.id },
      api_app_id: this.world.appId,
      token: 'verification-token',
      trigger_id: this.world.trigger(user),
      enterprise: null,
      is_enterprise_install: false,
    };
  }

  private channelStub(channel: SlackChannel): JsonObject {
    return { id: channel.id, name: { channel: channel.name, group: channel.name, im: 'directmessage' }[channel.kind] };
  }

  private responseUrl(target: ResponseUrl): string {
    const id = this.world.id('R');
    this.world.responseUrls.set(id, target);
    return `${this.api.origin}/response/${id}`;
  }

  private topView(user: string): SlackView {
    const view = this.world.modals.get(user)?.at(-1);
    if (!view) throw new Error(`slack emulator: ${user} has no modal open`);
    return view;
  }

  private dismiss(user: string, all: boolean): void {
    const stack = this.world.modals.get(user) ?? [];
    stack.splice(all ? 0 : -1);
    if (stack.length === 0) this.world.modals.delete(user);
    this.world.changed();
  }
}

function pick(blocks: readonly Block[], actionId: string, { value }: ClickOptions): Placed {
  const placed = interactiveElements(blocks);
  const named = placed.filter(({ element }) => element.action_id === actionId);
  const exact = named.filter(
    ({ element }) => element.type !== 'button' || value === undefined || element.value === value,
  );
  const [only] = exact;
  if (only && exact.length === 1) return only;
  const offered = placed.map((p) => `${p.element.action_id}${p.element.value ? `=${String(p.element.value)}` : ''}`);
  const problem = exact.length > 1 ? 'several elements' : 'no element';
  throw new Error(`slack emulator: ${problem} ${actionId} there; offered: ${offered.join(', ') || 'nothing'}`);
}
