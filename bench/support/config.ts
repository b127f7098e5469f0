/**
 * A workspace without waiting rooms: every thread of an intake channel becomes a ticket at once, each team has an intake and a duty channel of its own,
 * since Slack allows one message a second in each. Their only points are `response` after 30 minutes and `resolve` after a day.
 */
export function configOf(teams: number): string {
  const each = (line: (i: number) => string): string => Array.from({ length: teams }, (_, i) => line(i)).join('\n');
  return `version: 1
locale: en
sla_policies:
  standard:
    calendar: 24x7
    targets:
      ${['S1', 'S2', 'S3', 'S4'].map((severity) => `${severity}: { response: 30m, resolve: 24h }`).join('\n      ')}
    points: [{ at: 100%, remind: duty }]
forms: { incident: { required: [title], ask: [title] } }
people: { wei: { name: ${OWNER.name}, slack: ${OWNER.user}, roles: [engineer], teams: [${list(teams, 'team')}] } }
rotations: { all: { timezone: UTC, starts: "2026-01-05", every: 1w, handover: "mon 09:00", people: [wei] } }
teams:
${each((i) => `  team${i}: { tier: L1, assign: duty, rotation: all }`)}
projects:
${each((i) => `  project${i}: {}`)}
routing:
${each((i) => `  - { when: { project: project${i} }, team: team${i} }`)}
chats:
  - { platform: slack, id: ${TALK}, project: project0, role: intake, capture: on_request }
${each((i) => `  - { platform: slack, id: ${intakeOf(i)}, project: project${i}, role: intake, capture: every_thread }`)}
${each((i) => `  - { platform: slack, id: ${dutyOf(i)}, team: team${i}, role: duty }`)}
`;
}

const list = (count: number, name: string): string => Array.from({ length: count }, (_, i) => `${name}${i}`).join(', ');

export const intakeOf = (team: number): string => `C0INTAKE${team}`;
export const dutyOf = (team: number): string => `C0DUTY${team}`;
/** A channel where people talk, and nobody has asked for a ticket. */
export const TALK = 'C0TALK';
/** On duty in every team. */
export const OWNER = { name: 'Wei', user: 'U0WEI' };
/** A customer. */
export const REQUESTER = { name: 'Lin', user: 'U0LIN' };

/** An id of the workspace above as Feishu would write it. */
export const onFeishu = (id: string): string => `${id.startsWith('U0') ? 'ou' : 'oc'}_${id.slice(2).toLowerCase()}`;

/** The same workspace, on Feishu. */
export const feishuConfigOf = (teams: number): string =>
  configOf(teams)
    .replaceAll('platform: slack', 'platform: feishu')
    .replaceAll('slack: ', 'feishu: ')
    .replaceAll(/\b[CU]0[A-Z]+\d*\b/g, onFeishu);
