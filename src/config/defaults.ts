import type { Gesture } from '../domain/policy.ts';
import type { Field, Level, Priority } from '../domain/words.ts';
import type { ConfigFile } from './schema.ts';

/*
 * What a file need not say. Decided so that an empty file gives a service desk that a newcomer can live with:
 *
 * - it speaks English and counts in UTC (a Chinese team writes two lines; nobody is surprised by a language they cannot read);
 * - one team, `support` (L1), that everybody belongs to who is an engineer or a lead; tickets wait there to be claimed;
 * - one SLA, `standard`, around the clock; no OLA, because a promise between tiers needs tiers;
 * - a way up after 15 and 30 minutes, to the lead and the project's manager;
 * - no contract is needed, a day after the solution the requester is reminded, after three the ticket is closed.
 *
 * A section that the file does give replaces its default whole (a file with `sla_policies` has no hidden `standard`), but
 * for words and emoji, where each entry has its own default, and the calendar `24x7`, which is always known.
 */

type Complete =
  | 'locale'
  | 'timezone'
  | 'calendars'
  | 'sla_policies'
  | 'ola_policies'
  | 'uc_policies'
  | 'teams'
  | 'rotations'
  | 'ladders'
  | 'products'
  | 'routing'
  | 'customers'
  | 'projects'
  | 'contracts'
  | 'people'
  | 'chats';

/** A file with every section that references can point into. */
export type CompleteFile = ConfigFile & Required<Pick<ConfigFile, Complete>>;

export const ALWAYS = '24x7';
const SUPPORT = 'support';

type SlaFile = NonNullable<ConfigFile['sla_policies']>[string];

const HOUR = 3_600_000;
const MINUTE = 60_000;

const standardSla: SlaFile = {
  calendar: ALWAYS,
  targets: {
    S1: { response: 15 * MINUTE, restore: 4 * HOUR, resolve: 24 * HOUR, update: HOUR },
    S2: { response: 30 * MINUTE, restore: 8 * HOUR, resolve: 48 * HOUR, update: 4 * HOUR },
    S3: { response: 4 * HOUR, resolve: 120 * HOUR },
    S4: { response: 24 * HOUR, resolve: 240 * HOUR },
  },
};

/** Of a policy (with its ancestors) that has no `points`. */
export const DEFAULT_POINTS: NonNullable<SlaFile['points']> = [
  { at: '75%', remind: ['assignee'] },
  { at: '90%', remind: ['assignee', 'duty'] },
  { at: '100%', ping: ['manager'], escalate: 'ladder', repeat: HOUR },
];

/** Open time after which silence is consent to a pause, where `pause_needs_consent` asks for one. */
export const DEFAULT_CONSENT_AFTER_MS = 2 * HOUR;

const defaultLadder: NonNullable<ConfigFile['ladders']>[string] = [
  { after: 0, whom: 'duty', how: ['mention'] },
  { after: 15 * MINUTE, whom: 'lead', how: ['direct'] },
  { after: 30 * MINUTE, whom: 'manager', how: ['direct'] },
];

export const DEFAULT_MATRIX: Readonly<Record<Level, Readonly<Record<Level, Priority>>>> = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P4' },
};

export const DEFAULT_IMPACT: Readonly<Record<Level, readonly string[]>> = {
  high: ['全部', '所有', 'all users', 'everyone'],
  medium: ['部分', '一些', 'some users'],
  low: ['个别', '一个', 'one user'],
};

/** Emoji names (Slack) and characters (everywhere else). */
export const DEFAULT_GESTURES: Readonly<Record<Gesture, readonly string[]>> = {
  capture: ['ticket', '🎫'],
  claim: ['eyes', '👀', 'raising_hand', '🙋'],
  done: ['white_check_mark', '✅'],
  reopen: ['repeat', '🔁'],
  pend: ['double_vertical_bar', '⏸️'],
  resume: ['arrow_forward', '▶️'],
  escalate: ['small_red_triangle', '🔺'],
  raise: ['rotating_light', '🚨'],
  internal: ['lock', '🔒'],
  evidence: ['pushpin', '📌'],
};

/**
 * Names that only one platform knows. Feishu has neither 🎫 nor 👀, and sends no characters: these are the nearest of its own. What people use all day
 * (OK, THUMBSUP, JIAYI) means nothing.
 */
export const DEFAULT_PLATFORM_GESTURES: Readonly<
  Record<string, Readonly<Partial<Record<Gesture, readonly string[]>>>>
> = {
  feishu: {
    capture: ['Loudspeaker'],
    claim: ['OnIt', 'Get', 'MeMeMe', 'GLANCE'],
    done: ['DONE', 'CheckMark'],
    reopen: ['CrossMark'],
    pend: ['OneSecond'],
    resume: ['Typing'],
    escalate: ['Fire'],
    raise: ['Alarm'],
    evidence: ['Pin'],
  },
};

export const DEFAULT_CAUSES = ['configuration', 'defect', 'capacity', 'network', 'usage', 'third_party', 'unknown'];
export const DEFAULT_CLOSURES = ['solved', 'workaround', 'not_reproducible', 'withdrawn', 'duplicate'];
export const DEFAULT_CLOSE = {
  reminder: '1d',
  autoClose: '3d',
  callBackReminder: '2d',
  reopenWindowMs: 14 * 24 * HOUR,
};

/** The product is asked for only where there are products to choose from. */
export const defaultForm = (isIncident: boolean, hasProducts: boolean): { required: Field[]; ask: Field[] } => {
  const product: Field[] = hasProducts ? ['product'] : [];
  return isIncident
    ? { required: ['title', 'impact'], ask: ['title', ...product, 'version', 'environment', 'impact', 'since'] }
    : { required: ['title'], ask: ['title', ...product] };
};

/** Adds the sections that are left out; what is inside the sections gets its defaults in `resolve.ts`. */
export const withDefaults = (file: ConfigFile): CompleteFile => {
  const hasTeams = Object.keys(file.teams ?? {}).length > 0;
  const people = file.people ?? {};
  return {
    ...file,
    locale: file.locale ?? 'en',
    timezone: file.timezone ?? 'UTC',
    calendars: { [ALWAYS]: { timezone: 'UTC', hours: 'always' }, ...file.calendars },
    sla_policies: file.sla_policies ?? { standard: standardSla },
    ola_policies: file.ola_policies ?? {},
    uc_policies: file.uc_policies ?? {},
    teams: hasTeams ? (file.teams ?? {}) : { [SUPPORT]: { name: 'Support', assign: 'manual' } },
    rotations: file.rotations ?? {},
    ladders: file.ladders ?? { default: defaultLadder },
    products: file.products ?? {},
    routing: file.routing ?? [],
    customers: file.customers ?? {},
    projects: file.projects ?? {},
    contracts: file.contracts ?? [],
    people: hasTeams ? people : inSupport(people),
    chats: file.chats ?? [],
  };
};

type People = NonNullable<ConfigFile['people']>;

const inSupport = (people: People): People =>
  Object.fromEntries(
    Object.entries(people).map(([id, person]) => {
      const works = person.roles === undefined || person.roles.some((role) => role === 'engineer' || role === 'lead');
      return [id, works && person.teams === undefined ? { ...person, teams: [SUPPORT] } : person];
    }),
  );
