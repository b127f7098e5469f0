import type { Delivery, OutboxDraft, StoredMessage } from '../../src/desk/ports.ts';
import type { TicketEvent } from '../../src/domain/events.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Timer } from '../../src/domain/timers.ts';

export const T0 = Date.UTC(2026, 10, 20, 8);

const mei = { id: 'mei', name: 'Mei' };
const wei = { id: 'wei', name: 'Wei' };

export function aTicket(number: number, seq: number, more: Partial<Extract<Ticket, { status: 'draft' }>> = {}): Ticket {
  return {
    number,
    seq,
    status: 'draft',
    kind: 'incident',
    severity: 'S2',
    severityGuessed: false,
    priority: 'P2',
    fields: { title: `Ticket ${number}`, product: 'db' },
    language: 'en',
    requester: mei,
    project: 'apollo',
    customer: 'acme',
    contract: null,
    entitlement: 'open',
    team: 'db-l1',
    tier: 'L1',
    routedBy: null,
    openedAt: T0,
    firstMessageAt: T0,
    respondedAt: null,
    updatedAt: T0,
    threads: [],
    links: [],
    clocks: [],
    ladder: null,
    asking: null,
    asked: [],
    lastProgress: null,
    evidence: [],
    internal: [],
    dispatches: 0,
    resolutions: 0,
    handover: null,
    ...more,
  };
}

export const claimed = (ticket: Ticket): Ticket => ({
  ...ticket,
  status: 'in_progress',
  assignee: wei,
  claim: { at: T0, via: null },
});

export const ended = (ticket: Ticket): Ticket => ({ ...ticket, status: 'cancelled', endedAt: T0 });

export const aNote = (seq: number, text = `note ${seq}`): TicketEvent => ({
  type: 'note',
  text,
  key: null,
  seq,
  at: T0 + seq,
  actor: wei,
});

export const aTimer = (clock: string, dueAt: number, more: Partial<Timer> = {}): Timer => ({
  clock,
  point: '75',
  occurrence: 0,
  dueAt,
  ...more,
});

export const aMessage = (message: string, more: Partial<StoredMessage> = {}): StoredMessage => ({
  platform: 'slack',
  chat: 'C1',
  thread: 't1',
  message,
  author: 'mei',
  authorName: 'Mei',
  user: 'UMEI',
  at: T0,
  text: `says ${message}`,
  attachments: [{ name: 'trace.txt', url: null }],
  deleted: false,
  ...more,
});

export const saying = (key: string, more: Partial<OutboxDraft> = {}): OutboxDraft => ({
  key,
  lane: 'slack:C1',
  ticket: 1,
  delivery: { kind: 'say', platform: 'slack', chat: 'C1', thread: null, what: { text: key } } satisfies Delivery,
  dueAt: T0,
  ...more,
});

export const staleCard = (thread: string, more: Partial<OutboxDraft> = {}): OutboxDraft => ({
  ...saying(`card ${thread}`),
  delivery: { kind: 'card', platform: 'slack', chat: 'C1', thread },
  ...more,
});
