import type { Team } from '../../domain/policy.ts';
import type { CompleteFile } from '../defaults.ts';

type TeamFile = CompleteFile['teams'][string];

/** A team that has a rotation means it. */
export const assignOf = (team: TeamFile): Team['assign'] =>
  team.assign ?? (team.rotation === undefined ? 'manual' : 'duty');

export const resolveTeam = (file: CompleteFile, team: TeamFile, id: string): Team => ({
  id,
  name: team.name ?? id,
  aliases: team.aliases ?? [],
  tier: team.tier ?? 'L1',
  escalatesTo: team.escalates_to ?? null,
  lead: team.lead ?? null,
  ola: team.ola ?? null,
  assign: assignOf(team),
  rotation: team.rotation ?? null,
  ...laddersOf(file, team),
  members: Object.entries(file.people)
    .filter(([, person]) => person.teams?.includes(id))
    .map(([member]) => member),
});

/** Named as one, or by severity; those not named there are `default`'s. */
const laddersOf = (file: CompleteFile, { ladder }: TeamFile): Pick<Team, 'ladder' | 'ladderBySeverity'> => {
  const usual = Object.hasOwn(file.ladders, 'default') ? 'default' : null;
  if (ladder === undefined || typeof ladder === 'string') return { ladder: ladder ?? usual };
  const { default: others, ...bySeverity } = ladder;
  return { ladder: others ?? usual, ladderBySeverity: bySeverity };
};
