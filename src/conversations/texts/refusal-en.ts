import type { Refusal } from '../../domain/errors.ts';
import { ticketId, type Status } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { worthSaying } from './refusal-context.ts';
import { say } from './say.ts';
import type { RefusalContext } from './texts.ts';
import { WORDS_EN } from './words-en.ts';
import { wordOf } from './words.ts';

export const refusalEn = (refusal: Refusal, about: RefusalContext): RichText => {
  const { reason } = refusal;
  const { id, assignee, requester, team, lead } = about;
  const can = wordOf(WORDS_EN.can, about.command);
  const command = id === '' ? can : can.replace(/\bit\b/, id);
  switch (reason.code) {
    case 'not_now': {
      const possible = worthSaying(refusal.possible).map((type) => WORDS_EN.can[type]);
      const then =
        possible.length === 0 ? 'Nothing more can be done with it.' : `What works now: ${possible.join(', ')}.`;
      return say`${id} ${standing(reason.status, about)}. ${then}`;
    }
    case 'already_claimed':
      return say`${reason.by.name} claimed ${id} a moment before you. You can help in the thread, or ask for it to be handed to you.`;
    case 'not_yours':
      switch (reason.needs) {
        case 'team': {
          const byLead = lead === null ? '' : `${lead}, the team's lead, can assign it to you`;
          const byOwner = assignee === null ? '' : `${assignee} can hand it over`;
          const ways = [byOwner, byLead].filter((way) => way !== '').join(', or ');
          return say`You are not in ${team ?? 'the team that has it'}, so you can't ${command} yourself.${ways === '' ? '' : ` ${ways}.`}`;
        }
        case 'assignee':
          return assignee === null
            ? say`${id} has no owner yet; claim it first, then you can ${command}.`
            : say`${id} is ${assignee}'s. To ${command}, ask ${assignee}${lead === null || lead === assignee ? '' : ` or ${lead}, the team's lead`}.`;
        case 'requester':
          return say`Only the side that raised ${id}${requester === null ? '' : ` (${requester})`} can ${command}. You can ask for it in the thread.`;
        case 'lead':
          return say`It takes a lead or a manager to ${command}.${lead === null ? '' : ` You can ask ${lead}.`}`;
        case 'staff':
          return say`Only the support team can ${command}. Say it in the thread, and they will see it.`;
        case 'reached':
          return say`The escalation of ${id} has not come to you, so there is nothing for you to acknowledge. It is with ${assignee ?? team ?? 'the team on duty'}.`;
      }
    case 'not_entitled':
      return say`${id} is not covered by a contract, so nobody can ${command} yet. ${lead === null ? "The project's manager" : `The project's manager or ${lead}`} can authorize it.`;
    case 'nothing_to_acknowledge':
      return say`Nothing on ${id} is waiting to be acknowledged.`;
    case 'reopen_window_over':
      return say`${id} was closed too long ago to be reopened. Raise a new ticket and mention ${id} in it.`;
    case 'no_next_tier':
      return say`There is no tier above ${team ?? reason.team}. Name a team, as in "escalate Database L2".`;
    case 'no_handover':
      return say`No hand-over of ${id} is waiting to be accepted or returned.`;
    case 'has_war_room':
      return say`${id} has a war room already; its link is in the work thread.`;
    case 'no_chat':
      return say`${id} has no thread on a connected platform, so there is nowhere to open a war room.`;
    case 'not_as_child':
      return reason.because === 'circle'
        ? say`${ticketId(reason.child)} stands above ${id} already, so it can't be its child.`
        : say`${ticketId(reason.child)} is another ticket's child already. You can link it as related.`;
    case 'unknown': {
      const what =
        reason.what === 'person' ? 'a person called' : reason.what === 'team' ? 'a team called' : `the ${reason.what}`;
      const near = reason.near.length === 0 ? '' : ` Did you mean ${reason.near.join(' or ')}?`;
      return say`I don't know ${what} "${reason.found}".${near}`;
    }
    case 'invalid':
      return say`"${reason.what}" doesn't fit; it should be ${reason.wanted}.`;
  }
};

const standing = (status: Status, { assignee, requester, team }: RefusalContext): string => {
  switch (status) {
    case 'draft':
      return 'is not registered yet; details are missing';
    case 'queued':
      return `is waiting for an owner${team === null ? '' : ` in ${team}`}`;
    case 'in_progress':
      return assignee === null ? 'is in progress' : `is in progress with ${assignee}`;
    case 'pending':
      return 'is on hold';
    case 'restored':
      return 'has service restored; the cause is still open';
    case 'resolved':
      return `is resolved and waits for ${requester ?? 'the requester'} to confirm`;
    case 'closed':
      return 'is closed';
    case 'rejected':
      return 'was not accepted';
    case 'cancelled':
      return 'was withdrawn';
  }
};
