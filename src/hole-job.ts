import { tellHoles } from './conversations/roster-holes.ts';
import type { Directory } from './desk/desk.ts';
import type { Store } from './desk/ports.ts';
import type { WorldSource } from './desk/world.ts';
import { HOLES_AHEAD_MS, holesOf } from './domain/roster.ts';
import type { Job } from './scheduler/housekeeping.ts';

export interface HoleDeps {
  readonly store: Store;
  readonly world: WorldSource;
  readonly directory: Pick<Directory, 'addresses'>;
  readonly now: () => number;
}

/** Every morning: where a rota has nobody in the coming two weeks, the team's lead is told directly, once for each hole. */
export async function reportHoles(deps: HoleDeps): Promise<void> {
  const world = deps.world.current();
  const now = deps.now();
  for (const team of world.policy.teams.values()) {
    const holes = holesOf(team.id, world, now, now + HOLES_AHEAD_MS);
    if (holes.length === 0) continue;
    const about = { directory: deps.directory, world, now };
    await deps.store.write((tx) => tellHoles(tx, about, team.id, holes, `holes:${team.id}:${now}`));
  }
}

export const holeJob = (deps: HoleDeps): Job => ({
  name: 'duty holes',
  at: '0 9 * * *',
  timezone: deps.world.policy().timezone,
  run: () => reportHoles(deps),
});
