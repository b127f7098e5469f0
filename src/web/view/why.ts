import { formatDuration } from '../../domain/duration.ts';
import type { ClockExplanation, NotCounted } from '../../domain/explain.ts';
import type { Clock } from '../../domain/ticket.ts';
import { PEND_REASONS } from '../../domain/words.ts';
import type { Language } from '../../domain/words.ts';
import type { Labels } from '../deps.ts';
import { shortTime } from './time.ts';

const REASONS: Readonly<Record<Language, Readonly<Record<NotCounted['reason'], string>>>> = {
  'zh-CN': {
    closed_hours: '非服务时段',
    weekend: '周末',
    holiday: '节假日',
    closed_by_company: '公司休息日',
    paused: '暂停',
  },
  en: {
    closed_hours: 'outside service hours',
    weekend: 'weekend',
    holiday: 'public holiday',
    closed_by_company: 'closed by the company',
    paused: 'paused',
  },
};

const CONSENT: Readonly<Record<Language, Readonly<Record<NonNullable<NotCounted['consent']>, string>>>> = {
  'zh-CN': { given: '，已同意', silence: '，未答复视为同意' },
  en: { given: ', agreed to', silence: ', silence taken as consent' },
};

/** Why a span does not count, with the holiday's name or what was waited for. */
export function reasonText(
  { reason, name, by, consent }: Omit<NotCounted, 'from' | 'to'>,
  language: Language,
  labels: Labels,
): string {
  const why = REASONS[language][reason];
  if (name === null) return why;
  const waited = PEND_REASONS.find((known) => known === name);
  const word = name === 'resolved' ? labels.status.resolved : name;
  const agreed = consent === null ? '' : CONSENT[language][consent];
  const who = by === null ? '' : language === 'en' ? `, by ${by.name}` : `，${by.name}`;
  const detail = `${waited === undefined ? word : labels.reason[waited]}${who}${agreed}`;
  return language === 'en' ? `${why} (${detail})` : `${why}（${detail}）`;
}

/** One sentence: target, source, calendar, start, what was left out, due. */
export function sayWhy(
  clock: Clock,
  { excluded, dueAt, timezone }: ClockExplanation,
  { language, labels, now }: { readonly language: Language; readonly labels: Labels; readonly now: number },
): string {
  const at = (ms: number): string => shortTime(ms, timezone, now, language);
  const sums = new Map<string, number>();
  for (const span of excluded) {
    const word = reasonText(span, language, labels);
    sums.set(word, (sums.get(word) ?? 0) + span.to - span.from);
  }
  const left = [...sums].map(([word, ms]) => `${word} ${formatDuration(ms, language)}`);
  const target = formatDuration(clock.targetMs, language);
  const metric = labels.metric[clock.metric];
  const from = at(clock.startedAt);
  if (language === 'en') {
    const due = dueAt === null ? 'standing still, so nobody can say when it is due' : `due ${at(dueAt)}`;
    return (
      `${metric}: ${target} of calendar ${clock.calendar} from ${from}, ${due} (${timezone}). ` +
      `Policy ${clock.policy}, from ${clock.source}.${left.length === 0 ? '' : ` Not counted: ${left.join(', ')}.`}`
    );
  }
  const due = dueAt === null ? '正在暂停，到期时间待定' : `${at(dueAt)} 到期`;
  return (
    `${metric}：按日历 ${clock.calendar} 计 ${target}，自 ${from} 起算，${due}（${timezone}）。` +
    `依据：${clock.policy}（${clock.source}）。${left.length === 0 ? '' : `不计入：${left.join('、')}。`}`
  );
}
