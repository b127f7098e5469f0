import type { Gap } from '../../domain/entitlement.ts';
import type { Language, Status } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { bold, say } from './say.ts';
import { WORDS_EN } from './words-en.ts';
import { WORDS_ZH } from './words-zh.ts';

/** Sentences about contracts, children and call-backs: what goes on around the solving of a ticket. */
export interface ServiceTexts {
  readonly gap: Readonly<Record<Gap, string>>;
  authorizeRequest(about: {
    readonly id: string;
    readonly title: string;
    readonly customer: string | null;
    readonly gap: string | null;
    readonly emergency: boolean;
  }): RichText;
  uncovered(id: string, asked: string | null, emergency: boolean): RichText;
  authorized(id: string, by: string, reason: string): RichText;
  gapFound(id: string, gap: string | null, promised: boolean): RichText;
  completeData(id: string): RichText;
  childrenOpen(id: string, children: readonly string[]): RichText;
  childrenDone(id: string, child: string): RichText;
  /** `again`: nobody has, days after it was asked. */
  callBack(id: string, requester: string, title: string, again: boolean): RichText;
  child(id: string, team: string | null, status: Status): string;
  children(children: readonly string[]): RichText;
  childOf(id: string): RichText;
  childRaised(id: string, parent: string, team: string | null): RichText;
  readonly callBackTask: RichText;
  readonly dataTask: RichText;
  /** Examples after a word that needs more. */
  readonly example: { readonly child: string };
  readonly childNeedsTeam: RichText;
}

const zh: ServiceTexts = {
  gap: {
    no_project: '不知道是哪个项目',
    no_contract: '项目没有服务合同',
    not_yet: '合同还没有生效',
    expired: '合同已到期',
    product: '合同不含这个产品',
  },
  authorizeRequest: ({ id, title, customer, gap, emergency }) =>
    say`${bold(`${id} 需要授权`)}${customer === null ? '' : ` · ${customer}`}${gap === null ? '' : ` · ${gap}`}。${title}。${
      emergency ? '业务中断，已先安排恢复；是否继续处理请定一下。' : '授权后开始处理，不受理请说明原因。'
    }`,
  uncovered: (id, asked, emergency) =>
    say`${id} 已记下。服务合同这边需要确认一下，${asked === null ? '已请负责人处理' : `已请 ${asked} 确认`}，有结果会在这里说。${
      emergency ? '业务中断的部分会先帮忙恢复。' : ''
    }`,
  authorized: (id, by, reason) => say`${by} 已授权 ${id}：${reason}`,
  gapFound: (id, gap, promised) =>
    say`${id}${gap === null ? ' 没有有效合同' : `：${gap}`}。${promised ? '照常受理，承诺时间按一般规则。' : '先受理，暂不承诺时间。'}`,
  completeData: (id) => say`请补全客户和合同的资料，补好后回复“${id} 资料已补全”。`,
  childrenOpen: (id, children) => say`${id} 的子单 ${children.join('、')} 还没有解决，请确认是否真的可以结束。`,
  childrenDone: (id, child) => say`${id} 的子单都解决了，最后一个是 ${child}。可以继续 ${id} 了。`,
  callBack: (id, requester, title, again) =>
    say`${id} ${again ? '还没有人回访，' : ''}请回访 ${requester}：${title}。回访后回复“${id} 回访”，加上客户怎么说。`,
  child: (id, team, status) => `${id}${team === null ? '' : ` ${team}`} ${WORDS_ZH.status[status]}`,
  children: (children) => say`子单：${children.join('，')}`,
  childOf: (id) => say`${id} 的子单，对客户的承诺由 ${id} 负责`,
  childRaised: (id, parent, team) => say`已为 ${parent} 建子单 ${id}${team === null ? '' : `，派给${team}`}。`,
  callBackTask: ['待回访'],
  dataTask: ['待补全客户和合同资料'],
  example: { child: '子单 数据库二线' },
  childNeedsTeam: ['子单要写明团队或产品，比如：子单 数据库二线'],
};

const en: ServiceTexts = {
  gap: {
    no_project: 'nobody knows which project it is for',
    no_contract: 'the project has no contract',
    not_yet: 'the contract has not begun yet',
    expired: 'the contract has ended',
    product: 'the contract does not cover this product',
  },
  authorizeRequest: ({ id, title, customer, gap, emergency }) =>
    say`${bold(`${id} needs your authorization`)}${customer === null ? '' : ` · ${customer}`}${gap === null ? '' : ` · ${gap}`}. ${title}. ${
      emergency
        ? 'Business is down, so it is being recovered already; whether to go on is yours to say.'
        : 'Work begins once you authorize it; to turn it down, give the reason.'
    }`,
  uncovered: (id, asked, emergency) =>
    say`${id} is recorded. The service contract has to be checked first; ${asked === null ? 'the people in charge have been asked' : `${asked} has been asked`}, and the answer will come here.${
      emergency ? ' What is down will be recovered meanwhile.' : ''
    }`,
  authorized: (id, by, reason) => say`${by} authorized ${id}: ${reason}`,
  gapFound: (id, gap, promised) =>
    say`${id}${gap === null ? ' has no valid contract' : `: ${gap}`}. ${promised ? 'It is served all the same, with the usual targets.' : 'It is served, but no times are promised.'}`,
  completeData: (id) => say`Please complete the data of customer and contract, then reply "${id} data complete".`,
  childrenOpen: (id, children) =>
    say`${children.join(', ')}, raised for ${id}, ${children.length === 1 ? 'is' : 'are'} not solved yet. Please make sure that it can really end.`,
  childrenDone: (id, child) => say`Everything raised for ${id} is solved, ${child} last. ${id} can go on.`,
  callBack: (id, requester, title, again) =>
    say`${id}: ${again ? 'nobody has called back yet; ' : ''}please call ${requester} back about "${title}". Then reply "${id} called back" with what was said.`,
  child: (id, team, status) => `${id}${team === null ? '' : ` ${team}`}: ${WORDS_EN.status[status]}`,
  children: (children) => say`Children: ${children.join(', ')}`,
  childOf: (id) => say`Child of ${id}, which holds the promise to the customer`,
  childRaised: (id, parent, team) => say`Raised ${id} for ${parent}${team === null ? '' : `, with ${team}`}.`,
  callBackTask: ['Call-back open'],
  dataTask: ['Data of customer and contract to be completed'],
  example: { child: 'child Database L2' },
  childNeedsTeam: ['A child needs a team or a product, for example: child Database L2'],
};

const ALL: Readonly<Record<Language, ServiceTexts>> = { 'zh-CN': zh, en };

export const serviceTexts = (language: Language): ServiceTexts => ALL[language];
