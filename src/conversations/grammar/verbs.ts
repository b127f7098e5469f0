/**
 * The words that give a command, in both languages. `start` must stand at the beginning of what was said (after the bot's name, a "please" and a
 * ticket number); `within` may stand later in a sentence that addresses the bot, unless a negation, a condition or a question makes it talk.
 * Order matters: the first that matches wins.
 */
import type { PublicCommandType } from '../../domain/commands.ts';
import { ROSTER_WORDS } from './roster.ts';

export type ChatCommand =
  | Exclude<PublicCommandType, 'set' | 'evidence' | 'internal' | 'link' | 'checkpoint'>
  | 'child'
  | 'call_back'
  | 'complete_data'
  | 'capture'
  | 'show'
  | 'mine'
  | 'duty'
  | 'board'
  | 'explain'
  | 'help'
  | 'bind'
  | 'unbind';

export interface Verb {
  readonly command: ChatCommand;
  readonly start: RegExp;
  readonly within?: RegExp;
  /** What is a question by nature may be asked as one. */
  readonly question?: true;
}

/** Ends a Latin word. */
const E = '(?![\\w-])';
/** Ends a Chinese verb that is a common noun or a part of one too: 取消 in 取消订单, 关闭 in 关闭按钮. */
const Z = '(?=$|[\\s,，.。:：;；!！~～(（]|吧|了|掉|这|该|此|本|它|单|工单|问题|itr|#|\\d)';
const S = (source: string): RegExp => new RegExp(`^(?:${source})`, 'i');

export const VERBS: readonly Verb[] = [
  {
    command: 'note',
    start: S(
      `\\/\\/|内部(?:备注|说明|记录)?(?=[\\s:：])|备注(?=[\\s:：])|internal note${E}|internal(?=\\s*:)|note(?=\\s*:|\\s+(?!that${E}))`,
    ),
  },
  { command: 'child', start: S(`(?:建|开|提|新建)?(?:一?个)?子(?:工|问题)?单${Z}|child(?: ticket)?${E}(?= |$)`) },
  {
    command: 'call_back',
    start: S(`(?:已经?)?回访(?:了|过|完成?)?(?=$|[\\s,，。.:：;；!！])|called (?:them |him |her )?back${E}`),
  },
  {
    command: 'complete_data',
    start: S(`(?:客户|合同)?(?:资料|数据|信息)已?(?:补全|补齐|补好)了?${Z}|data (?:is |are )?complete${E}`),
  },
  { command: 'bind', start: S(`bind${E}|绑定`) },
  { command: 'unbind', start: S(`unbind${E}|解绑|取消绑定`) },
  { command: 'board', start: S(`看板${Z}|board${E}|打开看板|(?:open|show)(?: me)? the board${E}`), question: true },
  {
    command: 'mine',
    start: S(`我的(?:单|工单|问题|任务)?(?=$|[\\s?？吧呢])|mine(?=$|[\\s?])|my tickets${E}`),
    within: /我名下|我手[上头]|on my plate|what do i (?:have|own)|my (?:open )?tickets/i,
    question: true,
  },
  {
    command: 'duty',
    start: S(`值班|duty${E}|on.?call${E}|(?:${ROSTER_WORDS})(?![^\\s@＠到至从\\d今明后周])`),
    within: /谁(?:在)?值班|值班(?:的)?是谁|who(?:'s| is) on (?:call|duty)|on.?call right now/i,
    question: true,
  },
  {
    command: 'explain',
    start: S(
      `explain(?=\\s*$|\\s+(?:itr-?|#)?\\d|\\s+(?:this|why|it))|解释|为什么|为啥|怎么(?:会)?是这个(?:时间|级别|团队)|why${E}`,
    ),
    question: true,
  },
  {
    command: 'help',
    start: S(
      `help(?=\\s*[?!.]*$|\\s+me)|帮助|怎么用|如何使用|用法|使用说明|(?:有|都有|支持)(?:哪些|什么)命令|命令(?:列表)?$|what can you do|commands?$|[?？]$`,
    ),
    within: /怎么用|有(?:哪些|什么)命令|what can you do|how do i use/i,
    question: true,
  },
  {
    command: 'show',
    start: S(
      `show${E}|查看${Z}|查一?下${Z}|看一?[看下](?=\\s*(?:itr|#|\\d|这|$))|显示|现状|状态(?=$|[\\s?？])|status${E}|what(?:'s| is) the status|进展(?=$|[\\s?？]|如何|怎么样)`,
    ),
    within: /(?:啥|什么)(?:情况|进展|状态)|(?:status|state|progress) of/i,
    question: true,
  },
  { command: 'rate', start: S(`评分|打分|评价|rate${E}|rating${E}`) },

  {
    command: 'war_room',
    start: S(
      `(?:请|帮我)?(?:开|建|拉|打开|建立|成立|启动)?(?:一?个)?作战(?:室|群)${Z}|(?:open |start |create )?(?:a |the )?war ?-?room${E}`,
    ),
  },
  {
    command: 'acknowledge',
    start: S(
      `ack${E}|acknowledged?${E}|i(?:'ve| have) seen it|de-?escalate${E}|stop (?:the )?(?:escalation|ladder)${E}|(?:停止|取消|解除)(?:管理)?升级|已?知悉|我?知道了|升级已?知悉|已?收到升级|升级(?:通知)?(?:已?收到|已知悉)`,
    ),
  },
  {
    command: 'set_severity',
    start: S(
      `(?:级别|严重级别|严重程度|等级|sev(?:erity)?)(?=\\s*(?:#?\\d+\\s*)?[。.!！]?$|\\s*[1-4](?!\\d)|[^,，。]{0,24}(?:[s\\s:：]|为|到|成|至)[1-4](?!\\d))(?:\\s*(?:需要|要|应该|改|调|升|降|定|设|提|为|到|成|至|set|to|->|=|:|：))*|(?:这个|这单|该单|它)?\\s*(?:升级?|降级?|调整?|提升?|改)(?:级)?(?:为|到|成|至)?\\s*(?=s[1-4](?:$|[\\s,，。.:：;；!！吧]))|(?:down|up)grade(?: (?:it|this))?(?: to)?\\s*(?=s[1-4]${E})|(?:raise|lower|set|bump|change)(?: (?:it|this|severity))?(?: to)?\\s*(?=s[1-4]${E})|s[1-4](?=\\s*$)`,
    ),
  },
  {
    command: 'resume',
    start: S(
      `恢复处理|继续处理|取消挂起|解除挂起|取消暂停|解挂|接着(?:干|处理|弄)|resume(?:d)?${E}|un-?pause${E}|unhold${E}|back to work`,
    ),
    within: /接着(?:干|处理|弄)|继续处理|恢复处理|取消挂起/,
  },
  {
    command: 'reopen',
    start: S(
      `重新打开|重新?开(?:单|启)?(?=$|[\\s,，。:：]|itr|#|\\d|这|吧)|再打开|(?:还|仍|又)?(?:没有?|未)(?:解决|好)(?!了?吗)|还是(?:不行|有问题|一样|报错)|又(?:出现|复现)了|re-?open${E}|not (?:solved|fixed|resolved)${E}|still (?:failing|broken|not working|happening)${E}`,
    ),
  },
  {
    command: 'restore',
    start: S(
      `(?:业务|服务|系统)(?:已经?|都)?(?:恢复|可用)(?:了|正常)?|已?(?:临时)?恢复业务|已绕过|已恢复|恢复了|恢复(?=\\s|[。.!！]*$)|restored?${E}|service (?:is )?(?:back|restored|up)${E}|work(?:ed)?[ -]?around (?:in place|applied)`,
    ),
    within: /业务(?:已经?)?(?:恢复|可用)|服务(?:已经?)?恢复/,
  },
  {
    command: 'confirm',
    start: S(
      `确认(?:解决|关闭|无误|恢复|没问题|可以关闭|好了|ok)?${Z}|验证(?:通过|ok|没问题)|没问题了|可以关(?:闭|单)?了?|confirm(?:ed)?${E}(?! the)|verified${E}|(?:yes|yep|yeah)[, ]+(?:it'?s )?(?:solved|fixed|works)|works (?:now|again|on our side)`,
    ),
  },
  {
    command: 'resolve',
    start: S(
      `(?:已经?|问题)?解决(?:了|掉)?(?!不了|方案|办法|思路|一下)(?=$|[\\s,，。.:：;；!！]|吧|itr|#|\\d)|搞定(?:了)?|(?:已|已经)(?:处理|修复)(?:完毕|完成|好|完)?了?|(?:处理|修复)(?:完毕|完成|好|完|了)+|resolved?${E}|fixed${E}|done${E}|solved${E}`,
    ),
  },
  {
    command: 'release',
    start: S(
      `释放${Z}|(?:我)?(?:先)?放(?:回|弃)(?:队列|池)?${Z}|退回队列|unclaim${E}|un-claim${E}|release${E}|(?:put|push) (?:it|this) back`,
    ),
    within: /放回(?:队列|池)|back (?:in|into|to) the (?:pool|queue)/i,
  },
  {
    command: 'pend',
    start: S(
      `(?:先|暂时)?(?:挂起|挂着|挂一下|暂停|搁置)|pend(?:ing)?(?=\\s*$|\\s+(?:itr|#|\\d|customer|vendor|spare|change|observ|until|till|for|on))|pause${E}|(?:put (?:it|this) )?on hold${E}|hold${E}|等待?(?:一下)?(?:客户|用户|对方|厂商|原厂|供应商|备件|配件|变更|割接|窗口|观察)|(?:先)?观察|wait(?:ing)?(?: for| on)?(?: the| a)? (?:customer|client|vendor|supplier|spare|parts?|change|maintenance)`,
    ),
    within: /先挂(?:起|着)/,
  },
  {
    command: 'escalate',
    start: S(
      `管理升级|(?:申请|请求)?升级(?:到|给|至)?(?!之后|以后|后|前|包|版本|失败|补丁|手册|完)(?=$|[\\s,，。:：!！@吧]|itr|#|\\d|[一二三]线|下一级|.*(?:组|线|团队|研发|team))|[上升](?:升)?到(?=.*(?:线|组|研发|团队))|escalate${E}`,
    ),
  },
  {
    command: 'claim',
    start: S(
      `认领|接单|接了(?=$|[\\s,，。])|我来(?=$|[\\s,，。吧]|处理|跟|看|接|弄|搞)|我接|领了|给我(?=$|[\\s,，。吧])|claim(?:ed|ing)?${E}|take it${E}|i(?:'ll| will) take (?:it|this)|i(?:'ve| have)? got (?:it|this)|this one'?s mine|mine,|i'm on (?:it|this)${E}`,
    ),
  },
  { command: 'assign', start: S(`指派|派给|派单|分配|分派|assign(?!ed)${E}|give (?=(?:itr|#|\\d|it|this))`) },
  {
    command: 'transfer',
    start: S(
      `转派|转给|转交|移交|转单|转到|交给|转(?=\\s*[@＠])|transfer${E}(?! (?:failed|error|rate|timeout))|hand(?: (?:it|this))? over${E}|hand-?over${E}|reassign${E}|pass (?:it|this)(?: on)?${E}`,
    ),
  },
  { command: 'return', start: S(`退回(?=$|[\\s,，。:：])|退单|return${E}`) },
  { command: 'accept_handover', start: S(`接手${Z}|accept${E}`) },
  {
    command: 'consent',
    start: S(`同意(?:等待|挂起|暂停)|同意(?=[了吧]?[\\s。.!！~～]*$)|consent${E}|agreed to wait|agreed?(?=[\\s.!]*$)`),
  },
  { command: 'reject', start: S(`驳回|拒绝${Z}|拒掉|拒单|reject(?:ed)?${E}`), within: /拒掉|拒绝吧|驳回吧?$/ },
  { command: 'authorize', start: S(`授权${Z}|同意授权|特批|authori[sz]e${E}`) },
  {
    command: 'cancel',
    start: S(
      `取消${Z}|撤单|撤[回销]${Z}|不用(?:处理|管|看|弄)了|(?:我们)?提错了|误报${Z}|cancel(?=\\s*$|[\\s,.]+(?:it|this|please|the ticket|itr|#|\\d|ticket))|withdraw${E}|never ?mind${E}|ignore (?:it|this|me)`,
    ),
    within: /撤单/,
  },
  {
    command: 'close',
    start: S(
      `(?:帮我|可以)?(?:关闭|关单|关了|关掉|关一下|结单)${Z}|close(?=\\s*$|[\\s,.:;]+(?:it|this|the ticket|please|itr|#|\\d|cause|ticket))`,
    ),
    within: /关闭工单|关单|帮我关/,
  },
  {
    command: 'comment',
    start: S(
      `回复客户|回复(?=[\\s:：])|告诉客户|补充(?:一下|说明)?(?=[\\s:：,，])|comment${E}|reply${E}|tell the customer`,
    ),
  },
  {
    command: 'register',
    start: S(`(?:先|直接|就)?(?:按现状|这样)?(?:登记|注册)(?=$|[\\s,，。吧]|itr|#|\\d)|按现状登记|register${E}`),
    within: /(?:先|直接)(?:登记|注册)/,
  },
  {
    command: 'capture',
    start: S(
      `新?建(?:一?个)?(?:工|问题)?单|新建(?=$|[\\s,，:：])|[开提报](?:一?个)?(?:工|问题)?单|报障|提个?问题单|new${E}|ticket${E}|(?:open|create|raise|log|make|file)(?: (?:a|this|it|an))?(?: one)?(?: as)?(?: (?:a|an))?(?: new)? ?(?:ticket|issue|incident|request)?(?=$|[\\s:,.])(?<!^(?:open|create|raise|make|file|log))`,
    ),
    within:
      /[提开建记录立](?![^,，。]*错)[^,，。]{0,6}单|(?:open|create|raise|log|make|file) (?:a|an|this|it|one)\b[^,.]{0,20}\b(?:ticket|issue)|log (?:this|it)/i,
  },
];
