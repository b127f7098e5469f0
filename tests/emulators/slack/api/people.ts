import type { JsonObject, SlackUser, Usergroup } from '../types.ts';
import type { World } from '../world.ts';
import { page } from './conversations.ts';
import { ApiError } from './context.ts';
import type { Methods } from './context.ts';

export function userJson(world: World, user: SlackUser, withLocale: boolean): JsonObject {
  return {
    id: user.id,
    team_id: user.teamId ?? world.team.id,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, world.now()),
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    is_stranger: user.teamId !== undefined && user.teamId !== world.team.id,
    updated: Math.floor(world.now() / 1000),
    ...(withLocale ? { locale: user.locale } : {}),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      title: '',
      status_text: '',
      status_emoji: '',
      team: user.teamId ?? world.team.id,
      ...(world.scopes.has('users:read.email') && user.email ? { email: user.email } : {}),
      ...(user.isBot ? { bot_id: user.botId, api_app_id: user.appId } : {}),
    },
  };
}

function offsetSeconds(tz: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

export function usergroupJson(world: World, group: Usergroup, withUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: world.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    is_external: false,
    date_delete: group.disabled ? 1 : 0,
    user_count: String(group.users.length),
    ...(withUsers ? { users: group.users } : {}),
  };
}

export const peopleMethods: Methods = {
  'users.info': ({ world }, args) => {
    const user = world.users.get(args.need('user'));
    if (!user) throw new ApiError('user_not_found');
    return { user: userJson(world, user, args.flag('include_locale')) };
  },
  'users.list': ({ world }, args) => {
    const { items, next } = page([...world.users.values()], args, 200);
    return { members: items.map((user) => userJson(world, user, args.flag('include_locale'))), ...next };
  },
  'users.lookupByEmail': ({ world }, args) => {
    const email = args.need('email').toLowerCase();
    const user = [...world.users.values()].find((u) => u.email?.toLowerCase() === email && !u.deleted);
    if (!user) throw new ApiError('users_not_found');
    return { user: userJson(world, user, false) };
  },
  'usergroups.list': ({ world }, args) => {
    const groups = [...world.usergroups.values()].filter((g) => args.flag('include_disabled') || !g.disabled);
    return { usergroups: groups.map((g) => usergroupJson(world, g, args.flag('include_users'))) };
  },
  'usergroups.users.list': ({ world }, args) => {
    const group = world.usergroups.get(args.need('usergroup'));
    if (!group || (group.disabled && !args.flag('include_disabled'))) throw new ApiError('no_such_subteam');
    return { users: group.users };
  },
  'team.info': ({ world }) => ({
    team: { ...world.team, email_domain: `${world.team.domain}.example`, icon: { image_default: true } },
  }),
};
