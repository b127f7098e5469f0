import { join, say } from './say.ts';
import type { ExplainTexts, FormTexts } from './texts.ts';
import { WORDS_ZH as words } from './words-zh.ts';

export const formZh: FormTexts = {
  title: (form, id) => {
    const name = form === 'rate' ? '评价' : form === 'return' ? '退回' : words.button[form];
    return id === null ? name : `${name} ${id}`;
  },
  submit: (form) => (form === 'intake' ? '保存' : form === 'rate' ? '提交' : form === 'new' ? '提交' : '确定'),
  cancel: '取消',
  newIntro: '选填的几项不清楚可以空着，之后再补。',
  label: {
    kind: '类型',
    solution: '解决方案',
    cause: '原因',
    closure: '关闭类型',
    reason: '原因',
    until: '到什么时候',
    note: '说明',
    to: '转给谁',
    severity: '级别',
    progress: '进展',
    comment: '说明',
    score: '评分',
    of: '重复的工单',
    authorizeReason: '授权理由',
    returnReason: '退回的原因',
  },
  hint: {
    until: '比如 2h、14:00、明天 9:00，空着就一直等',
    to: '人或团队的名字',
    solution: '一句话：原因是什么，做了什么',
    since: '比如 今天 9:40',
    progress: '会发到项目组的话题里',
    of: '比如 ITR-87',
  },
  error: {
    required: '这一项要填',
    choice: '请从列表里选',
    tooLong: (max) => `最多 ${max} 字`,
    until: '看不懂这个时间，可以写 2h、14:00、明天 9:00',
    past: '这个时间已经过去了',
    unknownPerson: (said, near) =>
      near.length === 0 ? `没有叫“${said}”的人或团队` : `没有叫“${said}”的人或团队，是不是 ${near.join(' 或 ')}？`,
    ofNumber: '写工单编号，比如 ITR-87',
    nothing: '还没有改动',
  },
};

const SOURCES: Readonly<Record<string, string>> = {
  contract: '合同',
  project: '项目',
  customer: '客户',
  product: '产品',
  kind: '类型',
  team: '团队',
  rule: '规则',
  default: '默认',
};

/** `contract A-2026-01` as the domain names a source; a rule's own name stays as it was configured. */
const sourceOf = (named: string): string => named.replace(/^[a-z]+(?=$| )/, (word) => SOURCES[word] ?? word);

const LEFT_ZH = {
  night: '夜间',
  lunch: '午休',
  break: '班次间歇',
  weekend: '周末',
  holiday: '节假日',
  closed_by_company: '公司休息日',
} as const;
const CONSENT_ZH = { given: '，已同意', silence: '，未答复视为同意' } as const;

const daysZh = (days: readonly string[]): string =>
  days.length > 3 ? `${days[0]}到${days.at(-1)}（${days.length} 天）` : days.join('、');

export const explainZh: ExplainTexts = {
  title: '为什么派给这个团队，为什么是这个时限',
  shared: (how, name) => (how === 'round_robin' ? say`按轮流分给 ${name}` : say`分给 ${name}：当时手上的工单最少`),
  routed: (team, rule) => (rule === null ? say`派给 ${team}` : say`派给 ${team}：${sourceOf(rule)}`),
  promisedBy: (source, policy) => say`服务级别 ${policy}，依据 ${sourceOf(source)}`,
  noPromise: ['没有约定服务级别，所以没有时限。'],
  target: (target, calendar, from) => say`${target}服务时间（日历 ${calendar}），从 ${from} 起`,
  due: (at) => say`到 ${at}`,
  paused: (since, left) => say`自 ${since} 暂停，恢复后还有 ${left}`,
  used: (elapsed) => say`已计 ${elapsed}`,
  why: (at, target) => say`为什么是 ${at}：${target}。`,
  counted: (groups) =>
    say`计入：${groups.map(({ days, each }) => `${daysZh(days)}${days.length > 1 ? '每天' : ''} ${each}`).join('，')}。`,
  leftOut: (kinds, waits) =>
    say`不计：${join(
      [
        ...kinds.map(({ kind, name }) => name ?? LEFT_ZH[kind]),
        ...waits.map(
          ({ reason, forYou, open, from, to, by, consent }) =>
            say`${reason === 'resolved' ? '已解决到重新打开之间' : forYou ? '等你们答复' : words.reason[reason]}的 ${open}服务时间（${from} – ${to ?? '现在'}${by === null ? '' : `，${by} 挂起`}${consent === null ? '' : CONSENT_ZH[consent]}）`,
        ),
      ],
      '、',
    )}。`,
  by: (policy, source) => say`依据 ${policy}（${source}）`,
  state: (state) => ({ running: '计时中', paused: '暂停', met: '达成', breached: '超时', cancelled: '已取消' })[state],
  standsStill: ['计时正停着，恢复之前没有时限。'],
};
