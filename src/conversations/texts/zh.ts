import { formatDuration } from '../../domain/duration.ts';
import type { RichText } from '../card.ts';
import { answersZh } from './zh-answers.ts';
import { explainZh, formZh } from './zh-forms.ts';
import { refusalZh } from './refusal-zh.ts';
import { bold, join, say } from './say.ts';
import type { CardTexts, NoticeTexts, Texts } from './texts.ts';
import { WORDS_ZH as words } from './words-zh.ts';

const noted = (note: string | null): string => (note === null || note === '' ? '。' : `：${note}`);

const card: CardTexts = {
  guessed: (severity) => `${severity}（推断）`,
  missing: (fields) => say`还差：${fields.map((field) => words.field[field]).join('、')}`,
  labelled: (label, value) => say`${label} ${value}`,
  since: (at) => say`开始于 ${at}`,
  duty: (name) => say`值班 ${name}`,
  nobodyOnDuty: ['现在没有值班人'],
  customer: '客户',
  movedTo: (team) => say`已转到 ${bold(team)}。`,
  owner: (name, team) => say`处理人 ${bold(name)}${team === null ? '' : `（${team}）`}`,
  promise: (metric, at) => say`${at} 前${words.metric[metric]}`,
  promises: (promises, contract) =>
    say`承诺：${join(promises, ' · ')}${contract === null ? '' : `（合同 ${contract}）`}`,
  left: (metric, left, at) => say`${words.metric[metric]}剩余 ${left}（${at}）`,
  over: (metric, by, at) => say`${bold(`${words.metric[metric]}超时 ${by}`.trimEnd())}（应在 ${at} 前）`,
  paused: (metric, left) => say`${words.metric[metric]}计时暂停${left === null ? '' : `，还剩 ${left}`}`,
  met: (metric, spent) => say`${words.metric[metric]} ${spent}，达成`,
  missed: (metric, spent) => say`${words.metric[metric]} ${spent}，超时`,
  progress: (at, text) => say`最近进展 ${at}：${text}`,
  waiting: (reason, since, until) =>
    say`${words.reason[reason]}，自 ${since} 起${until === null ? '' : say`，到 ${until} 自动继续`}`,
  waitingForYou: ['在等项目组的答复，在话题里回复就会继续处理。'],
  askConsent: (by) => say`计时还在走，你们同意后才暂停；${by} 前没有答复，视为同意。`,
  awaitsConsent: (by) => say`计时还在走，等项目组同意暂停；${by} 前没有答复，视为同意。`,
  consented: (since, how) =>
    how === 'given' ? say`项目组已同意，计时自 ${since} 暂停。` : say`没有收到答复，视为同意，计时自 ${since} 暂停。`,
  budget: ({ tier, left, ola, overrun, following }) =>
    say`${tier} ${bold(left === null ? '没有余量了' : `还有 ${left}`)}（${[
      ...(ola === null ? [] : [`OLA ${ola}`]),
      ...overrun.map(({ tier: of, by }) => `${of} 超了 ${by}`),
      ...(following.length === 0 ? [] : [`已为 ${following.join('、')} 留出 OLA`]),
    ].join('，')}）`,
  authorization: ['服务范围待确认，已请负责人授权，这边的记录不会丢。'],
  restored: ['业务已恢复，根因还在处理。'],
  solution: (text) => say`方案：${text}`,
  closing: (cause, closure) => say`原因：${cause} · ${closure}`,
  pleaseConfirm: ['请提出人确认是否解决。'],
  closedBy: (by, at) =>
    by === 'confirm'
      ? say`已确认，${at} 关闭`
      : by === 'lead'
        ? say`由负责人关闭，${at}`
        : say`未收到确认，${at} 自动关闭`,
  rating: (score) => say`评分 ${'★'.repeat(score)}${'☆'.repeat(5 - score)}`,
  reopenHint: ['又出现的话，可以重新打开。'],
  rejected: (reason, of) => (of === null ? say`未受理：${reason}` : say`未受理：${reason}，请看 ${of}`),
  handover: (from) => say`从 ${from} 交接过来，等待接手`,
  orClaimWith: (emoji) => say`或者用 ${emoji} 认领`,
};

const notice: NoticeTexts = {
  offerRegister: (id, missing) =>
    say`${id} 还差${missing.map((field) => words.field[field]).join('、')}。不清楚也没关系，可以先按现状登记，之后再补。`,
  call: (id, severity) => say`${id}（${severity}）等你认领。`,
  nobodyOnDuty: (team, lead) =>
    lead === null
      ? say`${team}现在没有值班人，也没有组长，请看到的同事认领。`
      : say`${team}现在没有值班人，已直接通知组长 ${lead}。`,
  back: (id, team) => say`${id} 又回到${team}，等待认领。前面的经过都在这个话题里。`,
  queuedAgain: (id, because, by) =>
    because === 'released'
      ? say`${by} 释放了 ${id}，等待认领。`
      : because === 'silent'
        ? say`${id} 提醒后仍没有 ${by} 的进展，已退回队列，等待认领。`
        : say`${by} 重新打开了 ${id}，等待认领。`,
  returnsAt: (at) => say`${at} 前还没有进展的话，会退回队列重新派给值班人。`,
  handover: (id, from, to) =>
    say`${bold(`接手 ${id}`)}${from === null ? '' : ` · 从 ${from}`}${to === null ? '' : ` 到 ${to}`}`,
  brief: {
    what: '现象',
    environment: '环境',
    tried: '已做',
    evidence: '证据',
    open: '未决',
    time: '时间',
    nothingTried: '还没有记录',
    message: (at) => say`📌 消息 ${at}`,
    waiting: (reason, since) => say`${words.reason[reason]}（自 ${since} 起）`,
    note: (text) => say`交接说明：${text}`,
    escalatedAt: (metric, point) => say`${words.metric[metric]}到了 ${point} 的时点，自动升级。`,
    question: (text, by, at) => say`等客户回答“${text}”（${by} ${at} 问）`,
    promised: '承诺',
    promise: (text, by, at) => say`“${text}”（${by} ${at}）`,
  },
  offDuty: (name) => say`${name} 现在不在值班，交接仍然有效。急的话请同时联系值班人。`,
  returned: (id, by, note) => say`${by} 退回了 ${id}${noted(note)}`,
  soon: (id, metric, left, at) => say`${id} ${words.metric[metric]}还剩 ${left}（${at}）。`,
  over: (id, metric, by) => `${id} ${words.metric[metric]}${by === null ? '刚刚超时' : `超时 ${by}`}`,
  late: (at, by) => say`这条本应在 ${at} 提醒，晚了 ${by}。`,
  escalatedTo: (team) => say`已自动升级到${team}。`,
  noNextTier: (team, ladder) =>
    ladder ? say`${team}没有下一级可升，改为逐级通知。` : say`${team}没有下一级可升，也没有配置升级阶梯。`,
  askConsent: (id, reason, by) =>
    say`${id} 先挂起（${words.reason[reason]}）。计时要不要暂停需要你们同意：回复“同意”或点下面的按钮。${by} 前没有答复，视为同意；在那之前计时照走。`,
  handledBy: (name, team) =>
    name === null
      ? say`还没有人认领${team === null ? '' : `（${team}）`}`
      : say`处理人 ${name}${team === null ? '' : `（${team}）`}`,
  lastProgress: (at, text) => say`最近进展是 ${at} 的“${text}”。`,
  noProgress: ['还没有进展记录。'],
  ladder: (id, severity, status, since) => say`${bold(`${id} 需要关注`)} · ${severity} · ${status}，已 ${since}。`,
  instead: (team) => say`${team}现在没有值班人，所以直接找你。`,
  unreachable: (names) => say`${names.join('、')}联系不上，已直接升到这里。`,
  urgent: (text) => say`🚨 ${bold('加急，请现在就看')}\n${text}`,
  acknowledged: (id, by, note) => say`${by} 已知悉 ${id} 的升级，不再往上通知${noted(note)}`,
  severityChanged: (id, from, to, by, note) => say`${by} 把 ${id} 由 ${from} 调为 ${to}${noted(note)}`,
  restored: (id, by, note) =>
    say`${id} 业务已恢复（${by}）${note === null || note === '' ? '，根因还在处理。' : `：${note}`}`,
  resolved: (id, by, solution) => say`${id} 已由 ${by} 解决：${solution}`,
  solvedOrNot: (id) => say`${id} 是解决了，还是还有问题？`,
  closeReminder: (id, closesAt) =>
    closesAt === null
      ? say`${id} 还在等确认。`
      : say`${id} 还在等确认。没有答复的话，${closesAt} 会自动关闭，之后仍可重新打开。`,
  closed: (id, by, who) =>
    by === 'confirm'
      ? say`${who} 已确认，${id} 关闭。`
      : by === 'lead'
        ? say`${who} 关闭了 ${id}。`
        : say`一直没有收到确认，${id} 已自动关闭。又出现的话，可以重新打开。`,
  askRating: ['这次处理怎么样？点一下就行，说明可写可不写。'],
  reopened: (id, by, note) => say`${by} 重新打开了 ${id}${noted(note)}`,
  rejected: (id, reason, note, of) =>
    say`${id} 没有受理：${reason}${of === null ? '' : `（见 ${of}）`}${note === null || note === '' ? '。' : `。${note}`}`,
  cancelled: (id, by, note) => say`${by} 撤销了 ${id}${noted(note)}`,
  attachment: (name) => `📎 ${name}`,
  deletedMessage: ['（这条消息已撤回）'],
};

const asking = (question: string): RichText => [`${question}直接回复这条就行，不清楚也可以说“不清楚”。`];

export const zh: Texts = {
  language: 'zh-CN',
  words,
  duration: (ms) => formatDuration(ms, 'zh'),
  card,
  notice,
  answer: answersZh,
  form: formZh,
  explain: explainZh,
  ask: {
    title: asking('用一句话说，是什么问题？'),
    description: asking('具体现象是什么？有报错的话请贴一下。'),
    product: asking('是哪个产品？'),
    component: asking('大概是哪个组件或模块？'),
    version: asking('现在用的是哪个版本？'),
    environment: asking('是生产、预发还是测试环境？'),
    site: asking('在哪个局点或机房？'),
    impact: asking('影响到哪些业务或多少用户？'),
    impact_level: asking('影响的是全部、部分还是个别用户？'),
    since: asking('从什么时候开始的？'),
  },
  refusal: refusalZh,
};
