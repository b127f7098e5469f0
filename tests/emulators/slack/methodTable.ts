/**
 * The Web API methods the emulator answers: calls per minute (0 = special), scopes of which one is needed, required
 * and optional arguments. From slack-ruby/slack-api-ref (MIT), generated from Slack's own documentation, 2026-08-20.
 */
export type MethodRow = { perMinute: number; scopes: string[]; required: string[]; known: Set<string> };

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function row(perMinute: number, scopes: string, required: string, optional: string): MethodRow {
  const known = new Set(['token', ...words(required), ...words(optional)]);
  return { perMinute, scopes: words(scopes), required: words(required), known };
}

export const methodTable: Record<string, MethodRow> = {
  'api.test': row(0, '', '', 'error foo'),
  'auth.test': row(0, '', '', ''),
  'apps.connections.open': row(50, '', '', ''),
  'chat.postMessage': row(
    0,
    'chat:write',
    'channel',
    'as_user attachments blocks current_draft_last_updated_ts icon_emoji icon_url link_names markdown_text metadata mrkdwn parse reply_broadcast text thread_ts unfurl_links unfurl_media username',
  ),
  'chat.update': row(
    50,
    'chat:write',
    'ts channel',
    'as_user attachments blocks file_ids link_names markdown_text metadata parse reply_broadcast text unfurled_attachments',
  ),
  'chat.delete': row(50, 'chat:write', 'ts channel', 'as_user'),
  'chat.postEphemeral': row(
    100,
    'chat:write',
    'user channel',
    'as_user attachments blocks icon_emoji icon_url link_names markdown_text metadata parse text thread_ts username',
  ),
  'chat.getPermalink': row(0, '', 'channel message_ts', ''),
  'reactions.add': row(50, 'reactions:write', 'name timestamp channel', ''),
  'reactions.remove': row(20, 'reactions:write', 'name', 'channel file file_comment timestamp'),
  'reactions.get': row(50, 'reactions:read', '', 'channel file file_comment full timestamp'),
  'views.open': row(100, '', 'view', 'interactivity_pointer trigger_id'),
  'views.update': row(100, '', 'view', 'external_id hash view_id'),
  'views.push': row(100, '', 'view', 'interactivity_pointer trigger_id'),
  'views.publish': row(100, '', 'user_id view', 'hash interactivity_pointer'),
  'users.info': row(100, 'users:read', 'user', 'include_locale'),
  'users.list': row(20, 'users:read', '', 'cursor include_locale limit team_id'),
  'users.lookupByEmail': row(50, 'users:read.email', 'email', ''),
  'users.conversations': row(
    50,
    'groups:read im:read mpim:read channels:read',
    '',
    'cursor exclude_archived exclude_muted limit team_id types user',
  ),
  'usergroups.list': row(20, 'usergroups:read', '', 'include_count include_disabled include_users team_id'),
  'usergroups.users.list': row(20, 'usergroups:read', 'usergroup', 'include_disabled team_id'),
  'conversations.open': row(
    50,
    'channels:manage groups:write im:write mpim:write',
    '',
    'channel prevent_creation return_im users',
  ),
  'conversations.info': row(
    50,
    'groups:read im:read mpim:read channels:read',
    'channel',
    'include_locale include_num_members',
  ),
  'conversations.list': row(
    20,
    'groups:read im:read mpim:read channels:read',
    '',
    'cursor exclude_archived limit team_id types',
  ),
  'conversations.members': row(100, 'groups:read im:read mpim:read channels:read', 'channel', 'cursor limit'),
  'conversations.create': row(20, 'channels:manage groups:write im:write mpim:write', 'name', 'is_private team_id'),
  'conversations.invite': row(50, 'channels:manage groups:write im:write mpim:write', 'channel', 'force users'),
  'conversations.setTopic': row(50, 'channels:manage groups:write im:write mpim:write', 'channel topic', ''),
  'conversations.join': row(50, 'channels:join', 'channel', ''),
  'conversations.history': row(
    50,
    'groups:history im:history mpim:history channels:history',
    'channel',
    'cursor include_all_metadata inclusive latest limit oldest',
  ),
  'conversations.replies': row(
    50,
    'groups:history im:history mpim:history channels:history',
    'channel ts',
    'cursor include_all_metadata inclusive latest limit oldest',
  ),
  'files.info': row(100, 'files:read', 'file', 'count cursor limit page'),
  'bookmarks.add': row(20, 'bookmarks:write', 'title type', 'access_level channel_id emoji entity_id link parent_id'),
  'bookmarks.list': row(50, 'bookmarks:read', '', 'channel_id'),
  'bookmarks.remove': row(20, 'bookmarks:write', '', 'bookmark_id channel_id quip_section_id'),
  'pins.add': row(20, 'pins:write', 'channel', 'timestamp'),
  'pins.remove': row(20, 'pins:write', 'channel', 'timestamp'),
  'team.info': row(50, 'team:read', '', 'domain team'),
};
