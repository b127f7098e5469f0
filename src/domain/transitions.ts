import type { PublicCommandType } from './commands.ts';
import type { Ticket } from './ticket.ts';
import { OPEN_STATUSES, STATUSES } from './words.ts';
import type { Status } from './words.ts';

const HANDLING = ['in_progress', 'pending', 'restored'] as const;

/** From which statuses a command is possible: the table of the contract. Looped over in tests, drawn in the docs. */
export const FROM: Readonly<Record<PublicCommandType, readonly Status[]>> = {
  set: STATUSES.filter((status) => status !== 'closed'),
  register: ['draft'],
  authorize: ['draft', 'queued'],
  reject: ['draft', 'queued'],
  claim: ['queued'],
  assign: ['queued', 'in_progress'],
  transfer: HANDLING,
  accept_handover: ['in_progress'],
  return: ['in_progress'],
  release: HANDLING,
  pend: ['in_progress', 'restored'],
  consent: ['pending'],
  resume: ['pending'],
  escalate: ['queued', ...HANDLING],
  war_room: ['queued', ...HANDLING],
  acknowledge: OPEN_STATUSES,
  set_severity: OPEN_STATUSES,
  restore: ['in_progress', 'pending'],
  resolve: HANDLING,
  confirm: ['resolved'],
  reopen: ['restored', 'resolved', 'closed'],
  close: ['resolved'],
  cancel: OPEN_STATUSES,
  comment: STATUSES,
  note: STATUSES,
  evidence: STATUSES,
  internal: STATUSES,
  link: STATUSES,
  rate: ['resolved', 'closed'],
  checkpoint: STATUSES,
};

/** One exception to the table: what is handled as an emergency without a contract can still be authorized, or turned away. */
export const isPossible = (type: PublicCommandType, ticket: Ticket): boolean =>
  FROM[type].includes(ticket.status) ||
  ((type === 'authorize' || type === 'reject') &&
    ticket.entitlement === 'waiting' &&
    (HANDLING as readonly Status[]).includes(ticket.status));

/** What the status allows, whoever asks; in the order of the contract's table. */
export const possible = (ticket: Ticket): PublicCommandType[] =>
  (Object.keys(FROM) as PublicCommandType[]).filter((type) => isPossible(type, ticket));
