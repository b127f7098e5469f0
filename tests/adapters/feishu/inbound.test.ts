import { describe, expect, it } from 'vitest';
import { inbound, type Read, type Self } from '../../../src/adapters/feishu/inbound.ts';
import { historyMessage, listedMessage, threadOfItem } from '../../../src/adapters/feishu/inbound-message.ts';
import type { ChatEvent } from '../../../src/conversations/platform.ts';
import type { Raw } from '../../../src/adapters/raw.ts';
import {
  CHAT,
  envelope,
  item,
  listedMention,
  mention,
  NOW,
  person,
  POST,
  posted,
  reacted,
  SAID_AT,
  SELF,
  touched,
  typed,
} from './fixtures.ts';

const read = (payload: Raw, self: Self = SELF): Read => inbound(payload, self, NOW);

const event = (payload: Raw, self: Self = SELF): ChatEvent => {
  const found = read(payload, self);
  if (found?.kind !== 'event') throw new Error(`no event, but ${JSON.stringify(found)}`);
  return found.event;
};

const idOf = (payload: Raw): string => read(payload)!.event.id;

describe('messages', () => {
  it('a message of a person begins its own thread', () => {
    expect(read(posted())).toEqual({
      kind: 'event',
      event: {
        id: 'feishu:msg:om_1',
        platform: 'feishu',
        at: SAID_AT,
        type: 'message',
        chat: CHAT,
        thread: 'om_1',
        message: 'om_1',
        user: 'ou_lin',
        text: 'orders fail',
        mentions: [],
        addressed: false,
        direct: false,
        attachments: [],
      },
    });
  });

  it('3.1: a reply belongs to the thread of its root, not of its parent or its topic', () => {
    const reply = { message_id: 'om_2', root_id: 'om_1', parent_id: 'om_9', thread_id: 'omt_1' };
    expect(event(posted(reply))).toMatchObject({ thread: 'om_1', message: 'om_2' });
  });

  it('3.1: a message is known by its message_id, under whatever event id it comes', () => {
    expect(idOf(posted({}, {}, { event_id: 'a' }))).toBe(idOf(posted({}, {}, { event_id: 'b' })));
    expect(idOf(posted())).not.toBe(idOf(posted({ message_id: 'om_2' })));
  });

  it('a word to the bot', () => {
    const said = typed('@_user_1 转派 @_user_2 ', [mention(1, 'ou_bot', 'ITR'), mention(2, 'ou_wei', '魏伟')]);
    expect(event(posted(said))).toMatchObject({ text: '转派 @ou_wei', mentions: ['ou_wei'], addressed: true });
  });

  it('3.1: @all addresses nobody', () => {
    expect(event(posted(typed('@_all 请注意')))).toMatchObject({
      text: '@all 请注意',
      mentions: [],
      addressed: false,
    });
  });

  it('a direct message addresses the bot', () => {
    expect(event(posted({ chat_type: 'p2p' }))).toMatchObject({ direct: true, addressed: true });
  });

  it.each<[string, Raw]>([
    ['missing', { union_id: 'on_1', open_id: 'ou_lin' }],
    ['empty', { union_id: 'on_1', user_id: '', open_id: 'ou_lin' }],
  ])('3.1: the user_id may be %s', (_, sender_id) => {
    expect(event(posted({}, { sender_id }))).toMatchObject({ user: 'ou_lin' });
  });

  it('somebody of another organization is external', () => {
    expect(event(posted({}, { tenant_key: 'guest' }))).toMatchObject({ external: true });
    expect(event(posted())).not.toHaveProperty('external');
    expect(event(posted({}, { tenant_key: undefined }))).not.toHaveProperty('external');
    expect(event(posted({}, { tenant_key: 'guest' }, { tenant_key: undefined }))).toMatchObject({ external: true });
  });

  it('a file comes without words', () => {
    const file = { message_type: 'file', content: JSON.stringify({ file_key: 'f_1', file_name: 'log.txt' }) };
    expect(event(posted(file))).toMatchObject({
      text: '',
      attachments: [{ id: 'f_1', name: 'log.txt', url: null, mime: 'text/plain', bytes: null }],
    });
  });

  it('a rich text comes with its pictures', () => {
    const post = { message_type: 'post', content: JSON.stringify(POST), mentions: [mention(1, 'ou_bot')] };
    expect(event(posted(post))).toMatchObject({
      text: expect.stringMatching(/^我是一个标题\n第一行 :超链接 \(http:\/\/www\.feishu\.cn\)\n/) as string,
      addressed: true,
      attachments: [{ id: 'img_1' }, { id: 'file_v2_1' }],
    });
  });

  it('what was forwarded in one is still to be fetched', () => {
    const forwarded = { message_type: 'merge_forward', content: 'Merged and Forwarded Message' };
    expect(read(posted(forwarded))).toMatchObject({
      kind: 'forwarded',
      event: { id: 'feishu:msg:om_1', type: 'message', text: '[merge_forward]' },
    });
  });

  it('without a time of its own it is as old as its envelope, else as its arrival', () => {
    expect(event(posted({ create_time: undefined })).at).toBe(1_763_349_991_000);
    expect(event(posted({ create_time: 'soon' }, {}, { create_time: undefined })).at).toBe(NOW);
  });

  it.each<[string, Raw]>([
    ['our own', posted({}, { sender_id: person('ou_bot') })],
    ['a bot', posted({}, { sender_type: 'bot' })],
    ['an app', posted({}, { sender_type: 'app' })],
    ['nobody', posted({}, { sender_id: undefined })],
    ['somebody without open_id', posted({}, { sender_id: { user_id: 'e33ggbyz', open_id: '' } })],
    ['without message_id', posted({ message_id: undefined })],
    ['without chat', posted({ chat_id: undefined })],
  ])('%s: not taken in', (_, payload) => {
    expect(read(payload)).toBeNull();
  });
});

describe('messages that were asked for', () => {
  it('one found by catching up is the very event that it would have come with', () => {
    const said = typed('@_user_1 转派 @_user_2', [mention(1, 'ou_bot'), mention(2, 'ou_wei')]);
    const live = event(posted({ ...said, root_id: 'om_0' }, { tenant_key: 'guest' }));
    const found = item(
      {
        root_id: 'om_0',
        body: { content: said['content'] },
        mentions: [listedMention(1, 'ou_bot'), listedMention(2, 'ou_wei')],
      },
      { tenant_key: 'guest' },
    );
    expect(listedMessage(found, CHAT, 'group', SELF)).toEqual(live);
    expect(listedMessage(item(), CHAT, 'p2p', SELF)).toEqual(event(posted({ chat_type: 'p2p' })));
  });

  it('in a chat of a kind that is not known it addresses nobody by being there', () => {
    expect(listedMessage(item(), CHAT, null, SELF)).toMatchObject({ direct: false, addressed: false });
  });

  it('history tells who said what, bots too', () => {
    expect(historyMessage(item(), SELF)).toEqual({
      message: 'om_1',
      user: 'ou_lin',
      at: SAID_AT,
      text: 'orders fail',
      mentions: [],
      attachments: [],
      isBot: false,
    });
    const bots = { id: SELF.appId, id_type: 'app_id', sender_type: 'app' };
    expect(historyMessage(item({}, bots), SELF)).toMatchObject({ user: SELF.appId, isBot: true });
    expect(listedMessage(item({}, bots), CHAT, 'group', SELF)).toBeNull();
  });

  it.each<[string, Raw]>([
    ['recalled', item({ deleted: true, body: { content: 'This message was recalled' } })],
    ['Feishu talking about the chat', item({ msg_type: 'system' })],
    ['without message_id', item({ message_id: undefined })],
    ['without a time', item({ create_time: undefined })],
  ])('%s: neither event nor history', (_, found) => {
    expect(listedMessage(found, CHAT, 'group', SELF)).toBeNull();
    expect(historyMessage(found, SELF)).toBeNull();
  });

  it('whose sender is asked for by another kind of id begins no event', () => {
    expect(listedMessage(item({}, { id: 'e33ggbyz', id_type: 'user_id' }), CHAT, 'group', SELF)).toBeNull();
    expect(listedMessage(item({}, { id: '', sender_type: 'anonymous' }), CHAT, 'group', SELF)).toBeNull();
  });

  it('the thread of one is its root', () => {
    expect(threadOfItem(item())).toBe('om_1');
    expect(threadOfItem(item({ root_id: 'om_0', parent_id: 'om_9' }))).toBe('om_0');
  });
});

describe('recalls', () => {
  const recalled = (more: Raw = {}, head: Raw = {}): Raw =>
    envelope(
      'im.message.recalled_v1',
      { message_id: 'om_1', chat_id: CHAT, recall_time: '1763349999000', recall_type: 'message_owner', ...more },
      head,
    );

  it('a recalled message is a deleted one, once', () => {
    expect(event(recalled())).toEqual({
      id: 'feishu:recalled:om_1',
      platform: 'feishu',
      at: 1_763_349_999_000,
      type: 'message_deleted',
      chat: CHAT,
      message: 'om_1',
    });
    expect(idOf(recalled({}, { event_id: 'a' }))).toBe(idOf(recalled({}, { event_id: 'b' })));
  });

  it('one that names no message is nothing', () => {
    expect(read(recalled({ message_id: '' }))).toBeNull();
  });
});

describe('reactions', () => {
  it('3.3: name no chat, so the event is not complete', () => {
    expect(read(reacted('created'))).toEqual({
      kind: 'unplaced',
      event: {
        id: 'feishu:reaction_added:om_1:ou_wei:OnIt:1763349995000',
        platform: 'feishu',
        at: 1_763_349_995_000,
        type: 'reaction_added',
        message: 'om_1',
        user: 'ou_wei',
        emoji: 'OnIt',
      },
    });
    expect(read(reacted('deleted'))).toMatchObject({ event: { type: 'reaction_removed' } });
  });

  it('3.3: have no id; message, person, emoji, time and kind tell them apart', () => {
    const all = [
      reacted('created'),
      reacted('deleted'),
      reacted('created', { message_id: 'om_2' }),
      reacted('created', { user_id: person('ou_mei') }),
      reacted('created', { reaction_type: { emoji_type: 'DONE' } }),
      reacted('created', { action_time: '1763349995001' }),
    ];
    expect(new Set(all.map(idOf)).size).toBe(all.length);
    expect(idOf(reacted('created'))).toBe(idOf(reacted('created')));
  });

  it.each(['DONE', 'Get', 'MeMeMe'])('3.3: the name keeps its case: %s', (emoji_type) => {
    expect(read(reacted('created', { reaction_type: { emoji_type } }))).toMatchObject({ event: { emoji: emoji_type } });
  });

  it.each<[string, Raw]>([
    ['3.3: of the bot itself', reacted('created', { operator_type: 'app', app_id: SELF.appId, user_id: undefined })],
    ['of the bot as a person', reacted('created', { user_id: person('ou_bot') })],
    ['of somebody without open_id', reacted('created', { user_id: { user_id: 'e33ggbyz', open_id: '' } })],
    ['to nothing', reacted('created', { message_id: undefined })],
    ['with nothing', reacted('created', { reaction_type: undefined })],
  ])('%s: not taken in', (_, payload) => {
    expect(read(payload)).toBeNull();
  });
});

describe('cards', () => {
  const button = { value: { a: 'claim', v: '42' } };

  it('a button; who answers and in which thread it stands the adapter knows', () => {
    expect(read(touched(button, {}, { event_id: 'f7984f25' }))).toEqual({
      kind: 'event',
      event: {
        id: 'feishu:f7984f25',
        platform: 'feishu',
        at: 1_763_349_996_000,
        type: 'button',
        chat: CHAT,
        thread: null,
        message: 'om_card',
        user: 'ou_wei',
        action: 'claim',
        value: '42',
        reply: null,
      },
    });
  });

  it('3.2: its time is in microseconds', () => {
    expect(event(touched(button)).at).toBe(1_763_349_996_000);
    expect(event(touched(button, {}, { create_time: '1763349996000' })).at).toBe(1_763_349_996_000);
  });

  it('3.2: the context may be missing', () => {
    expect(event(touched(button, { context: undefined }))).toMatchObject({ type: 'button', chat: null, message: null });
  });

  it('3.2: a user_id is no open_id: nobody known pressed it', () => {
    expect(read(touched(button, { operator: { open_id: '', user_id: 'e33ggbyz' } }))).toBeNull();
  });

  it('a form that was sent', () => {
    const submitted = event(
      touched({
        name: 'send',
        value: { f: 'resolve', c: '{"ticket":12}' },
        form_value: { solution: 'restarted', cause: 'configuration', who: ['ou_wei', 'ou_mei'] },
      }),
    );
    expect(submitted).toMatchObject({
      type: 'form',
      user: 'ou_wei',
      form: 'resolve',
      context: '{"ticket":12}',
      values: { solution: 'restarted', cause: 'configuration' },
    });
    expect(submitted).not.toHaveProperty('reply');
  });

  it('sent back for a mistake and sent again it is another event, delivered twice it is one', () => {
    expect(idOf(touched(button, {}, { event_id: 'a' }))).not.toBe(idOf(touched(button, {}, { event_id: 'b' })));
    expect(idOf(touched(button, {}, { event_id: 'a' }))).toBe(idOf(touched(button, {}, { event_id: 'a' })));
    expect(idOf(touched(button, {}, { event_id: undefined }))).toBe('feishu:c-295eed59');
  });

  it('a button of another card is none of ours', () => {
    expect(read(touched({ value: { key: 'value' } }))).toBeNull();
    expect(read(touched({ value: 'claim' }))).toBeNull();
  });
});

describe('1.3: the header is the header', () => {
  it('the token of a card is not the token of the callback', () => {
    const payload = touched({ value: { a: 'claim', v: '42' } }, { event_id: 'inner', create_time: '1' });
    const outer = { ...payload, header: { ...(payload['header'] as Raw), event_id: 'outer' } };
    expect(event(outer)).toMatchObject({ id: 'feishu:outer', at: 1_763_349_996_000 });
  });

  it('what stands in the event under the name of a header is not taken for it', () => {
    const inner = { tenant_key: 'guest', app_id: 'cli_other', event_type: 'im.chat.disbanded_v1', event_id: 'inner' };
    const payload = posted();
    const mixed = { ...payload, event: { ...(payload['event'] as Raw), ...inner } };
    expect(event(mixed)).toEqual(event(posted()));
    expect(read({ ...(mixed.event as Raw), event: mixed.event })).toBeNull();
  });
});

describe('the bot and its chats', () => {
  const changed = (type: string, more: Raw = {}): Raw =>
    envelope(type, {
      chat_id: CHAT,
      operator_id: person('ou_mei'),
      external: false,
      operator_tenant_key: 'home',
      name: 'ACME',
      ...more,
    });

  it.each<[string, Raw]>([
    ['im.chat.member.bot.added_v1', { type: 'bot_joined', chat: CHAT, by: 'ou_mei' }],
    ['im.chat.member.bot.deleted_v1', { type: 'bot_left', chat: CHAT, by: 'ou_mei' }],
    ['im.chat.disbanded_v1', { type: 'chat_closed', chat: CHAT }],
  ])('%s', (type, wanted) => {
    const payload = changed(type);
    const { event_id } = payload['header'] as Record<string, string>;
    const base = { id: `feishu:${event_id}`, platform: 'feishu', at: 1_763_349_991_000 };
    expect(event(payload)).toEqual({ ...base, ...wanted });
    expect(read(changed(type, { chat_id: undefined }))).toBeNull();
  });

  it('3.4: who let it in may be nobody known; the name is not believed', () => {
    const joined = event(changed('im.chat.member.bot.added_v1', { operator_id: undefined, name: 'ITR' }));
    expect(joined).toMatchObject({ type: 'bot_joined', by: null });
    expect(JSON.stringify(joined)).not.toContain('ITR');
  });

  const menu = (more: Raw = {}): Raw =>
    envelope('application.bot.menu_v6', {
      operator: { operator_name: '张三', operator_id: person('ou_wei') },
      event_key: 'mine',
      timestamp: 1_763_349_993,
      ...more,
    });

  it('3.4: the menu is a command without a chat, and its time a number of seconds', () => {
    expect(event(menu())).toMatchObject({
      at: 1_763_349_993_000,
      type: 'command',
      chat: '',
      user: 'ou_wei',
      text: 'mine',
      reply: null,
    });
    expect(event(menu({ event_key: 'duty db-l1' }))).toMatchObject({ text: 'duty db-l1' });
  });

  it('a menu that says nothing, or of nobody, is nothing', () => {
    expect(read(menu({ event_key: '' }))).toBeNull();
    expect(read(menu({ operator: {} }))).toBeNull();
  });

  it('3.4: who opens the conversation for the first time is told what the bot is for, once', () => {
    const entered = (more: Raw = {}): Raw =>
      envelope('im.chat.access_event.bot_p2p_chat_entered_v1', {
        chat_id: 'oc_p2p',
        operator_id: person('ou_wei'),
        ...more,
      });
    expect(event(entered())).toMatchObject({ type: 'command', chat: 'oc_p2p', user: 'ou_wei', text: 'help' });
    expect(idOf(entered())).toBe(idOf(entered()));
    expect(read(entered({ last_message_id: 'om_9', last_message_create_time: '1615380573411' }))).toBeNull();
  });

  it('a person who changed is asked for anew', () => {
    const changedPerson = envelope('contact.user.updated_v3', { object: { ...person('ou_wei'), name: '魏伟' } });
    expect(event(changedPerson)).toMatchObject({ type: 'person_changed', user: 'ou_wei' });
    expect(read(envelope('contact.user.updated_v3', { object: {} }))).toBeNull();
  });

  it.each(['im.message.message_read_v1', 'im.chat.member.user.added_v1', 'url.preview.get', 'x'])(
    '%s is none of our business',
    (type) => {
      expect(read(changed(type))).toBeNull();
    },
  );
});
