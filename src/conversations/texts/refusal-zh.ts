import type { Refusal } from '../../domain/errors.ts';
import { ticketId, type Status } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { worthSaying } from './refusal-context.ts';
import { say } from './say.ts';
import type { RefusalContext } from './texts.ts';
import { WORDS_ZH } from './words-zh.ts';
import { wordOf } from './words.ts';

export const refusalZh = (refusal: Refusal, about: RefusalContext): RichText => {
  const { reason } = refusal;
  const { id, assignee, requester, team, lead } = about;
  const command = wordOf(WORDS_ZH.can, about.command);
  switch (reason.code) {
    case 'not_now': {
      const possible = worthSaying(refusal.possible).map((type) => WORDS_ZH.can[type]);
      const then = possible.length === 0 ? '已经不能再改动。' : `现在可以：${possible.join('、')}。`;
      return say`${id} ${standing(reason.status, about)}。${then}`;
    }
    case 'already_claimed':
      return say`${reason.by.name}刚刚认领了 ${id}。需要的话可以在话题里协助，或请对方转派给你。`;
    case 'not_yours':
      switch (reason.needs) {
        case 'team': {
          const byLead = lead === null ? '' : `由组长 ${lead} 指派给你`;
          const byOwner = assignee === null ? '' : `请 ${assignee} 转派`;
          const ways = [byOwner, byLead].filter((way) => way !== '').join('，或');
          return say`你不在 ${team ?? '负责的团队'}，不能直接${command} ${id}。${ways === '' ? '' : `可以${ways}。`}`;
        }
        case 'assignee':
          return assignee === null
            ? say`${id} 还没有人认领，先认领才能${command}。`
            : say`${id} 由 ${assignee} 负责，${command}请找${lead === null ? '本人' : `本人或组长 ${lead}`}。`;
        case 'requester':
          return say`${command}由提出人${requester === null ? '' : ` ${requester} `}一方来做。需要的话可以在话题里请对方操作。`;
        case 'lead':
          return say`${command} ${id} 需要组长或经理来做。${lead === null ? '' : `可以请组长 ${lead}。`}`;
        case 'staff':
          return say`${command}由支持团队的工程师来做。可以在话题里直接说明，我们会看到。`;
        case 'reached':
          return say`${id} 的升级没有通知到你，所以不用你确认。负责人是 ${assignee ?? team ?? '值班团队'}。`;
      }
    case 'not_entitled':
      return say`${id} 不在有效合同范围内，暂时不能${command}。可以请${lead === null ? '项目经理' : `项目经理或组长 ${lead} `}先授权。`;
    case 'nothing_to_acknowledge':
      return say`${id} 现在没有需要确认的超时或升级。`;
    case 'reopen_window_over':
      return say`${id} 关闭已久，不能再重新打开。请在原话题之外新建一个工单，并关联 ${id}。`;
    case 'no_next_tier':
      return say`${team ?? reason.team}上面没有下一线了。可以写明团队，比如“升级 数据库二线”。`;
    case 'no_handover':
      return say`${id} 现在没有等待接手的交接。`;
    case 'has_war_room':
      return say`${id} 已经有作战室了，链接在处理话题里。`;
    case 'no_chat':
      return say`${id} 在已接入的平台上没有话题，开不了作战室。`;
    case 'not_as_child':
      return reason.because === 'circle'
        ? say`${ticketId(reason.child)} 已经是 ${id} 的上级工单，不能反过来作为它的子单。`
        : say`${ticketId(reason.child)} 已经是别的工单的子单了。可以改为“相关”关联。`;
    case 'unknown': {
      const what = {
        person: '这个人',
        team: '这个团队',
        cause: '这个原因',
        closure: '这个关闭类型',
        message: '这条消息',
        ticket: '这个工单',
      }[reason.what];
      const near = reason.near.length === 0 ? '' : `是不是指 ${reason.near.join(' 或 ')}？`;
      return say`没有找到“${reason.found}”${what}。${near}`;
    }
    case 'invalid':
      return say`“${reason.what}”不对，应为：${reason.wanted}。`;
  }
};

const standing = (status: Status, { assignee, requester, team }: RefusalContext): string => {
  switch (status) {
    case 'draft':
      return '还在补充信息，没有登记';
    case 'queued':
      return `在${team === null ? '' : ` ${team} `}等待认领`;
    case 'in_progress':
      return assignee === null ? '正在处理' : `由 ${assignee} 处理中`;
    case 'pending':
      return '已挂起';
    case 'restored':
      return '业务已恢复，根因还在处理';
    case 'resolved':
      return `已解决，等待${requester ?? '提出人'}确认`;
    case 'closed':
      return '已关闭';
    case 'rejected':
      return '未受理';
    case 'cancelled':
      return '已撤销';
  }
};
