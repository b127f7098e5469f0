import { own } from './context.ts';
import type { CheckContext } from './context.ts';

/**
 * A ladder that ends nowhere: its last step calls a part that nobody fills, so whoever climbs it shouts into the air. Only ladders that somebody wrote:
 * the built-in one has to fit a file that names nobody yet.
 */
export const checkLadderEnds = (ctx: CheckContext): void => {
  const { file } = ctx;
  const managed =
    Object.values(file.projects).some((project) => project.manager !== undefined) ||
    file.chats.some((chat) => chat.role === 'escalation');
  for (const [id, steps] of Object.entries(file.ladders)) {
    const last = lastIndex(steps);
    if (!ctx.written(['ladders', id]) || steps[last]?.whom !== 'manager' || managed) continue;
    const wanted = 'a manager of a project, a chat with role: escalation, or a last step for lead or a person';
    const message = `ladder ${id} ends nowhere: its last step calls the manager, and there is neither a project with a manager nor an escalation chat; wanted ${wanted}`;
    ctx.warn({ path: ['ladders', id, last, 'whom'], found: '"manager", and nobody is one', wanted, message });
  }
  for (const [id, team] of Object.entries(file.teams)) {
    if (team.lead !== undefined) continue;
    const named = typeof team.ladder === 'object' ? Object.values(team.ladder) : [team.ladder ?? 'default'];
    const nowhere = [...new Set(named)].filter((name) => {
      const steps = own(file.ladders, name) ?? [];
      return ctx.written(['ladders', name]) && steps[lastIndex(steps)]?.whom === 'lead';
    });
    for (const name of nowhere) {
      const wanted = `a lead of ${id}, or a last step for manager or a person`;
      const message = `ladder ${name} ends nowhere for ${id}: its last step calls the lead, and ${id} has none; wanted ${wanted}`;
      ctx.warn({ path: ['teams', id], found: `no lead, whom the last step of ${name} calls`, wanted, message });
    }
  }
};

/** Steps may be written in any order: the last is the latest. */
const lastIndex = (steps: readonly { readonly after: number }[]): number =>
  steps.reduce((last, step, index) => (step.after >= (steps[last]?.after ?? 0) ? index : last), 0);
