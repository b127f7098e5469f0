import { whomName } from '../../domain/escalation.ts';
import type { TicketEvent } from '../../domain/events.ts';
import { toIsoUtc } from '../../domain/instant.ts';
import type { Whom } from '../../domain/policy.ts';
import { ticketId } from '../../domain/words.ts';

/** Keys of events whose numbers are instants. One that is forgotten here fails a test that walks every event. */
const INSTANTS = new Set(['at', 'saidAt', 'dueAt', 'until', 'startedAt', 'firstMessageAt']);

interface EntryJson {
  readonly seq: number;
  readonly at: string;
  readonly type: TicketEvent['type'];
  readonly actor: string;
  readonly actorName: string;
  readonly [detail: string]: unknown;
}

/** One entry of the timeline: people become ids (their names beside them), tickets numbers, instants ISO 8601. */
export function eventJson(event: TicketEvent): EntryJson {
  const { seq, at, type, actor, ...body } = event;
  const entry: EntryJson = {
    seq,
    at: toIsoUtc(at),
    type,
    actor: actor.id,
    actorName: actor.name,
    ...(plain(body) as Readonly<Record<string, unknown>>),
  };
  if (event.type === 'linked' && 'to' in event) return { ...entry, to: ticketId(event.to) };
  if (event.type === 'captured' && event.parent !== undefined) return { ...entry, parent: ticketId(event.parent) };
  if (event.type === 'rejected' && event.of !== null) return { ...entry, of: ticketId(event.of) };
  return entry;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'whom') out[key] = whomName(inner as Whom);
    else if (typeof inner === 'number' && INSTANTS.has(key)) out[key] = toIsoUtc(inner);
    else if (isPerson(inner)) {
      out[key] = inner.id;
      out[`${key}Name`] = inner.name;
    } else out[key] = plain(inner);
  }
  return out;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Exactly an id and a name: what the domain calls a PersonRef. */
const isPerson = (value: unknown): value is { readonly id: string; readonly name: string } =>
  isRecord(value) && Object.keys(value).length === 2 && typeof value.id === 'string' && typeof value.name === 'string';
