import { bold, join, say } from './say.ts';
import type { AnswerTexts, Ways } from './texts.ts';
import { WORDS_ZH as words } from './words-zh.ts';

/** How a command is given where there is no thread; `slash` has its words in English, as they have always been. */
const command = ({ slash }: Ways, english: string, chinese: string): string =>
  slash ? `/itr ${english}` : `@我 ${chinese}`;

const meaning = (near: readonly string[]): string => (near.length === 0 ? '' : `是不是指 ${near.join(' 或 ')}？`);

export const answersZh: AnswerTexts = {
  done: (command, id) => {
    switch (command) {
      case 'set':
        return say`${id} 已补充。`;
      case 'register':
        return say`${id} 已登记。`;
      case 'claim':
        return say`${id} 归你处理。`;
      case 'pend':
        return say`${id} 已挂起。`;
      case 'resolve':
        return say`${id} 已解决，等提出人确认。`;
      case 'comment':
        return say`已发到 ${id} 的话题里。`;
      case 'note':
        return say`已记在 ${id} 上，只有内部可见。`;
      case 'acknowledge':
        return say`收到，${id} 不再往上通知。`;
      default:
        return say`${id}：${words.can[command]}，已完成。`;
    }
  },
  captured: (id) => say`已建单 ${id}，进展看话题里的卡片。`,
  alreadyTicket: (id, status) => say`这个话题已经是 ${id} 了，${status}。`,
  unboundChat: (admin, ways) =>
    say`这个群还没有绑定项目，消息已经记下，不会丢。请管理员${admin.length === 0 ? '' : ` ${admin.join('、')} `}在群里${ways.slash ? '执行' : '发'}：${bold(command(ways, 'bind project acme-core', '绑定 项目 acme-core'))}（换成自己的项目）。`,
  welcomeEscalation: say`超时和升级会发到这里。每条消息上都可以点“我知道了”或改派。`,
  welcomeAdmin: say`我自己出了毛病会说在这里：提醒响晚了、消息发不出去、平台断开了。开始时说一次，恢复时说一次。`,
  welcome: (project, team, ways) =>
    project !== null
      ? say`我负责 ${project} 的问题跟进。${ways.capture === null ? '' : say`在消息上点 ${ways.capture}，或者`} @我 说“建单”，就会记成工单。`
      : team !== null
        ? say`${team}的工单会发到这里。${ways.claim === null ? '' : say`点 ${ways.claim} 认领，`}@我 说“帮助”可以看用法。`
        : say`管理员可以用 ${bold(command(ways, 'bind project acme-core', '绑定 项目 acme-core'))} 把这个群绑定到项目，或用 ${bold(command(ways, 'bind team db-l1', '绑定 团队 db-l1'))} 绑定到团队。`,
  unknownCommand: (said) => (said === '' ? ['想做什么？可能是：'] : say`没看懂“${said}”。可能是：`),
  didYouMean: (said, near) => say`没有找到“${said}”。${meaning(near)}`,
  whichTicket: (command) => say`要${command}哪个工单？请带上编号，比如“${command} 128”。`,
  noSuchTicket: (id) => say`没有 ${id} 这个工单。`,
  notInHere: ['这个操作要在工单的话题里做。'],
  missingWord: (command, example) => say`${words.can[command]}还少一样，比如：${example}`,
  formExpired: ['表单已经过期，请再点一次按钮。'],
  openFormLabel: '打开表单',
  needsForm: (id) => say`${id} 还要填几项，请点下面的按钮。`,
  internalMarked: ['已标为内部，不会发给项目组。'],
  evidenceKept: ['已留作证据。'],
  rated: (score) => say`收到 ${score} 分，谢谢。想补充说明可以直接回复。`,
  mine: (count) => `我的工单 · ${count}`,
  noneMine: ['你名下没有进行中的工单。'],
  queue: (team, count) => `${team} 待处理 · ${count}`,
  onDuty: (team, name, until) =>
    until === null ? say`${team}现在由 ${bold(name)} 值班。` : say`${team}现在由 ${bold(name)} 值班，到 ${until}。`,
  nobodyOnDuty: (team, lead) =>
    lead === null ? say`${team}现在没有值班人。` : say`${team}现在没有值班人，请找组长 ${lead}。`,
  noTeam: ['是哪个团队？比如“值班 数据库一线”。'],
  board: (url) => say`看板：${{ kind: 'link', text: url, url }}`,
  noBoard: ['还没有设置访问地址（PUBLIC_URL），给不出看板链接。'],
  bound: (what) => say`这个群已绑定到 ${what}。`,
  unbound: ['这个群已解除绑定。'],
  notBound: ['这个群没有绑定。'],
  boundInFile: ['这个群的绑定写在配置文件里，请在文件里改。'],
  bindHelp: (ways) => [
    `用法：${command(ways, 'bind project acme-core', '绑定 项目 acme-core')}（项目群），${command(ways, 'bind team db-l1', '绑定 团队 db-l1')}（值班群），${command(ways, 'bind escalation', '绑定 升级群')}（升级群），${command(ways, 'bind admin', '绑定 管理员群')}（管理员群，机器人自检有问题说在这里）。`,
  ],
  mayNotBind: ['绑定群要管理员来做。'],
  unknownTarget: (what, said, near) => say`没有叫“${said}”的${what === 'project' ? '项目' : '团队'}。${meaning(near)}`,
  help: ({ capture, claim, done, slash }) => [
    say`${bold('建单')}：${capture === null ? '' : say`在消息上点 ${capture}，或`}在话题里 @我 说“建单”${slash ? '，或 /itr new' : ''}`,
    say`${bold('处理')}：${claim === null ? '' : say`${claim} 认领；`}在话题里 @我 说“认领”“等客户”“升级”“转派 @同事”“解决 原因和做法”`,
    say`${bold('确认')}：${done === null ? '' : say`${done} 或`}说“确认”；没有解决就说“重新打开”`,
    say`${bold('内部')}：以 // 开头的话不会发给项目组`,
    slash
      ? say`${bold('查看')}：/itr show 128 · /itr mine · /itr duty · /itr board · /itr explain 128`
      : say`${bold('查看')}：@我 或私聊我，说“查看 128”“我的工单”“值班”“看板”“为什么 128”`,
  ],
  digestTitle: '今天的值班和工单',
  digestDuty: (name, next) =>
    name === null
      ? ['今天没有值班人。']
      : next === null || next === name
        ? say`值班 ${bold(name)}`
        : say`值班 ${bold(name)}，之后是 ${next}`,
  digestCounts: ({ waiting, mine, over }) =>
    join([`待认领 ${waiting}`, `处理中 ${mine}`, ...(over === 0 ? [] : [bold(`已超时 ${over}`)])], ' · '),
  digestHole: (from, until) => (until === null ? say`${from} 起没有排值班人` : say`${from} 到 ${until} 没有排值班人`),
  digestQuiet: ['没有未了的工单。'],
  moreOf: (count) => say`还有 ${count} 个没有列出`,
  homeMine: '我处理的工单',
  homeRaised: '我提出的工单',
  homeQueue: (team) => `${team} · 待认领`,
  homeEmptyMine: '没有正在处理的工单。',
  homeEmptyRaised: '没有未关闭的工单。',
  homeEmptyQueue: '没有等待认领的工单。',
  failed: (errorId) => say`没有成功，请再试一次。错误编号 ${errorId}。`,
};
