import { z } from 'zod';
import { LANGUAGES } from '../domain/words.ts';
import { choice, mapOf, ref, section, timezone } from './schema/basics.ts';
import * as service from './schema/service.ts';
import * as time from './schema/time.ts';
import * as world from './schema/world.ts';

/**
 * The shape of itr.config.yaml. Everything is optional: what is left out gets its default in `resolve.ts`, not here, so
 * that checks can tell what somebody wrote from what nobody did.
 */
export const configSchema = section({
  version: z.literal(1, { error: '1, the version of this file format' }).optional(),
  locale: choice(LANGUAGES).optional().describe('What the bot speaks where nothing else is known'),
  timezone: timezone.optional().describe('Of everything that has none of its own'),
  calendars: mapOf(time.calendar).optional().describe('When time counts'),
  priorities: service.priorities.optional().describe('Impact x urgency -> priority'),
  sla_policies: mapOf(service.slaPolicy).optional().describe('What is promised to customers'),
  ola_policies: mapOf(service.olaPolicy).optional().describe('What teams promise each other'),
  uc_policies: mapOf(service.ucPolicy).optional().describe('What vendors promise'),
  default_sla: ref('an SLA policy')
    .optional()
    .describe('Of tickets that nothing more specific covers; "standard" where there is one'),
  sla_by_kind: service.slaByKind.optional().describe('SLA policies by kind of ticket'),
  teams: mapOf(world.team).optional(),
  default_team: ref('a team').optional().describe('Where tickets go that no rule matches; the first team unless named'),
  rotations: mapOf(time.rotation).optional(),
  ladders: time.ladders.optional().describe('Steps of management escalation; "default" is for teams that name none'),
  products: mapOf(world.product).optional(),
  routing: z.array(world.routingRule, { error: 'a list of rules' }).optional().describe('First match wins'),
  customers: mapOf(world.customer).optional(),
  projects: mapOf(world.project).optional(),
  contracts: z.array(world.contract, { error: 'a list of contracts' }).optional(),
  entitlement: choice(['open', 'warn', 'enforce']).optional(),
  forms: service.forms.optional().describe('What is asked of each kind of ticket'),
  close: service.close.optional(),
  tiers: service.tiers.optional().describe('The share of tickets that is to end at each line'),
  silent_owner: service.silentOwner.optional().describe('When a claimed ticket without a word goes back to the queue'),
  quiet_override: service.quietOverride.optional().describe('Severities that disturb people in their quiet hours'),
  storm: service.storm.optional().describe('When many notices to one person become one message'),
  impact_levels: service.impactLevels.optional().describe('The words that say how many are hit'),
  gestures: service.gestures.optional().describe('Emoji names or characters'),
  people: mapOf(world.person).optional(),
  chats: z.array(world.chat, { error: 'a list of chats' }).optional(),
});

/** The file as checked by its shape alone: durations in ms, single values in lists; references unresolved. */
export type ConfigFile = z.output<typeof configSchema>;
