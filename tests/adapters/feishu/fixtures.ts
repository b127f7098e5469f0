import type { Self } from '../../../src/adapters/feishu/inbound.ts';
import type { Raw } from '../../../src/adapters/raw.ts';

/** Builders of what Feishu sends: the shapes are Feishu's (its documents, and a log of the long connection of 2026), the content is ours. */

export const SELF: Self = { openId: 'ou_bot', appId: 'cli_a000000000000001', tenantKey: 'home' };
export const NOW = 1_763_350_000_000;
export const SAID_AT = 1_763_349_990_123;
export const CHAT = 'oc_acme';

let count = 0;

export const header = (type: string, more: Raw = {}): Raw => ({
  event_id: `ev${(count += 1)}`,
  // Empty on the long connection.
  token: '',
  create_time: '1763349991000',
  event_type: type,
  tenant_key: 'home',
  app_id: SELF.appId,
  ...more,
});

export const envelope = (type: string, event: Raw, more: Raw = {}): Raw => ({
  schema: '2.0',
  header: header(type, more),
  event,
});

export const person = (openId: string): Raw => ({ union_id: `on_${openId}`, user_id: '', open_id: openId });

/** As an event names somebody. */
export const mention = (n: number, openId: string, name = 'Tom'): Raw => ({
  key: `@_user_${n}`,
  id: person(openId),
  mentioned_type: openId === SELF.openId ? 'bot' : 'user',
  name,
  tenant_key: 'home',
});

/** As the API names somebody. */
export const listedMention = (n: number, openId: string, name = 'Tom'): Raw => ({
  key: `@_user_${n}`,
  id: openId,
  id_type: 'open_id',
  name,
  tenant_key: 'home',
});

/** `im.message.receive_v1` of Lin in the group of ACME. */
export const posted = (message: Raw = {}, sender: Raw = {}, head: Raw = {}): Raw =>
  envelope(
    'im.message.receive_v1',
    {
      sender: { sender_id: person('ou_lin'), sender_type: 'user', tenant_key: 'home', ...sender },
      message: {
        message_id: 'om_1',
        create_time: String(SAID_AT),
        update_time: String(SAID_AT),
        chat_id: CHAT,
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: 'orders fail' }),
        user_agent: 'Mozilla/5.0 Lark/7.64.6',
        ...message,
      },
    },
    head,
  );

export const typed = (text: string, mentions: readonly Raw[] = []): Raw => ({
  content: JSON.stringify({ text }),
  ...(mentions.length === 0 ? {} : { mentions }),
});

/** The same message as the API has it. */
export const item = (more: Raw = {}, sender: Raw = {}): Raw => ({
  message_id: 'om_1',
  msg_type: 'text',
  create_time: String(SAID_AT),
  update_time: String(SAID_AT),
  deleted: false,
  updated: false,
  chat_id: CHAT,
  sender: { id: 'ou_lin', id_type: 'open_id', sender_type: 'user', tenant_key: 'home', ...sender },
  body: { content: JSON.stringify({ text: 'orders fail' }) },
  ...more,
});

/** A reaction names neither the chat nor itself. */
export const reacted = (type: 'created' | 'deleted', more: Raw = {}): Raw =>
  envelope(`im.message.reaction.${type}_v1`, {
    message_id: 'om_1',
    reaction_type: { emoji_type: 'OnIt' },
    operator_type: 'user',
    user_id: person('ou_wei'),
    action_time: '1763349995000',
    ...more,
  });

/** `card.action.trigger`: its times are microseconds, its token is one for the card. */
export const touched = (action: Raw, more: Raw = {}, head: Raw = {}): Raw =>
  envelope(
    'card.action.trigger',
    {
      operator: { tenant_key: 'home', ...person('ou_wei') },
      token: 'c-295eed59',
      action: { tag: 'button', timezone: 'Asia/Shanghai', ...action },
      host: 'im_message',
      context: { open_message_id: 'om_card', open_chat_id: CHAT },
      ...more,
    },
    { create_time: '1763349996000000', token: 'tok', ...head },
  );

/** What the documents show of a rich text as it is received. */
export const POST: Raw = {
  title: '我是一个标题',
  content: [
    [
      { tag: 'text', text: '第一行 :', style: ['bold', 'underline'] },
      { tag: 'a', href: 'http://www.feishu.cn', text: '超链接', style: ['bold', 'italic'] },
      { tag: 'at', user_id: '@_user_1', user_name: '', style: [] },
    ],
    [{ tag: 'img', image_key: 'img_1' }],
    [
      { tag: 'text', text: '第二行:', style: ['bold', 'underline'] },
      { tag: 'text', text: '文本测试', style: [] },
    ],
    [{ tag: 'img', image_key: 'img_1' }],
    [{ tag: 'media', file_key: 'file_v2_1', image_key: 'img_cover' }],
    [{ tag: 'emotion', emoji_type: 'SMILE' }],
    [{ tag: 'hr' }],
    [{ tag: 'code_block', language: 'GO', text: 'func main() int64 {\n    return 0\n}' }],
  ],
};
