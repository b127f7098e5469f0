/**
 * What a new owner has to know of the talk so far: questions that the customer has not answered, and what was promised to him. Read from the timeline, pure; by the
 * words people use, so it is a help and no proof.
 */
import type { EventOf, TicketEvent } from './events.ts';
import type { PersonRef } from './ticket.ts';
import { sameMessage } from './ticket.ts';
import type { Field, PendReason } from './words.ts';

/** One sentence that somebody said. */
export interface OpenEnd {
  readonly text: string;
  readonly by: PersonRef;
  readonly at: number;
}

const ENDS_ASKING = /[?？]\s*$/;
const ASKS_FOR =
  /请(?:您|你)?(?:们)?(?:尽快|帮忙|协助|再)?(?:提供|发(?:送|一下|我|给)?|补充|确认|告知|上传|反馈|描述|说明)|麻烦(?:您|你)?[^。！!]{0,8}(?:提供|发|补充|确认|告知|上传|看一下)|(?:please|could you|can you|would you)\s+(?:please\s+)?(?:send|provide|share|confirm|upload|attach|tell|let us know|check)/i;

/** A sentence that wants something of whoever reads it. */
export const asks = (text: string): boolean =>
  sentences(text).some((sentence) => ENDS_ASKING.test(sentence) || ASKS_FOR.test(sentence));

/** Said by the service side to the customer, and not answered: nobody of the customer's side has written in the origin thread since. */
export function openQuestions(timeline: readonly TicketEvent[]): readonly OpenEnd[] {
  const open: OpenEnd[] = [];
  for (const event of said(timeline)) {
    if (event.side === 'customer') {
      if (event.role === 'origin') open.length = 0;
      continue;
    }
    if (event.internal) continue;
    const question = sentences(event.text).findLast((one) => ENDS_ASKING.test(one) || ASKS_FOR.test(one));
    if (question !== undefined) open.push({ text: question, by: event.author, at: event.saidAt });
  }
  return open;
}

const WHEN =
  /(?:(?:今|明|后)(?:天|晚|早)|(?:下午|上午|晚上|中午|周[一二三四五六日天]|下班)|\d{1,2}[:：]\d{2}|\d{1,2}\s*点半?|\d+\s*(?:个?小时|分钟|天))[^，,。；;！!？?]{0,12}(?:之?前|以?内|给出?|提供|回复|反馈|同步|更新|出(?:补丁|结果|结论|版本)|答复|解决|修复|恢复)/;
const BY =
  /\b(?:by|before|within|until)\s+(?:\d{1,2}(?::\d{2})?\s*(?:am|pm)?|noon|tonight|tomorrow|today|(?:end of (?:the )?)?(?:day|eod|cob)|mon|tue|wed|thu|fri|sat|sun|\d+\s*(?:min|hour|day|h\b))/i;
const WILL = /\b(?:will|'ll|going to|promise|update|fix|patch|send|get back|have)\b/i;
/** Asking for something by six, or saying what was done by six, promises nothing. */
const NO_PROMISE = /[?？]\s*$|^(?:请|麻烦|如果|if\b|please\b|could you|can you)|(?:昨|前天|已经|已于|was|were)\s*/i;

/** Said by the service side to the customer, with a time in it; the latest `most`, oldest first. Simple on purpose: a promise of its own kind will be an event. */
export function promisesMade(timeline: readonly TicketEvent[], most = 3): readonly OpenEnd[] {
  return said(timeline)
    .filter((event) => event.side === 'service' && !event.internal)
    .flatMap((event) =>
      sentences(event.text)
        .filter((one) => !NO_PROMISE.test(one) && (WHEN.test(one) || (BY.test(one) && WILL.test(one))))
        .map((text) => ({ text, by: event.author, at: event.saidAt })),
    )
    .slice(-most);
}

const FIELD_ASKED: readonly (readonly [Field, RegExp])[] = [
  [
    'version',
    /(?:什么|哪个|哪一?个?|多少)版本|版本号?(?:是|为)?(?:多少|什么|哪|呢|吗|[?？])|(?:which|what)(?:'s| is)?(?: the| your)? (?:version|build|release)/i,
  ],
  [
    'environment',
    /(?:什么|哪个|哪套)环境|(?:是)?生产(?:环境)?还是|测试还是生产|(?:which|what) environment|\bprod(?:uction)? or\b|(?:staging|test) or prod/i,
  ],
  [
    'impact',
    /影响(?:范围|面|了?哪些|多少|到(?:哪|什么))|多少(?:用户|人|业务)(?:受影响)?|(?:how many|which) (?:users|customers|people)|what is (?:the )?impact|who is affected/i,
  ],
  [
    'since',
    /什么时候(?:开始|出现|发生)|何时(?:开始|出现|发生)|从什么时候|几点开始|since when|when did (?:it|this|that|the problem) (?:start|begin|happen|occur)|how long has/i,
  ],
  ['site', /(?:哪个|什么)(?:局点|机房|现场|站点)|(?:which|what) (?:site|data ?cent(?:er|re)|location)/i],
  ['product', /(?:哪个|什么)产品|which product/i],
];

/** Which known facts a sentence to the customer asks for. */
export const fieldsAsked = (text: string): readonly Field[] =>
  asks(text) ? FIELD_ASKED.filter(([, words]) => words.test(text)).map(([field]) => field) : [];

/** Where the timeline answers it: the customer's own message that says the value, else the change that recorded it. */
export function saidBefore(
  field: Field,
  value: string,
  timeline: readonly TicketEvent[],
  /** The same in people's words: `生产` of `production`. */
  inWords = value,
): { readonly at: number; readonly byCustomer: boolean } | null {
  const spellings = [value, inWords].map((one) => one.trim().toLowerCase());
  const message = said(timeline).find(
    (event) => event.side === 'customer' && spellings.some((one) => event.text.toLowerCase().includes(one)),
  );
  if (message !== undefined) return { at: message.saidAt, byCustomer: true };
  const recorded = timeline.findLast(
    (event) => (event.type === 'captured' || event.type === 'fields_changed') && event.fields[field] === value,
  );
  if (recorded === undefined) return null;
  return { at: recorded.type === 'captured' ? recorded.firstMessageAt : recorded.at, byCustomer: false };
}

/** What was said, as it stands now: edits in place, deleted and internally marked messages left out of what the customer heard. */
function said(timeline: readonly TicketEvent[]): readonly EventOf<'message'>[] {
  return timeline.flatMap((event) => {
    if (event.type !== 'message') return [];
    if (timeline.some((one) => one.type === 'message_deleted' && sameMessage(one.key, event.key))) return [];
    const edit = timeline.findLast((one) => one.type === 'message_edited' && sameMessage(one.key, event.key));
    const hidden = timeline.some((one) => one.type === 'note' && one.key !== null && sameMessage(one.key, event.key));
    const text = edit?.type === 'message_edited' ? edit.text : event.text;
    return [{ ...event, text, internal: event.internal || hidden }];
  });
}

const sentences = (text: string): readonly string[] =>
  text
    .split(/(?<=[。！!？?；;\n])|(?<=\.)\s+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** For whom the owner before was waiting, where only the hand-over ended it: whoever takes the ticket over waits for the same. Null: for nobody. */
export function waitLeft(
  timeline: readonly TicketEvent[],
): { readonly reason: PendReason; readonly since: number; readonly note: string | null } | null {
  let wait: { reason: PendReason; since: number; note: string | null; handovers: number } | null = null;
  for (const event of timeline) {
    if (event.type === 'pended' && event.consent === null)
      wait = { reason: event.reason, since: event.at, note: event.note, handovers: 0 };
    else if (event.type === 'resumed' || event.type === 'restored' || event.type === 'resolved') wait = null;
    else if (event.type === 'transferred' || event.type === 'released' || event.type === 'escalated') {
      // What the owner after that has done about it, nobody knows.
      if (wait !== null && (event.type !== 'escalated' || event.kind === 'functional') && ++wait.handovers > 1)
        wait = null;
    }
  }
  return wait === null || wait.handovers === 0 ? null : { reason: wait.reason, since: wait.since, note: wait.note };
}
