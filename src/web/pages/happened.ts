import type { EventOf, TicketEvent, TierEscalation, Told } from '../../domain/events.ts';
import type { PersonRef } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import type { Metric } from '../../domain/words.ts';
import { METRICS } from '../../domain/words.ts';
import { shortTime } from '../view/time.ts';
import { teamName, productName } from './view.ts';
import type { PageView } from './view.ts';

/** What one entry of the timeline says beside who and when: `what` in words, `more` what people wrote. */
export interface Happened {
  readonly what: string;
  readonly more: string | null;
  readonly tone: 'plain' | 'bad' | 'good' | 'quiet';
}

const say = (what: string, more: string | null = null, tone: Happened['tone'] = 'plain'): Happened => ({
  what,
  more,
  tone,
});

export function happened(event: TicketEvent, view: PageView): Happened {
  const zh = view.language !== 'en';
  const { labels, policy } = view;
  const team = (id: string): string => teamName(id, policy);
  const at = (ms: number): string => shortTime(ms, view.timezone, view.now, view.language);
  const called = (duty: PersonRef | null): string =>
    duty === null ? '' : zh ? `，值班 ${duty.name}` : `, on duty: ${duty.name}`;
  switch (event.type) {
    case 'captured':
      return say(
        zh
          ? `建单：${labels.kind[event.kind]}，${event.severity}`
          : `captured: ${labels.kind[event.kind]}, ${event.severity}`,
      );
    case 'fields_changed': {
      const changed = Object.entries(event.fields).map(([field, value]) => {
        const shown = field === 'product' ? productName(value, policy) : value;
        return `${labels.field[field as keyof typeof labels.field]}: ${shown}`;
      });
      return say(zh ? '补充信息' : 'details', changed.join('\n'));
    }
    case 'registered':
      return event.asItIs
        ? say(
            zh ? '按现状登记' : 'registered as it is',
            event.missing.length === 0
              ? null
              : missing(
                  event.missing.map((field) => labels.field[field]),
                  zh,
                ),
          )
        : say(zh ? '登记' : 'registered');
    case 'authorized':
      return say(zh ? '特批' : 'authorized', event.reason, 'good');
    case 'entitled':
      return say(
        `${event.because === 'configuration' ? (zh ? '承诺随配置更新' : 'promises changed with the configuration') : zh ? '核对合同' : 'entitlement'}: ${view.texts.ticket.entitlement[event.outcome]}`,
        event.why,
        'quiet',
      );
    case 'dispatched':
      return say(
        (zh ? `派给 ${team(event.team)}（${event.rule}）` : `dispatched to ${team(event.team)} (${event.rule})`) +
          called(event.duty),
      );
    case 'claimed':
      return say(zh ? '认领' : 'claimed', null, 'good');
    case 'assigned':
      return say(
        (zh ? `指派给 ${event.assignee.name}` : `assigned to ${event.assignee.name}`) + shared(event.how, zh),
        null,
        'good',
      );
    case 'transferred': {
      const to = event.to?.name ?? team(event.team);
      const off = event.offDuty ? (zh ? '（当前不值班）' : ' (off duty now)') : '';
      if (event.returned === true)
        return say((zh ? `退回给 ${to}` : `returned to ${to}`) + called(event.duty), event.note);
      return say(
        (zh ? `转派给 ${to}` : `transferred to ${to}`) + passed(event.skipped, zh) + off + called(event.duty),
        event.note,
      );
    }
    case 'handed_over':
      if (event.outcome === 'accepted') return say(zh ? '接手' : 'accepted the hand-over', event.note, 'good');
      return say(zh ? `退回给 ${event.to.name}` : `returned it to ${event.to.name}`, event.note);
    case 'released':
      return say(
        (event.undo ? (zh ? '撤回认领' : 'took back the claim') : zh ? '释放，回到队列' : 'released to the queue') +
          called(event.duty),
        event.note,
      );
    case 'pended': {
      if (event.consent !== null)
        return say(
          event.consent === 'given'
            ? zh
              ? '同意暂停，计时从现在起停'
              : 'agreed to the pause; the clocks stand still from now'
            : zh
              ? '没有答复，视为同意，计时从现在起停'
              : 'no answer, taken as consent; the clocks stand still from now',
        );
      const asks =
        event.consentBy === null
          ? ''
          : zh
            ? `（计时照走，等对方同意，${at(event.consentBy)} 前不答复视为同意）`
            : ` (the clocks run on until the requester agrees, or ${at(event.consentBy)} passes)`;
      const until = event.until === null ? '' : zh ? `，到 ${at(event.until)}` : `, until ${at(event.until)}`;
      return say(`${zh ? '挂起：' : 'on hold: '}${labels.reason[event.reason]}${until}${asks}`, event.note);
    }
    case 'resumed':
      return say(RESUMED[zh ? 'zh' : 'en'][event.because]);
    case 'escalated':
      if (event.kind === 'management') return say(zh ? '管理升级' : 'management escalation', event.because, 'bad');
      return say(
        (zh ? `升级到 ${team(event.team)}（${event.tier}）` : `escalated to ${team(event.team)} (${event.tier})`) +
          passed(event.skipped, zh) +
          called(event.duty),
        event.because === undefined ? event.note : `${metric(event.because.clock, view)} ${event.because.point}`,
      );
    case 'acknowledged':
      return say(zh ? '知道了（升级停止）' : 'acknowledged (the escalation stops)');
    case 'severity_changed':
      return say(`${zh ? '级别' : 'severity'} ${event.from} → ${event.to}`, event.note);
    case 'restored':
      return say(zh ? '业务已恢复' : 'service restored', event.note, 'good');
    case 'resolved':
      return say(
        `${zh ? '解决' : 'resolved'} · ${labels.cause[event.cause] ?? event.cause} · ${labels.closure[event.closure] ?? event.closure}`,
        event.solution,
        'good',
      );
    case 'confirmed':
      return say(zh ? '确认已解决' : 'confirmed', null, 'good');
    case 'reopened':
      return say(zh ? '重新打开' : 'reopened', event.note, 'bad');
    case 'closed':
      return say(CLOSED[zh ? 'zh' : 'en'][event.by], event.note, 'good');
    case 'cancelled':
      return say(zh ? '撤销' : 'withdrawn', event.note);
    case 'rejected':
      return say(
        `${zh ? '不受理：' : 'rejected: '}${labels.rejected[event.reason]}${event.of === null ? '' : ` (${ticketId(event.of)})`}`,
        event.note,
        'bad',
      );
    case 'linked':
      if ('thread' in event)
        return say(
          `${zh ? '关联' : 'linked'} ${view.texts.ticket.role[event.thread.role]} · ${event.thread.platform}`,
          null,
          'quiet',
        );
      return say(
        `${view.texts.ticket.linkKind[event.as]} ${ticketId(event.to)}` +
          (event.state === undefined ? '' : `${zh ? '：' : ': '}${labels.status[event.state.status]}`),
        event.state?.title ?? null,
      );
    case 'checkpoint': {
      const activity = view.texts.ticket.activity[event.activity] ?? event.activity;
      if (event.field !== null) return say(`${activity}: ${labels.field[event.field]}`, null, 'quiet');
      const todo = event.task === 'open' ? (zh ? '待办：' : 'to do: ') : '';
      return say(`${todo}${activity}`, event.note ?? null, event.task === undefined ? 'quiet' : 'plain');
    }
    case 'point_reached': {
      const told = people([...event.remind, ...event.ping, ...event.buzz], zh);
      return say(
        `${metric(event.clock, view)} ${event.point}${told}`,
        noNextTier(event.escalates, zh),
        event.point === '100%' ? 'bad' : 'plain',
      );
    }
    case 'war_room':
      return warRoom(event, view);
    case 'breached':
      return say(
        zh
          ? `${metric(event.clock, view)}超时（应为 ${at(event.dueAt)}）`
          : `${metric(event.clock, view)} missed (was due ${at(event.dueAt)})`,
        null,
        'bad',
      );
    case 'reminded':
      return say(
        (event.what === 'call_back'
          ? zh
            ? '提醒回访'
            : 'reminded to call back'
          : event.what === 'close'
            ? zh
              ? '提醒确认'
              : 'reminded to confirm'
            : zh
              ? `升级第 ${event.step + 1} 步`
              : `escalation step ${event.step + 1}`) + people(event.told, zh),
        event.unreachable.length === 0 ? null : `${zh ? '联系不上' : 'not reachable'}: ${event.unreachable.join(', ')}`,
      );
    case 'message':
      return say(view.texts.ticket.role[event.role], event.text);
    case 'message_edited':
      return say(zh ? '修改了消息' : 'edited a message', event.text);
    case 'message_deleted':
      return say(zh ? '删除了消息' : 'deleted a message', null, 'quiet');
    case 'evidence':
      return say(zh ? '留证' : 'kept as evidence', null, 'quiet');
    case 'note':
      return event.text === null
        ? say(zh ? '标为内部' : 'marked a message internal', null, 'quiet')
        : say(zh ? '内部备注' : 'internal note', event.text);
    case 'rated':
      return say(`${zh ? '评价' : 'rated'} ${'★'.repeat(event.score)}${'☆'.repeat(5 - event.score)}`, event.text);
    case 'refused':
      return say(
        zh ? `未执行：${can(event.command, view)}` : `refused: ${can(event.command, view)}`,
        event.reason,
        'bad',
      );
  }
}

const passed = (skipped: readonly string[] | undefined, zh: boolean): string =>
  skipped === undefined ? '' : zh ? `，跳过 ${skipped.join('、')}` : `, past ${skipped.join(', ')}`;

const warRoom = (event: EventOf<'war_room'>, view: PageView): Happened => {
  const zh = view.language !== 'en';
  const named = (these: readonly PersonRef[]): string => these.map(({ name }) => name).join(zh ? '、' : ', ');
  switch (event.what) {
    case 'asked': {
      const { because } = event;
      const why = because === undefined ? null : `${metric(because.clock, view)} ${because.point}`;
      return say(`${zh ? '开作战室：' : 'a war room is opened for '}${named(event.people)}`, why);
    }
    case 'opened': {
      const absent = named(event.absent);
      return say(
        zh ? '作战室已开' : 'the war room is open',
        absent === '' ? null : `${zh ? '没能拉进去' : 'could not be let in'}: ${absent}`,
      );
    }
    case 'failed':
      return say(
        zh ? '作战室没有开成' : 'no war room',
        [event.why, event.detail].filter((part) => part !== '').join(': '),
        'bad',
      );
  }
};

/** Where there is one, its own entry says so. */
const noNextTier = (escalates: TierEscalation | undefined, zh: boolean): string | null => {
  if (escalates?.to !== null) return null;
  if (escalates.ladder === null) return zh ? '没有下一级可升，也没有升级阶梯' : 'no next tier, and no ladder';
  return zh ? '没有下一级可升，改为逐级通知' : 'no next tier: the ladder instead';
};

const RESUMED = {
  zh: { asked: '继续处理', answered: '对方答复，继续处理', until: '等待到期，继续处理', consent: '已同意，继续处理' },
  en: {
    asked: 'resumed',
    answered: 'answered, so it goes on',
    until: 'the wait is over, so it goes on',
    consent: 'consented, so it goes on',
  },
} as const;

const CLOSED = {
  zh: { confirm: '关闭（提出人已确认）', lead: '关闭', auto: '自动关闭（没有确认）' },
  en: { confirm: 'closed (confirmed)', lead: 'closed', auto: 'closed automatically (not confirmed)' },
} as const;

const shared = (how: 'round_robin' | 'least_loaded' | undefined, zh: boolean): string => {
  if (how === undefined) return '';
  if (zh) return how === 'round_robin' ? '（轮流分派）' : '（手上最少）';
  return how === 'round_robin' ? ' (by turns)' : ' (fewest in hand)';
};

const missing = (fields: readonly string[], zh: boolean): string =>
  `${zh ? '缺' : 'missing'}: ${fields.join(zh ? '、' : ', ')}`;

const people = (told: readonly Told[], zh: boolean): string => {
  const named = (these: readonly Told[]): string =>
    [...new Set(these.flatMap(({ person }) => (person === null ? [] : [person.name])))].join(zh ? '、' : ', ');
  const isBuzzed = ({ how }: Told): boolean => how.includes('buzz');
  const buzzed = named(told.filter(isBuzzed));
  const reminded = named(told.filter((one) => !isBuzzed(one)));
  return [
    reminded === '' ? '' : zh ? `，已提醒 ${reminded}` : `, told ${reminded}`,
    buzzed === '' ? '' : zh ? `，已加急呼叫 ${buzzed}` : `, buzzed ${buzzed}`,
  ].join('');
};

/** `claim#2`, `tier:L2#1` → the metric's word. */
const metric = (clock: string, { labels }: PageView): string => {
  const found = METRICS.find((known: Metric) => known === clock.split(/[#:]/)[0]);
  return found === undefined ? clock : labels.metric[found];
};

const can = (command: string, { labels }: PageView): string =>
  (labels.can as Readonly<Record<string, string>>)[command] ?? command;
