import { removeMessage } from './api/chat.ts';
import { memberEvent } from './api/conversations.ts';
import { addReaction, removeReaction } from './api/items.ts';
import { userJson, usergroupJson } from './api/people.ts';
import * as events from './events.ts';
import { Stage } from './stage.ts';
import { fromApp, richText, typed } from './text.ts';
import type {
  Block,
  Delivery,
  JsonObject,
  NewChannel,
  NewFile,
  NewUser,
  SlackChannel,
  SlackFile,
  SlackMessage,
  SlackUser,
  Usergroup,
} from './types.ts';

export type PostOptions = {
  thread_ts?: string;
  files?: NewFile[];
  /** "Also send to channel". */
  broadcast?: boolean;
  /** For users with isBot: other apps post blocks and attachments. */
  blocks?: Block[];
  attachments?: JsonObject[];
};
export type Posted = { ts: string; deliveries: Delivery[] };

/** What people (and other apps) do with messages and channels. Each resolves once the app has had its first chance. */
export abstract class People extends Stage {
  addUser(user: NewUser): SlackUser {
    return this.world.addUser(user);
  }

  addChannel(channel: NewChannel): SlackChannel {
    return this.world.addChannel(channel);
  }

  addUsergroup(group: { id: string; handle: string; name?: string; users: string[]; disabled?: boolean }): Usergroup {
    const full = { name: group.handle, disabled: false, ...group };
    this.world.usergroups.set(full.id, full);
    return full;
  }

  async post(user: string, channel: string, text: string, options: PostOptions = {}): Promise<Posted> {
    const { world } = this;
    const author = world.user(user);
    const where = this.writable(channel, user);
    const stored = author.isBot ? fromApp(text) : typed(world, text);
    const message: SlackMessage = {
      ...events.authorOf(world, author),
      type: 'message',
      ts: world.nextTs(),
      text: stored,
      ...(author.isBot ? {} : { blocks: [richText(world, stored)] }),
      ...(options.blocks ? { blocks: options.blocks } : {}),
      ...(options.attachments ? { attachments: options.attachments } : {}),
    };
    if (options.files) {
      message.subtype = 'file_share';
      message.files = options.files.map((file) => this.keepFile(user, file));
    }
    if (options.thread_ts) this.intoThread(where, message, options.thread_ts, options.broadcast ?? false);
    world.add(where.id, message);
    if (message.subtype === 'thread_broadcast') message.root = structuredClone(this.root(where, message));
    return await this.announce(where, message, author);
  }

  /** Posts `@bot text`: reaches the app as `message` AND as `app_mention`, two event_ids, one ts. */
  async mention(user: string, channel: string, text: string, options: PostOptions = {}): Promise<Posted> {
    return await this.post(user, channel, `<@${this.world.bot.userId}> ${text}`, options);
  }

  /** An incoming webhook or classic integration (alerts): subtype bot_message, no user. */
  async webhook(
    channel: string,
    text: string,
    options: { username?: string; thread_ts?: string; blocks?: Block[]; attachments?: JsonObject[] } = {},
  ): Promise<Posted> {
    const where = this.world.channel(channel);
    const { username = 'alerts', ...more } = options;
    const ts = this.world.nextTs();
    const message: SlackMessage = {
      type: 'message',
      subtype: 'bot_message',
      ts,
      text: fromApp(text),
      username,
      bot_id: 'B0HOOK',
      ...more,
    };
    this.world.add(channel, message);
    return await this.announce(where, message);
  }

  async edit(user: string, channel: string, ts: string, text: string): Promise<void> {
    const { world } = this;
    const message = this.existing(channel, ts);
    if (message.user !== user)
      throw new Error(`slack emulator: ${user} cannot edit a message of ${message.user ?? '?'}`);
    const before = structuredClone(message);
    message.text = typed(world, text);
    message.blocks = [richText(world, message.text)];
    message.edited = { user, ts: `${Math.floor(world.now() / 1000)}.000000` };
    world.changed();
    await this.event(events.changed(world, world.channel(channel), message, before), world.user(user));
  }

  /** By its author (or an administrator). A root with replies leaves a tombstone, told as message_changed. */
  async delete(user: string, channel: string, ts: string): Promise<void> {
    const event = removeMessage(this.world, channel, this.existing(channel, ts));
    await this.event(event, this.world.user(user));
  }

  /** Slack adds a link preview by itself: message_changed without `edited` and with the same text. */
  async unfurl(channel: string, ts: string, url = 'https://example.com/'): Promise<void> {
    const message = this.existing(channel, ts);
    const before = structuredClone(message);
    message.attachments = [...(message.attachments ?? []), { from_url: url, id: 1, title: url, fallback: url }];
    this.world.changed();
    await this.event(events.changed(this.world, this.world.channel(channel), message, before));
  }

  async react(user: string, channel: string, ts: string, name: string): Promise<void> {
    await this.reaction('reaction_added', user, channel, ts, name);
  }

  async unreact(user: string, channel: string, ts: string, name: string): Promise<void> {
    await this.reaction('reaction_removed', user, channel, ts, name);
  }

  async joinChannel(user: string, channel: string, inviter?: string): Promise<void> {
    const where = this.world.channel(channel);
    where.members.add(user);
    const subtype = where.kind === 'group' ? 'group_join' : 'channel_join';
    const joined = memberEvent(this.world, 'member_joined_channel', user, where, inviter);
    await Promise.all([this.event(joined), this.say(where, subtype, user, `<@${user}> has joined the channel`)]);
  }

  async leaveChannel(user: string, channel: string): Promise<void> {
    const where = this.world.channel(channel);
    where.members.delete(user);
    this.world.changed();
    await this.event(memberEvent(this.world, 'member_left_channel', user, where));
  }

  async joinBot(channel: string, inviter?: string): Promise<void> {
    await this.joinChannel(this.world.bot.userId, channel, inviter);
  }

  /** From then on the bot gets no events of the channel, and not_in_channel (channel_not_found if private). */
  async kickBot(channel: string): Promise<void> {
    await this.leaveChannel(this.world.bot.userId, channel);
  }

  async archive(channel: string, user?: string): Promise<void> {
    await this.archived(channel, true, user);
  }

  async unarchive(channel: string, user?: string): Promise<void> {
    await this.archived(channel, false, user);
  }

  /** The event's `channel` is an object here, unlike everywhere else. */
  async renameChannel(channel: string, name: string): Promise<void> {
    const where = this.world.channel(channel);
    where.name = name;
    this.world.changed();
    const type = where.kind === 'group' ? 'group_rename' : 'channel_rename';
    const renamed = {
      id: channel,
      name,
      name_normalized: name,
      created: where.created,
      is_channel: true,
      is_mpim: false,
    };
    await this.event({ type, channel: renamed, event_ts: this.world.nextTs() });
  }

  async updateUser(id: string, change: Partial<Omit<SlackUser, 'id'>>): Promise<void> {
    const user = Object.assign(this.world.user(id), change);
    const event_ts = this.world.nextTs();
    await this.event({
      type: 'user_change',
      user: userJson(this.world, user, true),
      cache_ts: Number(event_ts),
      event_ts,
    });
  }

  /** Someone changes who is on duty. Counts are strings in the event, as Slack sends them. */
  async setUsergroup(id: string, users: string[]): Promise<void> {
    const group = this.world.usergroups.get(id);
    if (!group) throw new Error(`slack emulator: there is no usergroup ${id}; call addUsergroup first`);
    const added = users.filter((user) => !group.users.includes(user));
    const removed = group.users.filter((user) => !users.includes(user));
    group.users = users;
    this.world.changed();
    const now = Math.floor(this.world.now() / 1000);
    const event_ts = this.world.nextTs();
    await this.event({
      type: 'subteam_members_changed',
      subteam_id: id,
      team_id: this.world.team.id,
      date_previous_update: now - 60,
      date_update: now,
      added_users: added,
      added_users_count: String(added.length),
      removed_users: removed,
      removed_users_count: String(removed.length),
      event_ts,
    });
    await this.event({ type: 'subteam_updated', subteam: usergroupJson(this.world, group, true), event_ts });
  }

  protected existing(channel: string, ts: string): SlackMessage {
    const message = this.world.find(channel, ts);
    if (!message) throw new Error(`slack emulator: there is no message ${ts} in ${channel}`);
    return message;
  }

  protected writable(channel: string, user: string): SlackChannel {
    const where = this.world.channel(channel);
    if (!where.members.has(user)) throw new Error(`slack emulator: ${user} is not in ${channel}`);
    if (where.archived) throw new Error(`slack emulator: ${channel} is archived`);
    return where;
  }

  private root(where: SlackChannel, message: SlackMessage): JsonObject {
    return this.existing(where.id, message.thread_ts ?? '');
  }

  private intoThread(where: SlackChannel, message: SlackMessage, rootTs: string, broadcast: boolean): void {
    const root = this.existing(where.id, rootTs);
    if (root.thread_ts && root.thread_ts !== root.ts) throw new Error(`slack emulator: ${rootTs} is itself a reply`);
    message.thread_ts = rootTs;
    if (root.user) message.parent_user_id = root.user;
    if (broadcast) message.subtype = 'thread_broadcast';
  }

  private async announce(where: SlackChannel, message: SlackMessage, author?: SlackUser): Promise<Posted> {
    const told = [events.posted(where, message), events.appMention(this.world, where, message)];
    const sent = await Promise.all(told.map(async (e) => (e ? await this.event(e, author) : undefined)));
    return { ts: message.ts, deliveries: sent.filter((d) => d !== undefined) };
  }

  private async say(where: SlackChannel, subtype: string, user: string, text: string): Promise<void> {
    const message = this.world.add(where.id, events.systemMessage(this.world, subtype, user, text));
    await this.event(events.posted(where, message));
  }

  private async reaction(
    type: 'reaction_added' | 'reaction_removed',
    user: string,
    channel: string,
    ts: string,
    name: string,
  ): Promise<void> {
    const where = this.writable(channel, user);
    const message = this.existing(channel, ts);
    const did = type === 'reaction_added' ? addReaction(message, user, name) : removeReaction(message, user, name);
    if (!did)
      throw new Error(`slack emulator: ${user} ${type === 'reaction_added' ? 'already' : 'never'} reacted ${name}`);
    this.world.changed();
    await this.event(events.reactionEvent(type, this.world, user, where, message, name), this.world.user(user));
  }

  private async archived(channel: string, archived: boolean, by?: string): Promise<void> {
    const where = this.world.channel(channel);
    where.archived = archived;
    this.world.changed();
    const user = by ?? where.creator;
    const kind = `${where.kind === 'group' ? 'group' : 'channel'}_${archived ? 'archive' : 'unarchive'}`;
    const event: JsonObject = { type: kind, channel, user, is_moved: 0, event_ts: this.world.nextTs() };
    const line = archived ? 'archived the channel' : 'un-archived the channel';
    await Promise.all([this.event(event), this.say(where, kind, user, line)]);
  }

  private keepFile(user: string, file: NewFile): SlackFile {
    const id = this.world.id('F');
    const content = Buffer.from(file.content ?? file.name);
    const now = Math.floor(this.world.now() / 1000);
    const url = `${this.api.origin}/files-pri/${id}/${encodeURIComponent(file.name)}`;
    const full: SlackFile = {
      id,
      created: now,
      timestamp: now,
      name: file.name,
      title: file.name,
      mimetype: file.mimetype ?? 'application/octet-stream',
      filetype: file.name.split('.').at(-1) ?? '',
      user,
      size: file.size ?? content.length,
      mode: 'hosted',
      is_external: false,
      url_private: url,
      url_private_download: url,
      permalink: `https://${this.world.team.domain}.slack.com/files/${user}/${id}/${file.name}`,
    };
    this.world.files.set(id, { file: full, content });
    return full;
  }
}
