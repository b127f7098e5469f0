import { describe, expect, it } from 'vitest';
import { inbound, type Self } from '../../../src/adapters/slack/inbound.ts';
import type { Raw } from '../../../src/adapters/slack/payload.ts';
import { decodeReply } from '../../../src/adapters/slack/token.ts';
import { changed, envelope, NOW, posted, ROOT, SELF, TS } from './data.ts';

const read = (payload: Raw, self: Self = SELF) => inbound(payload, self, NOW);
const readEvent = (event: Raw, more: Raw = {}) => read(envelope(event, more));

describe('messages', () => {
  it('a message of a person begins its own thread', () => {
    expect(readEvent(posted())).toEqual({
      id: `slack:msg:C0ACME:${TS}`,
      platform: 'slack',
      at: 1_763_349_990_000,
      type: 'message',
      chat: 'C0ACME',
      thread: TS,
      message: TS,
      user: 'U0LIN',
      text: 'orders fail',
      mentions: [],
      addressed: false,
      direct: false,
      attachments: [],
    });
  });

  it('a reply belongs to the thread of its root', () => {
    expect(readEvent(posted({ thread_ts: ROOT, parent_user_id: 'U0WEI' }))).toMatchObject({
      thread: ROOT,
      message: TS,
    });
  });

  it('app_mention and message of one ts are one event', () => {
    const text = '<@U0BOT> 建单';
    const told = readEvent(posted({ text }));
    const mentioned = readEvent({
      type: 'app_mention',
      user: 'U0LIN',
      ts: TS,
      text,
      team: 'T0HOME',
      channel: 'C0ACME',
    });
    expect(mentioned).toEqual(told);
    expect(told).toMatchObject({ addressed: true, text: '建单', mentions: [] });
  });

  it('a broadcast reply has the id of the reply', () => {
    const reply = posted({ thread_ts: ROOT });
    const broadcast = posted({ subtype: 'thread_broadcast', thread_ts: ROOT, root: { ts: ROOT, reply_count: 1 } });
    expect(readEvent(broadcast)).toEqual(readEvent(reply));
  });

  it('a direct message addresses the bot', () => {
    const event = readEvent(posted({ channel: 'D0LIN', channel_type: 'im' }));
    expect(event).toMatchObject({ direct: true, addressed: true, chat: 'D0LIN' });
  });

  it('files come along, the stubs of a Slack Connect partner without an address', () => {
    const event = readEvent(
      posted({
        subtype: 'file_share',
        text: '',
        files: [
          { id: 'F1', name: 'log.txt', mimetype: 'text/plain', size: 12, url_private: 'https://files.slack.com/F1' },
          { id: 'F2', file_access: 'check_file_info' },
          { id: 'F3', mode: 'tombstone' },
        ],
      }),
    );
    expect(event).toMatchObject({
      text: '',
      attachments: [
        { id: 'F1', name: 'log.txt', url: 'https://files.slack.com/F1', mime: 'text/plain', bytes: 12 },
        { id: 'F2', name: 'F2', url: null, mime: null, bytes: null },
      ],
    });
  });

  it('a forwarded message brings its text along', () => {
    const event = readEvent(
      posted({ text: 'look', attachments: [{ is_share: true, text: 'it &lt;fails&gt;\nagain' }] }),
    );
    expect(event).toMatchObject({ text: 'look\n> it <fails>\n> again' });
  });

  it('somebody of another organization is external', () => {
    const shared = { is_ext_shared_channel: true, team_id: 'T0GUEST' };
    expect(readEvent(posted({ team: 'T0GUEST', user_team: 'T0GUEST' }), shared)).toMatchObject({ external: true });
    expect(readEvent(posted(), { is_ext_shared_channel: true })).not.toHaveProperty('external');
  });

  it('a sister workspace of the same Enterprise Grid is not external', () => {
    const more = { is_ext_shared_channel: true, team_id: 'T0SISTER', enterprise_id: 'E0US' };
    const event = read(envelope(posted({ team: 'T0SISTER' }), more), { ...SELF, enterpriseId: 'E0US' });
    expect(event).not.toHaveProperty('external');
  });

  it.each<[string, Raw]>([
    ['our own', posted({ user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0ITR' })],
    ['a modern bot: a user, a bot_id and no subtype', posted({ user: 'U0OTHER', bot_id: 'B0OTHER', bot_profile: {} })],
    ['a classic bot: no user', posted({ subtype: 'bot_message', user: undefined, username: 'ci', bot_id: 'B0CI' })],
    ['what our own response_url said', posted({ subtype: 'bot_message', user: undefined, bot_id: 'B0BOT' })],
    ['Slackbot', posted({ user: 'USLACKBOT' })],
    ['hidden', posted({ hidden: true })],
    ['ephemeral', posted({ is_ephemeral: true })],
    ['somebody joined', posted({ subtype: 'channel_join', text: '<@U0LIN> has joined the channel' })],
    ['the topic changed', posted({ subtype: 'channel_topic' })],
    ['archived, which has an event of its own', posted({ subtype: 'channel_archive' })],
    ['a reply was counted', posted({ subtype: 'message_replied' })],
    ['without ts', posted({ ts: undefined })],
    ['without user', posted({ user: undefined })],
    ['without channel', posted({ channel: undefined })],
  ])('%s: not taken in', (_, event) => {
    expect(readEvent(event)).toBeNull();
  });
});

describe('text', () => {
  it.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['ask <@U0WEI|wei> and <@U0MEI>', 'ask @U0WEI and @U0MEI'],
    ['see <#C0DB|duty-db> or <#C0X>', 'see #duty-db or #C0X'],
    ['<https://acme.example/a?b=1&amp;c=2>', 'https://acme.example/a?b=1&c=2'],
    ['<https://acme.example/a|the page>', 'the page (https://acme.example/a)'],
    ['<http://acme.example|acme.example>', 'acme.example'],
    ['<mailto:lin@acme.example|lin@acme.example>', 'lin@acme.example'],
    ['<!here> <!channel> <!subteam^S1|@db> <!subteam^S2>', '@here @channel @db @S2'],
    ['<!date^1763349990^{date}|17 Nov>', '17 Nov'],
    ['<@U0BOT>: 认领', '认领'],
    ['<@U0BOT>,转派 <@U0WEI>', '转派 @U0WEI'],
    ['please <@U0BOT> help', 'please help'],
    ['<@U0BOT>', ''],
    ['<', '<'],
  ])('%s reads %s', (wire, shown) => {
    expect(readEvent(posted({ text: wire }))).toMatchObject({ text: shown });
  });

  it('names whom it mentions once, and not the bot', () => {
    const event = readEvent(posted({ text: '<@U0BOT> <@U0WEI> <@U0MEI|mei> <@U0WEI>' }));
    expect(event).toMatchObject({ mentions: ['U0WEI', 'U0MEI'], addressed: true });
  });

  it('what only looks like a mention is text', () => {
    expect(readEvent(posted({ text: '&lt;@U0WEI&gt;' }))).toMatchObject({ text: '<@U0WEI>', mentions: [] });
  });
});

describe('edits and deletions', () => {
  it('an edit tells the new text and keeps the thread', () => {
    const event = changed(
      { text: 'all orders fail', thread_ts: ROOT, edited: { user: 'U0LIN', ts: '1763349995.000000' } },
      { text: 'orders fail', thread_ts: ROOT },
    );
    expect(read({ ...envelope(event), event_id: 'Ev7' })).toEqual({
      id: 'slack:Ev7',
      platform: 'slack',
      at: 1_763_349_995_000,
      type: 'message_edited',
      chat: 'C0ACME',
      thread: ROOT,
      message: TS,
      user: 'U0LIN',
      text: 'all orders fail',
    });
  });

  it('an old capture whose new message has no ts is known by the old one', () => {
    const event = {
      ...changed({ text: 'b' }, { text: 'a' }),
      message: { user: 'U0LIN', text: 'b', edited: { ts: '1' } },
    };
    expect(readEvent(event)).toMatchObject({ type: 'message_edited', message: TS });
  });

  it.each<[string, Raw]>([
    ['a link was unfurled', changed({ text: 'a', attachments: [{ from_url: 'https://x' }] }, { text: 'a' })],
    ['a reply was counted', changed({ text: 'a', reply_count: 2 }, { text: 'a', reply_count: 1 })],
    [
      'our own card',
      changed({ text: 'b', user: 'U0BOT', bot_id: 'B0BOT', app_id: 'A0ITR' }, { text: 'a', bot_id: 'B0BOT' }),
    ],
    [
      'our own, without a user',
      changed({ text: 'b', user: undefined, bot_id: 'B0BOT' }, { text: 'a', user: undefined }),
    ],
    ['another bot', changed({ text: 'b', user: 'U0X', bot_id: 'B0X' }, { text: 'a' })],
    ['no change that can be seen', changed({ text: 'a' })],
  ])('%s: no edit', (_, event) => {
    expect(readEvent(event)).toBeNull();
  });

  it('the first reply to a message sent to the channel later is still no edit', () => {
    expect(readEvent(changed({ text: 'a', subtype: 'thread_broadcast' }, { text: 'a' }))).toBeNull();
  });

  it('a deletion names the message', () => {
    const event = {
      type: 'message',
      subtype: 'message_deleted',
      hidden: true,
      channel: 'C0ACME',
      ts: '1763349999.000100',
      deleted_ts: TS,
      previous_message: { user: 'U0LIN', text: 'orders fail', ts: TS },
    };
    expect(readEvent(event)).toMatchObject({ type: 'message_deleted', chat: 'C0ACME', message: TS });
    expect(readEvent({ ...event, previous_message: { bot_id: 'B0BOT', ts: TS } })).toBeNull();
  });

  it('a tombstone is the deletion of a root with replies', () => {
    const event = changed(
      { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' },
      { text: 'a' },
    );
    expect(readEvent(event)).toMatchObject({ type: 'message_deleted', message: TS });
  });
});

describe('reactions', () => {
  const reaction = (more: Raw = {}): Raw => ({
    type: 'reaction_added',
    user: 'U0WEI',
    reaction: 'eyes',
    item: { type: 'message', channel: 'C0ACME', ts: TS },
    ...more,
  });

  it('names message and emoji', () => {
    expect(readEvent(reaction())).toMatchObject({ type: 'reaction_added', chat: 'C0ACME', message: TS, emoji: 'eyes' });
    expect(readEvent(reaction({ type: 'reaction_removed' }))).toMatchObject({ type: 'reaction_removed' });
  });

  it('loses the skin tone', () => {
    expect(readEvent(reaction({ reaction: 'raising_hand::skin-tone-4' }))).toMatchObject({ emoji: 'raising_hand' });
  });

  it('on a file, or by the bot: none', () => {
    expect(readEvent(reaction({ item: { type: 'file', file: 'F1' } }))).toBeNull();
    expect(readEvent(reaction({ user: 'U0BOT' }))).toBeNull();
  });

  it('before the bot knows itself, the envelope says who it is', () => {
    const unknown: Self = { teamId: null, enterpriseId: null, botUserId: null };
    expect(read(envelope(reaction({ user: 'U0BOT' })), unknown)).toBeNull();
    expect(read(envelope(posted({ text: '<@U0BOT> hi' })), unknown)).toMatchObject({ addressed: true, text: 'hi' });
  });

  it('in a Slack Connect channel the installed workspace is the authorized one', () => {
    const payload = envelope(reaction(), { team_id: 'T0SENDER', enterprise_id: 'E0SENDER' });
    expect(read(payload)).toMatchObject({ type: 'reaction_added', user: 'U0WEI' });
  });
});

describe('the rest of the workspace', () => {
  it.each<[string, Raw, Raw | null]>([
    ['home tab', { type: 'app_home_opened', user: 'U0LIN', tab: 'home' }, { type: 'home_opened', user: 'U0LIN' }],
    ['messages tab', { type: 'app_home_opened', user: 'U0LIN', tab: 'messages' }, null],
    [
      'the bot was invited',
      { type: 'member_joined_channel', user: 'U0BOT', channel: 'C1', inviter: 'U0LIN' },
      { type: 'bot_joined', chat: 'C1', by: 'U0LIN' },
    ],
    ['somebody else joined', { type: 'member_joined_channel', user: 'U0LIN', channel: 'C1' }, null],
    ['the bot left', { type: 'member_left_channel', user: 'U0BOT', channel: 'C1' }, { type: 'bot_left', chat: 'C1' }],
    ['the bot was removed', { type: 'channel_left', channel: 'C1', actor_id: 'U9' }, { type: 'bot_left', by: 'U9' }],
    ['archived', { type: 'channel_archive', channel: 'C1', user: 'U9' }, { type: 'chat_closed', chat: 'C1' }],
    ['private archived', { type: 'group_archive', channel: 'G1' }, { type: 'chat_closed', chat: 'G1' }],
    ['deleted', { type: 'channel_deleted', channel: 'C1' }, { type: 'chat_closed', chat: 'C1' }],
    ['unarchived', { type: 'channel_unarchive', channel: 'C1' }, { type: 'chat_reopened', chat: 'C1' }],
    [
      'a new id',
      { type: 'channel_id_changed', old_channel_id: 'G1', new_channel_id: 'C1' },
      { type: 'chat_moved', chat: 'G1', to: 'C1' },
    ],
    ['renamed: the name is asked for anyway', { type: 'channel_rename', channel: { id: 'C1', name: 'x' } }, null],
    ['a person changed', { type: 'user_change', user: { id: 'U0LIN' } }, { type: 'person_changed', user: 'U0LIN' }],
    [
      'our token revoked',
      { type: 'tokens_revoked', tokens: { bot: ['U0BOT'] } },
      { type: 'platform_trouble', trouble: 'access_revoked' },
    ],
    ['some person’s token revoked', { type: 'tokens_revoked', tokens: { oauth: ['U1'] } }, null],
    ['uninstalled', { type: 'app_uninstalled' }, { type: 'platform_trouble', trouble: 'uninstalled' }],
    ['what we did not ask for', { type: 'pin_added', user: 'U1' }, null],
    ['no type', {}, null],
  ])('%s', (_, event, expected) => {
    const read = readEvent(event);
    if (expected === null) expect(read).toBeNull();
    else expect(read).toMatchObject(expected);
  });

  it('held back for too many events: said without an event inside', () => {
    const told = {
      type: 'app_rate_limited',
      team_id: 'T0HOME',
      minute_rate_limited: 1_763_349_960,
      api_app_id: 'A0ITR',
    };
    expect(read(told)).toMatchObject({ type: 'platform_trouble', trouble: 'rate_limited', at: 1_763_349_960_000 });
    expect(read(told)?.id).toBe(read(told)?.id);
  });

  it.each<[string, Raw]>([
    ['nothing', {}],
    ['an event that is none', { type: 'event_callback', event: 'x' }],
    ['lists for objects', { type: 'event_callback', event_id: 'Ev1', event: { type: 'reaction_added', item: [] } }],
    ['actions that are none', { type: 'block_actions', user: { id: 'U1' }, actions: 'x' }],
    ['a form without a view', { type: 'view_submission', user: { id: 'U1' } }],
  ])('%s: not understood, and no error', (_, payload) => {
    expect(read(payload)).toBeNull();
  });
});

describe('interactions', () => {
  const pressed = (more: Raw = {}): Raw => ({
    type: 'block_actions',
    user: { id: 'U0WEI', team_id: 'T0HOME' },
    container: { type: 'message', message_ts: TS, channel_id: 'C0DB', is_ephemeral: false, thread_ts: ROOT },
    channel: { id: 'C0DB' },
    message: { ts: TS, thread_ts: ROOT, bot_id: 'B0BOT' },
    trigger_id: '1.2.abc',
    response_url: 'https://hooks.slack.com/actions/T/1/x',
    actions: [{ type: 'button', action_id: 'claim', block_id: 'b', value: '128', action_ts: '1763350000.100000' }],
    ...more,
  });

  it('a button tells where it stood, what it means, and how to answer', () => {
    const event = read(pressed());
    expect(event).toMatchObject({
      id: 'slack:action:U0WEI:1763350000.100000:claim',
      type: 'button',
      chat: 'C0DB',
      thread: ROOT,
      message: TS,
      user: 'U0WEI',
      action: 'claim',
      value: '128',
    });
    expect(event?.type === 'button' && event.reply !== null && decodeReply(event.reply)).toEqual({
      trigger: '1.2.abc',
      url: 'https://hooks.slack.com/actions/T/1/x',
      chat: 'C0DB',
      thread: ROOT,
      user: 'U0WEI',
      at: NOW,
    });
  });

  it('the number that keeps two equal buttons apart is no part of the action', () => {
    const actions = [{ type: 'button', action_id: 'claim#2', value: '7', action_ts: '1763350000.1' }];
    expect(read(pressed({ actions }))).toMatchObject({ action: 'claim', value: '7' });
  });

  it('a button on a message that only one person saw stands on no message', () => {
    const container = { type: 'message', message_ts: TS, channel_id: 'C0DB', is_ephemeral: true };
    expect(read(pressed({ container, message: undefined }))).toMatchObject({
      chat: 'C0DB',
      thread: null,
      message: null,
    });
  });

  it('a button of the home page stands in no chat', () => {
    const home = pressed({
      container: { type: 'view', view_id: 'V1' },
      channel: undefined,
      message: undefined,
      response_url: undefined,
    });
    expect(read(home)).toMatchObject({ type: 'button', chat: null, thread: null, message: null });
  });

  it('a button that opened a page means nothing', () => {
    const actions = [{ type: 'button', action_id: 'open-page', url: 'https://x', action_ts: '1763350000.1' }];
    expect(read(pressed({ actions }))).toBeNull();
  });

  it('a slash command comes with escaped names', () => {
    const command = {
      command: '/itr',
      text: 'transfer 128 <@U0MEI|mei> &amp; tell <#C0DB|duty-db>',
      user_id: 'U0WEI',
      channel_id: 'C0DB',
      trigger_id: '9.9.z',
      response_url: 'https://hooks.slack.com/commands/T/1/x',
      is_enterprise_install: 'false',
    };
    expect(read(command)).toMatchObject({
      id: 'slack:command:9.9.z',
      type: 'command',
      chat: 'C0DB',
      user: 'U0WEI',
      text: 'transfer 128 @U0MEI & tell #duty-db',
      at: NOW,
    });
  });

  it('the message shortcut captures the thread of its message', () => {
    const shortcut = {
      type: 'message_action',
      callback_id: 'create_ticket',
      user: { id: 'U0LIN' },
      channel: { id: 'C0ACME' },
      message_ts: TS,
      message: { ts: TS, thread_ts: ROOT },
      trigger_id: '5.5.q',
      action_ts: '1763350000.5',
    };
    expect(read(shortcut)).toMatchObject({
      type: 'capture',
      id: 'slack:capture:5.5.q',
      chat: 'C0ACME',
      thread: ROOT,
      message: TS,
    });
    expect(read({ ...shortcut, callback_id: 'other' })).toBeNull();
  });

  it('the global shortcut is a button that stands nowhere', () => {
    const shortcut = { type: 'shortcut', callback_id: 'new_ticket', user: { id: 'U0LIN' }, trigger_id: '5.6.q' };
    expect(read(shortcut)).toMatchObject({ type: 'button', chat: null, action: 'form:new', value: '' });
  });

  const form = (title: string | null): Raw => ({
    type: 'view_submission',
    user: { id: 'U0LIN' },
    trigger_id: '6.6.q',
    view: {
      id: 'V1',
      hash: '17.abc',
      callback_id: 'intake',
      private_metadata: 'ticket:128',
      state: {
        values: {
          title: { value: { type: 'plain_text_input', value: title } },
          severity: { value: { type: 'static_select', selected_option: { value: 'S2' } } },
          site: { value: { type: 'static_select', selected_option: null } },
        },
      },
    },
  });

  it('a form brings its context and all its inputs, the empty ones as empty', () => {
    expect(read(form('down'))).toMatchObject({
      type: 'form',
      form: 'intake',
      context: 'ticket:128',
      values: { title: 'down', severity: 'S2', site: '' },
    });
  });

  it('a form sent again with the same answers is the same event; with other answers, after a mistake, another', () => {
    expect(read(form('down'))?.id).toBe(read({ ...form('down'), trigger_id: '7' })?.id);
    expect(read(form('down'))?.id).not.toBe(read(form(null))?.id);
  });

  it('view_closed and options are nobody’s business', () => {
    expect(read({ type: 'view_closed', user: { id: 'U1' }, view: { id: 'V1' } })).toBeNull();
    expect(read({ type: 'block_suggestion', user: { id: 'U1' } })).toBeNull();
  });
});
