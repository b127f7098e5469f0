import type { RoomTrouble } from '../../domain/events.ts';
import type { Language } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import { bold, say } from './say.ts';

/** Sentences about the war room of a ticket. */
export interface WarRoomTexts {
  /** Above the brief, which is the first message of the room. */
  head(id: string): RichText;
  /** What holds in this room, below its head. */
  readonly rules: RichText;
  /** In the work thread. `absent`: who could not be let in. */
  opened(id: string, link: Inline | null, absent: readonly string[]): RichText;
  /** What stopped it, and what to do. */
  failed(id: string, why: Exclude<RoomTrouble, 'over'>, detail: string): RichText;
}

const zhFailed: Readonly<Record<Exclude<RoomTrouble, 'over'>, (detail: string) => string>> = {
  scope: (detail) =>
    `应用缺少权限 ${detail}。请管理员补上（Slack 要重新安装应用，飞书要发布新版本），然后再说一次“@itr 作战室”`,
  forbidden: (detail) => `平台不让应用建群（${detail}）。请管理员放开，然后再说一次“@itr 作战室”`,
  unsupported: () => '这个平台上不能由应用建群。请手动拉群，进展仍写在处理话题里',
  no_chat: () => '工单在已接入的平台上没有话题。接入后可以再说一次“@itr 作战室”',
  other: (detail) => `平台没有接受（${detail}）。可以再说一次“@itr 作战室”`,
};

const enFailed: typeof zhFailed = {
  scope: (detail) =>
    `the app lacks the scope ${detail}. An administrator adds it (Slack: and installs the app again; Feishu: and publishes a new version); then say "@itr war room" once more`,
  forbidden: (detail) =>
    `the platform does not let the app create chats (${detail}). An administrator can allow it; then say "@itr war room" once more`,
  unsupported: () =>
    'an app cannot create chats on this platform. Please open one by hand; progress stays in the work thread',
  no_chat: () => 'the ticket has no thread on a connected platform. Once it is connected, say "@itr war room" again',
  other: (detail) => `the platform did not accept it (${detail}). say "@itr war room" to try again`,
};

const zh: WarRoomTexts = {
  head: (id) => say`${bold(`${id} 作战室`)}`,
  rules: ['这里说的话记在工单的时间线上，不会传给客户，也不会抄到处理话题。要执行命令请 @itr，比如“@itr 业务恢复”。'],
  opened: (id, link, absent) =>
    say`${id} 的作战室已经开好${link === null ? '' : say`：${link}`}。里面说的话只记在时间线上。${
      absent.length === 0 ? '' : `${absent.join('、')} 没能拉进去，请手动邀请或另行联系。`
    }`,
  failed: (id, why, detail) => say`${id} 的作战室没有开成：${zhFailed[why](detail)}。`,
};

const en: WarRoomTexts = {
  head: (id) => say`${bold(`${id} war room`)}`,
  rules: [
    'What is said here is on the ticket’s timeline; it does not reach the customer and is not copied to the work thread. Commands begin with @itr, as in "@itr restored".',
  ],
  opened: (id, link, absent) =>
    say`The war room of ${id} is open${link === null ? '' : say`: ${link}`}. What is said there is on the timeline only.${
      absent.length === 0 ? '' : ` ${absent.join(', ')} could not be let in; please invite or call them.`
    }`,
  failed: (id, why, detail) => say`${id} has no war room: ${enFailed[why](detail)}.`,
};

const ALL: Readonly<Record<Language, WarRoomTexts>> = { 'zh-CN': zh, en };

export const warRoomTexts = (language: Language): WarRoomTexts => ALL[language];
