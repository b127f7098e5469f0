import { formatDuration } from '../../domain/duration.ts';
import { ticketId } from '../../domain/words.ts';
import type { Language } from '../../domain/words.ts';
import type { Ailment } from '../../watch/symptoms.ts';
import type { Inline, RichText } from '../card.ts';
import { bold, say } from './say.ts';

/** What the program says of itself, to those who run it. */
export interface SymptomTexts {
  /** What is wrong, without a full stop. */
  line(about: Ailment): string;
  begun(line: string, since: Inline): RichText;
  /** The same, on a page. */
  since(line: string, since: string): string;
  over(about: Ailment, lasted: number): RichText;
  /** The bot is no more in a chat, since then. */
  gone(chat: string, since: string): string;
  trouble(trouble: string, detail: string, since: string): string;
  /** `looked`: how long ago, ms; null: not yet. */
  well(looked: number | null): string;
  /** Beside what is wrong, which is said in lines of its own. */
  looked(ago: number): string;
  asleep(looked: number): string;
  audited(tickets: number, differences: number, at: string): string;
}

/** As many as one can read; the log has all. */
const tickets = (numbers: readonly number[], comma: string, more: (count: number) => string): string =>
  numbers.length <= 10
    ? numbers.map(ticketId).join(comma)
    : `${numbers.slice(0, 10).map(ticketId).join(comma)}${more(numbers.length - 10)}`;

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(1)}`;

const zh: SymptomTexts = {
  line: (about) => {
    switch (about.kind) {
      case 'late_timer':
        return `提醒响晚了：${about.ticket === null ? '有定时' : `${ticketId(about.ticket)} 的定时`}已过 ${formatDuration(about.ms, 'zh')}`;
      case 'inbox':
        return `收到的消息处理不过来：${about.waiting} 条在等，最早的等了 ${formatDuration(about.ms, 'zh')}`;
      case 'outbox':
        return `要发的消息积压：${about.waiting} 条在等，最早的等了 ${formatDuration(about.ms, 'zh')}`;
      case 'dead_letters':
        return `${about.count} 条消息发不出去，已放弃；看原因：itr outbox list，改好后：itr outbox retry --all`;
      case 'buried_events':
        return `${about.count} 条收到的事件处理不了，已放弃；原因在日志里`;
      case 'adapter':
        return `${about.platform} 断开：${about.line}`;
      case 'clock':
        return about.against === 'database'
          ? `数据库的时钟和本机差 ${signed(about.ms)} 秒`
          : `本机时钟跳了 ${signed(about.ms)} 秒，请检查对时`;
      case 'audit':
        return `定时核对发现 ${about.tickets.length} 个工单不对，能改的已改好：${tickets(about.tickets, '、', (count) => ` 等，另有 ${count} 个`)}`;
      case 'rows':
        return `${about.tickets.length} 个工单的内容和它的历史对不上，没有改动：${tickets(about.tickets, '、', (count) => ` 等，另有 ${count} 个`)}`;
    }
  },
  begun: (line, since) => say`⚠️ ${bold('itr-bot 自检')}：${line}（从 ${since} 起）。`,
  since: (line, since) => `${line}（从 ${since} 起）`,
  over: (about, lasted) =>
    say`✅ ${bold('itr-bot 自检')}：${OVER_ZH[about.kind](about)}，前后 ${formatDuration(lasted, 'zh')}。`,
  gone: (chat, since) => `从 ${since} 起不在群 ${chat} 里；需要的话请重新邀请，不需要请解除绑定`,
  trouble: (trouble, detail, since) => `平台报告 ${trouble}（${since}）：${detail}`,
  well: (looked) => (looked === null ? '还没有看过' : `一切正常，${formatDuration(looked, 'zh')}前看过`),
  looked: (ago) => `${formatDuration(ago, 'zh')}前看过`,
  asleep: (looked) => `已有 ${formatDuration(looked, 'zh')}没有看过`,
  audited: (count, differences, at) =>
    `${at} 核对了 ${count} 个未结工单的定时，${differences === 0 ? '没有差异' : `${differences} 个有差异`}`,
};

const OVER_ZH: Readonly<Record<Ailment['kind'], (about: Ailment) => string>> = {
  late_timer: () => '提醒恢复准时',
  inbox: () => '收到的消息都处理完了',
  outbox: () => '积压的消息都发出去了',
  dead_letters: () => '放弃的消息都处理好了',
  buried_events: () => '一天之内没有再出现处理不了的事件',
  adapter: (about) => `${about.kind === 'adapter' ? about.platform : ''} 已不再断开`,
  clock: () => '时钟恢复平稳',
  audit: () => '再次核对定时，没有差异',
  rows: () => '工单和历史又对得上了',
};

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const en: SymptomTexts = {
  line: (about) => {
    switch (about.kind) {
      case 'late_timer':
        return `a reminder is late: ${about.ticket === null ? 'a timer' : `a timer of ${ticketId(about.ticket)}`} is overdue by ${formatDuration(about.ms, 'en')}`;
      case 'inbox':
        return `what comes in is handled too slowly: ${plural(about.waiting, 'event')} waiting, the oldest for ${formatDuration(about.ms, 'en')}`;
      case 'outbox':
        return `what has to go out piles up: ${plural(about.waiting, 'message')} waiting, the oldest for ${formatDuration(about.ms, 'en')}`;
      case 'dead_letters':
        return `${plural(about.count, 'message')} could not be delivered and ${about.count === 1 ? 'was' : 'were'} given up; why: itr outbox list; when that is mended: itr outbox retry --all`;
      case 'buried_events':
        return `${plural(about.count, 'event')} could not be handled and ${about.count === 1 ? 'was' : 'were'} given up; the log says why`;
      case 'adapter':
        return `${about.platform} is disconnected: ${about.line}`;
      case 'clock':
        return about.against === 'database'
          ? `the database’s clock differs by ${signed(about.ms)} s from this machine’s`
          : `this machine’s clock jumped by ${signed(about.ms)} s; check what sets it`;
      case 'audit':
        return `the audit found wrong timers on ${plural(about.tickets.length, 'ticket')}, and mended what could be mended: ${tickets(about.tickets, ', ', (count) => ` and ${count} more`)}`;
      case 'rows':
        return `${plural(about.tickets.length, 'ticket')} ${about.tickets.length === 1 ? 'is' : 'are'} not what the timeline says, and ${about.tickets.length === 1 ? 'was' : 'were'} left as ${about.tickets.length === 1 ? 'it is' : 'they are'}: ${tickets(about.tickets, ', ', (count) => ` and ${count} more`)}`;
    }
  },
  begun: (line, since) => say`⚠️ ${bold('itr-bot, about itself')}: ${line} (since ${since}).`,
  since: (line, since) => `${line} (since ${since})`,
  over: (about, lasted) =>
    say`✅ ${bold('itr-bot, about itself')}: ${OVER_EN[about.kind](about)}, after ${formatDuration(lasted, 'en')}.`,
  gone: (chat, since) =>
    `not in the chat ${chat} since ${since}; invite it again if it is needed there, or unbind the chat`,
  trouble: (trouble, detail, since) => `the platform reported ${trouble} (${since}): ${detail}`,
  well: (looked) =>
    looked === null ? 'has not looked yet' : `all is well, looked ${formatDuration(looked, 'en')} ago`,
  looked: (ago) => `looked ${formatDuration(ago, 'en')} ago`,
  asleep: (looked) => `has not looked for ${formatDuration(looked, 'en')}`,
  audited: (count, differences, at) =>
    `timers of ${plural(count, 'open ticket')} audited ${at}, ${differences === 0 ? 'no difference' : `${differences} with a difference`}`,
};

const OVER_EN: Readonly<Record<Ailment['kind'], (about: Ailment) => string>> = {
  late_timer: () => 'reminders are on time again',
  inbox: () => 'what came in is handled',
  outbox: () => 'what piled up has gone out',
  dead_letters: () => 'what was given up is settled',
  buried_events: () => 'for a day no other event was given up',
  adapter: (about) => `${about.kind === 'adapter' ? about.platform : ''} is no longer disconnected`,
  clock: () => 'the clock is steady again',
  audit: () => 'another audit found no difference',
  rows: () => 'tickets and timelines agree again',
};

const ALL: Readonly<Record<Language, SymptomTexts>> = { 'zh-CN': zh, en };

export const symptomTexts = (language: Language): SymptomTexts => ALL[language];
