import { nearest } from '../domain/near.ts';
import { whoIsOnDuty } from '../domain/duty.ts';
import { parseInstant, toIsoUtc, toIsoWithOffset } from '../domain/instant.ts';
import type { Policy, Team } from '../domain/policy.ts';
import { policyFor } from './policy.ts';
import type { Verb } from './verb.ts';
import { WrongCall, needed, readArgs, readValue } from './verb.ts';

const OPTIONS = {
  team: { type: 'string' },
  at: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const verb: Verb = {
  name: 'duty',
  summary: 'says who is on duty',
  usage: [
    'duty who --team NAME [--at ISO] [--config FILE] [--json]    NAME: id, name or alias; exit 1 with nobody on duty',
  ],
  example: [
    '$ itr duty who --team db-l1 --at 2026-11-20T12:00:00+08:00',
    'wei until 2026-11-23T09:00:00+08:00 (rotation)',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = readArgs(args, OPTIONS);
    const [what, ...more] = positionals;
    if (what !== 'who') throw new WrongCall(what === undefined ? 'who?' : `"${what}" is not who`);
    if (more.length > 0) throw new WrongCall(`"${more[0] ?? ''}" is too much; put a name of several words in quotes`);
    const name = needed(values.team, 'team');
    const { at } = values;
    const atMs = at === undefined ? io.now() : readValue('at', () => parseInstant(at));
    const policy = await policyFor(values.config, io);
    if (policy === null) return 1;

    const team = teamOf(policy, name);
    const rotation = (team.rotation === null ? undefined : policy.rotations.get(team.rotation)) ?? null;
    // Overrides live in the database, which this verb does not open; the console and the bot know them.
    const slot = whoIsOnDuty({ id: team.id, rotation, lead: team.lead }, [], atMs);
    const { person, source } = slot;
    if (values.json) {
      const from = slot.from === null ? null : toIsoUtc(slot.from);
      const until = slot.until === null ? null : toIsoUtc(slot.until);
      await io.out(`${JSON.stringify({ person, from, until, source })}\n`);
    } else {
      const zone = rotation?.timezone ?? policy.timezone;
      const until = slot.until === null ? '' : ` until ${toIsoWithOffset(slot.until, zone)}`;
      await io.out(`${person ?? 'nobody'}${until} (${source})\n`);
    }
    return person === null ? 1 : 0;
  },
};

const teamOf = (policy: Policy, name: string): Team => {
  const teams = [...policy.teams.values()];
  const byId = policy.teams.get(name);
  if (byId !== undefined) return byId;
  const said = name.trim().toLowerCase();
  const namesOf = (team: Team): string[] => [team.id, team.name, ...team.aliases];
  const found = teams.filter((team) => namesOf(team).some((each) => each.toLowerCase() === said));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1)
    throw new WrongCall(`"${name}" means several teams: ${found.map((team) => team.id).join(', ')}`);
  const meant = nearest(name, teams.flatMap(namesOf));
  const hint = meant === null ? '' : ` did you mean "${meant}"?`;
  throw new WrongCall(`unknown team "${name}";${hint} known: ${teams.map((team) => team.id).join(', ')}`);
};
