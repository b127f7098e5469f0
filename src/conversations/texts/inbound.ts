import type { Field, Language } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import type { ChatCommand } from '../grammar.ts';
import { join, say } from './say.ts';
import { WORDS_EN } from './words-en.ts';
import { WORDS_ZH } from './words-zh.ts';

/** Sentences that only the inward half needs. */
export interface InboundTexts {
  /** 🎫 in a duty or escalation chat. */
  readonly notIntake: RichText;
  /** 🚨 on what is S1 already. */
  topSeverity(id: string): RichText;
  /** A direct message cannot be a ticket's thread. */
  readonly captureElsewhere: RichText;
  readonly newNeedsTitle: RichText;
  /** The words which give a command, for examples and buttons. */
  readonly word: Readonly<Record<ChatCommand, string>>;
  /** What has to stand after the verb. */
  readonly example: Readonly<
    Record<
      | 'pend'
      | 'resolve'
      | 'reject'
      | 'rate'
      | 'set_severity'
      | 'comment'
      | 'note'
      | 'authorize'
      | 'assign'
      | 'transfer',
      string
    >
  >;
  /** Privately, to whoever asks the customer what the ticket knows. `byCustomer`: he has said it himself. */
  askedAgain(
    known: readonly {
      readonly field: Field;
      readonly value: string;
      readonly at: Inline | null;
      readonly byCustomer: boolean;
    }[],
  ): RichText;
  /** The person of `escalate` is no team. */
  readonly escalateToTeam: RichText;
}

const zh: InboundTexts = {
  notIntake: ['这个群不收问题。请在项目群里建单。'],
  topSeverity: (id) => say`${id} 已经是 S1，没有更高的级别了。要叫人可以用“升级”。`,
  captureElsewhere: ['请在项目群里建单，那里的话题会跟着工单走。'],
  newNeedsTitle: ['一句话说是什么问题，比如：建单 数据库连不上'],
  word: {
    capture: '建单',
    show: '查看',
    mine: '我的',
    duty: '值班',
    board: '看板',
    explain: '为什么',
    help: '帮助',
    bind: '绑定',
    unbind: '解绑',
    register: '登记',
    authorize: '授权',
    reject: '驳回',
    claim: '认领',
    assign: '指派',
    transfer: '转派',
    accept_handover: '接手',
    return: '退回',
    release: '释放',
    pend: '挂起',
    consent: '同意等待',
    resume: '恢复处理',
    escalate: '升级',
    war_room: '作战室',
    acknowledge: '知悉',
    set_severity: '级别',
    restore: '业务恢复',
    resolve: '解决',
    confirm: '确认',
    reopen: '重新打开',
    close: '关闭',
    cancel: '取消',
    comment: '回复',
    note: '内部',
    rate: '评分',
    child: '子单',
    call_back: '回访',
    complete_data: '资料已补全',
  },
  example: {
    pend: '等客户（或 厂商、备件、变更、观察）',
    resolve: '解决 连接池配置过小，已调到 200 #configuration',
    reject: '驳回 不在服务范围',
    rate: '评分 5',
    set_severity: '级别 S2',
    comment: '回复 补丁正在验证',
    note: '内部 怀疑是交换机',
    authorize: '授权 客户总监已电话同意',
    assign: '指派 @同事',
    transfer: '转派 @同事',
  },
  askedAgain: (known) =>
    join(
      known.map(({ field, value, at, byCustomer }) => {
        const when = at === null ? '' : say`（${at}）`;
        return say`${byCustomer ? '客户已经说过' : '工单里已经有'}：${WORDS_ZH.field[field]} ${value}${when}`;
      }),
      '；',
    ),
  escalateToTeam: ['升级要给一个团队，不写就是下一级。要交给某个人，请用“转派 @同事”。'],
};

const en: InboundTexts = {
  notIntake: ['No tickets are raised in this chat. Please raise it in the project’s chat.'],
  topSeverity: (id) => say`${id} is S1 already; there is nothing above it. "escalate" calls more people.`,
  captureElsewhere: ['Please raise it in the project’s chat: its thread goes with the ticket.'],
  newNeedsTitle: ['One sentence says what is wrong, for example: new database unreachable'],
  word: {
    capture: 'new',
    show: 'show',
    mine: 'mine',
    duty: 'duty',
    board: 'board',
    explain: 'explain',
    help: 'help',
    bind: 'bind',
    unbind: 'unbind',
    register: 'register',
    authorize: 'authorize',
    reject: 'reject',
    claim: 'claim',
    assign: 'assign',
    transfer: 'transfer',
    accept_handover: 'accept',
    return: 'return',
    release: 'release',
    pend: 'pend',
    consent: 'consent',
    resume: 'resume',
    escalate: 'escalate',
    war_room: 'war room',
    acknowledge: 'ack',
    set_severity: 'severity',
    restore: 'restore',
    resolve: 'resolve',
    confirm: 'confirm',
    reopen: 'reopen',
    close: 'close',
    cancel: 'cancel',
    comment: 'comment',
    note: 'note',
    rate: 'rate',
    child: 'child',
    call_back: 'called back',
    complete_data: 'data complete',
  },
  example: {
    pend: 'pend customer (or vendor, spare_part, change, observation)',
    resolve: 'resolve pool was too small, raised to 200 #configuration',
    reject: 'reject out of scope',
    rate: 'rate 5',
    set_severity: 'severity S2',
    comment: 'comment the patch is being verified',
    note: 'note: suspect the switch',
    authorize: 'authorize agreed by phone',
    assign: 'assign @colleague',
    transfer: 'transfer @colleague',
  },
  askedAgain: (known) =>
    join(
      known.map(({ field, value, at, byCustomer }) => {
        const when = at === null ? '' : say` (${at})`;
        return say`${byCustomer ? 'The customer has said it' : 'The ticket has it'}: ${WORDS_EN.field[field]} ${value}${when}`;
      }),
      '; ',
    ),
  escalateToTeam: [
    'It escalates to a team, or to the next tier if none is named. To give it to one person: transfer @colleague.',
  ],
};

const ALL: Readonly<Record<Language, InboundTexts>> = { 'zh-CN': zh, en };

export const inboundTexts = (language: Language): InboundTexts => ALL[language];
