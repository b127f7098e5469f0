import { BadAnswer, cardAnswer, codeOfSilence } from './cardAnswer.ts';
import type { CardAnswer } from './cardAnswer.ts';
import { behaviour, placed, plain, valueOf } from './cardRead.ts';
import type { Placed } from './cardRead.ts';
import { idsOf } from './events.ts';
import { formValue } from './formValue.ts';
import type { FieldValue } from './formValue.ts';
import { People } from './people.ts';
import type { JsonObject, Message } from './types.ts';

/** By its text, by its name, or by some of what it carries. */
export type WhichButton = string | JsonObject;
/** What the app answered at once; the toast is also in `toasts`, the card also shown. */
export type Pressed = CardAnswer & { token: string };

const fourteenDays = 14 * 24 * 3_600_000;

/** The app did not answer a card callback, or not well: the person is shown a red line, and nothing comes again. */
export class AppDidNotAnswer extends Error {
  readonly code: number;
  constructor(code: number, why: string) {
    super(`The app did not answer the card callback: ${code} ${why}`);
    this.name = 'AppDidNotAnswer';
    this.code = code;
  }
}

/** What people do with the app's cards. Throws AppDidNotAnswer. */
export abstract class Presses extends People {
  async presses(person: string, message: string, button: WhichButton): Promise<Pressed> {
    const card = this.pressable(person, message);
    const { element, form } = this.button(card, button);
    if (form && element.form_action_type === 'submit') return await this.submits(person, message, {}, button);
    if (!behaviour(element, 'callback') && element.value === undefined) {
      throw new Error(`feishu emulator: ${label(element)} calls nobody back`);
    }
    return await this.callsBack(person, card, { value: valueOf(element), ...common(element) });
  }

  /** Fills in the form of a card (by the fields' names; a person by key) and submits it. Without `button`: its only one. */
  async submits(
    person: string,
    message: string,
    values: Record<string, FieldValue>,
    button?: WhichButton,
  ): Promise<Pressed> {
    const card = this.pressable(person, message);
    const all = placed(JSON.parse(card.content) as JsonObject);
    const submit = button === undefined ? theOne(all.filter(isSubmit), 'submit button') : this.button(card, button);
    const { form } = submit;
    if (!form) throw new Error('feishu emulator: that button is in no form');
    const fields = all.filter((one) => one.form === form && one.element.tag !== 'button').map(({ element }) => element);
    const form_value = formValue(fields, values, (key) => this.openId(key, senderApp(card)));
    const value = valueOf(submit.element);
    const more = Object.keys(value).length === 0 ? {} : { value };
    return await this.callsBack(person, card, { ...more, ...common(submit.element), form_value });
  }

  /** Chooses from a menu that stands outside a form. */
  async picks(person: string, message: string, menu: string, option: string): Promise<Pressed> {
    const card = this.pressable(person, message);
    const menus = placed(JSON.parse(card.content) as JsonObject).filter(
      ({ element, form }) =>
        !form && String(element.tag).startsWith('select') && [element.name, plain(element.placeholder)].includes(menu),
    );
    const { element } = theOne(menus, `menu ${menu}`);
    return await this.callsBack(person, card, { value: valueOf(element), ...common(element), option });
  }

  private pressable(person: string, id: string): Message {
    const message = this.world.message(id);
    this.present(person, message.chat);
    if (message.type !== 'interactive' || message.recalled)
      throw new Error(`feishu emulator: ${id} is no card, or recalled`);
    if (this.world.now() - message.createdAt > fourteenDays) {
      throw new Error('feishu emulator: a card is dead after 14 days');
    }
    return message;
  }

  private button(card: Message, which: WhichButton): Placed {
    const buttons = placed(JSON.parse(card.content) as JsonObject).filter(({ element }) => element.tag === 'button');
    const fits = ({ element }: Placed): boolean => {
      if (typeof which === 'string') return label(element) === which || element.name === which;
      const value = valueOf(element);
      return Object.entries(which).every(([key, wanted]) => JSON.stringify(value[key]) === JSON.stringify(wanted));
    };
    const names = buttons.map(({ element }) => label(element)).join(', ');
    const found = theOne(buttons.filter(fits), `button ${JSON.stringify(which)} among ${names}`);
    if (found.element.disabled === true) throw new Error(`feishu emulator: ${label(found.element)} is disabled`);
    return found;
  }

  private async callsBack(person: string, message: Message, action: JsonObject): Promise<Pressed> {
    const { world } = this;
    const app = world.app(senderApp(message));
    const token = world.id('c-', 40);
    if (!app.published || !app.subscriptions.has('card.action.trigger')) {
      throw this.redLine(person, message.id, 200340, 'card callbacks are not configured');
    }
    world.cardTokens.set(token, { app: app.id, message: message.id, at: world.now(), uses: 0, answered: false });
    const event = {
      operator: { tenant_key: world.person(person).tenantKey, ...idsOf(world, app, { kind: 'person', key: person }) },
      token,
      action: { ...action, timezone: 'Asia/Shanghai' },
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chat },
    };
    const payload = this.courier.envelope(app, 'card.action.trigger', event, `${world.now()}000`);
    const outcome = await this.courier.callback(app, payload);
    if (!outcome.acked) throw this.redLine(person, message.id, codeOfSilence[outcome.reason], outcome.reason);
    const used = world.cardTokens.get(token);
    if (used) used.answered = true;
    // A handler on the long connection that returns nothing acknowledges without data: the same as `{}`.
    const body = app.delivery === 'socket' && outcome.body === '' ? '{}' : outcome.body;
    try {
      const answer = cardAnswer(body);
      this.show(person, message, answer);
      return { ...answer, token };
    } catch (error) {
      if (error instanceof BadAnswer) throw this.redLine(person, message.id, error.code, error.message);
      throw error;
    }
  }

  private show(person: string, message: Message, { toast, card }: CardAnswer): void {
    const { world } = this;
    if (toast) world.toasts.push({ person, message: message.id, ...toast, at: world.now() });
    if (card) {
      const content = JSON.stringify(card);
      Object.assign(message, { content, updatedAt: world.now(), edits: message.edits + 1 });
    }
    world.changed();
  }

  private redLine(person: string, message: string, code: number, why: string): AppDidNotAnswer {
    const toast = { person, message, type: 'system', content: `出错了，请稍后重试 code: ${code}`, code } as const;
    this.world.toasts.push({ ...toast, at: this.world.now() });
    this.world.changed();
    return new AppDidNotAnswer(code, why);
  }
}

const label = (element: JsonObject): string => plain(element.text);

const common = ({ tag, name }: JsonObject): JsonObject => ({ tag, ...(name === undefined ? {} : { name }) });

const isSubmit = ({ element, form }: Placed): boolean => form !== undefined && element.form_action_type === 'submit';

function senderApp({ sender }: Message): string {
  if (sender.kind === 'app') return sender.id;
  throw new Error('feishu emulator: a person has sent that card');
}

function theOne(found: readonly Placed[], what: string): Placed {
  const [first] = found;
  if (first && found.length === 1) return first;
  throw new Error(`feishu emulator: ${found.length === 0 ? 'no' : `${found.length} times`} ${what}`);
}
