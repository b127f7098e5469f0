import { digestCard } from './conversations/cards/digest.ts';
import { viewOf } from './conversations/cards/view.ts';
import type { Outgoing } from './conversations/platform.ts';
import type { Store } from './desk/ports.ts';
import type { WorldSource } from './desk/world.ts';
import { dutySlots, whoIsOnDuty } from './domain/duty.ts';
import { personRef } from './domain/escalation.ts';
import { DAY, toIsoWithOffset } from './domain/instant.ts';
import type { Team } from './domain/policy.ts';
import type { World } from './domain/world.ts';
import type { Job } from './scheduler/housekeeping.ts';
import type { Retention } from './scheduler/ports.ts';

export interface DigestDeps {
  readonly store: Store;
  readonly world: WorldSource;
  readonly publicUrl: string | null;
  readonly now: () => number;
}

const MOST = 200;

/** Every morning each duty chat reads who is on duty, what is open, and where the rota has a hole in the coming two weeks. */
export async function postDigests(deps: DigestDeps): Promise<void> {
  const world = deps.world.current();
  const now = deps.now();
  for (const chat of world.policy.chats) {
    const team = chat.team === null ? undefined : world.policy.teams.get(chat.team);
    if (chat.role !== 'duty' || team === undefined || !world.platforms.has(chat.platform)) continue;
    const card = digestCard(await digestOf(team, deps, world, now), world.policy.locale);
    const what: Outgoing = { card, language: world.policy.locale };
    // The key names the day: a second run, or a second process, says nothing.
    const day = toIsoWithOffset(now, world.policy.timezone).slice(0, 10);
    const lane = `${chat.platform}:${chat.id}`;
    await deps.store.write(async (tx) => {
      await tx.enqueue([
        {
          key: `digest:${lane}:${day}`,
          lane,
          ticket: null,
          delivery: { kind: 'say', platform: chat.platform, chat: chat.id, thread: null, what },
          dueAt: now,
        },
      ]);
    });
  }
}

async function digestOf(team: Team, deps: DigestDeps, world: World, now: number) {
  const { policy, overrides } = world;
  const rotation = team.rotation === null ? null : (policy.rotations.get(team.rotation) ?? null);
  const duty = { id: team.id, rotation, lead: team.lead };
  const nameAt = (at: number): string | null => {
    const { person } = whoIsOnDuty(duty, overrides, at);
    return person === null ? null : personRef(person, policy).name;
  };
  const { until } = whoIsOnDuty(duty, overrides, now);
  const holes =
    rotation === null
      ? []
      : dutySlots(duty, overrides, now, now + 14 * DAY).filter((slot) => slot.source === 'fallback');
  const tickets = await deps.store.read.openTickets({ team: team.id, limit: MOST });
  return {
    teamName: team.name,
    duty: nameAt(now),
    next: until !== null && until < now + DAY ? nameAt(until) : null,
    holes: holes.map((slot) => ({ from: slot.from ?? now, until: slot.until })),
    tickets: tickets.map((ticket) => viewOf(ticket, world, now, deps.publicUrl, policy.timezone)),
    now,
    timezone: policy.timezone,
  };
}

export const digestJob = (deps: DigestDeps): Job => ({
  name: 'digest',
  at: '0 9 * * *',
  timezone: deps.world.policy().timezone,
  run: () => postDigests(deps),
});

/** Long enough to look into what went wrong last week; Slack repeats an event for at most an hour. */
const HANDLED_FOR_MS = 7 * DAY;
/** Messages of threads that never became a ticket; those of tickets stay with them. */
const MESSAGES_FOR_MS = 90 * DAY;

/** So often that few wait, so seldom that many go at once. */
export const titlesJob = (retention: Retention, timezone: string): Job => ({
  name: 'titles',
  at: '* * * * *',
  timezone,
  run: () => retention.indexTitles(),
});

export const retentionJob = (retention: Retention, timezone: string, now: () => number): Job => ({
  name: 'retention',
  at: '30 3 * * *',
  timezone,
  run: async () => {
    const handled = now() - HANDLED_FOR_MS;
    await retention.prune({ inboxBefore: handled, outboxBefore: handled, messagesBefore: now() - MESSAGES_FOR_MS });
  },
});
