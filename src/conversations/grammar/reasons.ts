/** What a ticket waits for, and why it is refused, by the words people use. */
import { PEND_REASONS, type PendReason, type RejectReason } from '../../domain/words.ts';

/** Words that say what is waited for, and nothing else. */
export const PEND_WORDS =
  /(?:等待?|waiting (?:for|on)|wait for)?\s*(?:the\s+)?(?:客户|用户|对方|customer|client|厂商|原厂|供应商|vendor|supplier|备件|配件|spare[_ ]?parts?|变更|割接|窗口|change(?: window)?|观察|observation|observe)/gi;

const PEND_BY: readonly (readonly [PendReason, RegExp])[] = [
  ['spare_part', /备件|配件|spare|硬盘到货|parts?\b/i],
  ['change', /变更|割接|变更窗口|\bchange\b|maintenance window|\bCAB\b/i],
  ['vendor', /厂商|原厂|供应商|vendor|supplier|第三方/i],
  ['observation', /观察|观测|observ|monitor/i],
  ['customer', /客户|用户|对方|customer|client|requester/i],
];

export const pendReason = (body: string): PendReason | null =>
  PEND_REASONS.find((reason) => new RegExp(`(?:^|\\s)${reason}(?![\\w])`).test(body)) ??
  PEND_BY.find(([, words]) => words.test(body))?.[0] ??
  null;

export const rejectReason = (body: string): RejectReason | null => {
  if (/重复|重了|\bdup(?:licate)?\b|同一个/i.test(body)) return 'duplicate';
  if (/合同|过保|脱保|维保|续签|未授权|没授权|not_entitled|entitle|contract|expired/i.test(body)) return 'not_entitled';
  if (/不归|范围|out[ _]of[ _]scope|第三方|third.party|自己|不属于|不是我们/i.test(body)) return 'out_of_scope';
  return null;
};
