import type { EventBody } from './events.ts';
import type { MessageKey, PersonRef, ThreadRole } from './ticket.ts';
import type { Field } from './words.ts';

type PointReached = Extract<EventBody, { type: 'point_reached' }>;

/** To whom: a thread of the ticket, one person directly, or every chat bound as `escalation`. */
export type Audience =
  | { readonly to: 'origin' }
  | { readonly to: 'work'; readonly team: string }
  | { readonly to: 'person'; readonly person: string }
  | { readonly to: 'escalation' };

/** What has to be said, as meaning; `conversations/texts` makes sentences of it. */
export type NoticeBody =
  /** The card of that thread shows an old state. Never a message of its own where a card is there already. */
  | { readonly type: 'card' }
  /** Post the work card in the team's duty chat and open the work thread; `call` is mentioned. */
  | { readonly type: 'work_card'; readonly call: PersonRef | null; readonly nobodyOnDuty: boolean }
  | { readonly type: 'ask'; readonly field: Field }
  /** Everything was asked, something is still missing: register as it is? */
  | { readonly type: 'offer_register'; readonly missing: readonly Field[] }
  /** It is waiting for an owner again. */
  | {
      readonly type: 'queued_again';
      readonly call: PersonRef | null;
      readonly because: 'released' | 'reopened';
      readonly by: PersonRef;
    }
  | {
      readonly type: 'handover';
      readonly to: PersonRef | null;
      readonly from: PersonRef | null;
      readonly fromTeam: string | null;
      readonly note: string | null;
      readonly offDuty: boolean;
    }
  | { readonly type: 'handover_returned'; readonly by: PersonRef; readonly to: PersonRef; readonly note: string | null }
  | {
      readonly type: 'point';
      readonly clock: string;
      readonly point: string;
      readonly occurrence: number;
      readonly dueAt: number;
      readonly lateMs: number;
      readonly level: 'remind' | 'ping' | 'buzz';
      readonly mention: readonly PersonRef[];
    }
  | {
      readonly type: 'ladder';
      readonly step: number;
      readonly mention: readonly PersonRef[];
      readonly whom: string;
      readonly unreachable: readonly string[];
    }
  | { readonly type: 'acknowledged'; readonly by: PersonRef }
  | {
      readonly type: 'severity_changed';
      readonly from: string;
      readonly to: string;
      readonly by: PersonRef;
      readonly note: string | null;
      readonly call: PersonRef | null;
    }
  | { readonly type: 'restored'; readonly by: PersonRef; readonly note: string | null }
  | { readonly type: 'resolved'; readonly by: PersonRef; readonly solution: string; readonly requester: PersonRef }
  | { readonly type: 'solved_or_not'; readonly requester: PersonRef }
  | { readonly type: 'close_reminder'; readonly requester: PersonRef; readonly closesAt: number | null }
  | {
      readonly type: 'closed';
      readonly by: 'confirm' | 'lead' | 'auto';
      readonly who: PersonRef;
      readonly askRating: boolean;
    }
  | { readonly type: 'reopened'; readonly by: PersonRef; readonly note: string | null; readonly call: PersonRef | null }
  | { readonly type: 'rejected'; readonly reason: string; readonly note: string | null; readonly of: number | null }
  | { readonly type: 'cancelled'; readonly by: PersonRef; readonly note: string | null }
  /** What was said in one thread, brought into the other. */
  | {
      readonly type: 'carry';
      readonly key: MessageKey;
      readonly from: ThreadRole;
      readonly author: PersonRef;
      readonly text: string;
      readonly attachments: readonly { readonly name: string; readonly url: string | null }[];
    }
  | { readonly type: 'carry_edit'; readonly key: MessageKey; readonly author: PersonRef; readonly text: string }
  | { readonly type: 'carry_delete'; readonly key: MessageKey; readonly author: PersonRef }
  | { readonly type: 'comment'; readonly author: PersonRef; readonly text: string };

export interface Notice {
  readonly to: Audience;
  readonly body: NoticeBody;
  /** Sequence number of the event it tells of: part of the key by which nothing is said twice. */
  readonly seq: number;
}

export type { PointReached };
