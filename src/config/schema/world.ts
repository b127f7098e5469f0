import { z } from 'zod';
import { mobileOf } from '../../domain/identity.ts';
import { FIELDS, KINDS, LANGUAGES, ROLES, SEVERITIES, TIERS } from '../../domain/words.ts';
import { choice, date, idKey, interval, listOf, mapOf, ref, section, text, timezone } from './basics.ts';
import { PLATFORMS, keyed } from './service.ts';

const names = listOf(text());
const ASSIGN = ['duty', 'round_robin', 'least_loaded', 'manual'] as const;
const slaRef = ref('an SLA policy');
const teamRef = ref('a team');
const ladderRef = ref('a ladder');

export const team = section({
  name: text().optional(),
  aliases: names.optional(),
  tier: choice(TIERS).optional(),
  escalates_to: teamRef.optional(),
  lead: ref('a person').optional(),
  ola: ref('an OLA policy').optional(),
  assign: choice(ASSIGN).optional(),
  rotation: ref('a rotation').optional(),
  ladder: z
    .union([ladderRef, section({ default: ladderRef.optional(), ...keyed(SEVERITIES, ladderRef).shape })], {
      error: 'the id of a ladder, or ladders by severity such as { S1: urgent, default: normal }',
    })
    .optional(),
});

const component = section({ name: text().optional(), aliases: names.optional() });

export const product = section({
  name: text().optional(),
  aliases: names.optional(),
  components: z
    .union([z.array(idKey), mapOf(component)], { error: 'a list of ids, or a map of ids to { name, aliases }' })
    .optional(),
  team: teamRef.optional(),
  sla: slaRef.optional(),
  uc: ref('a UC policy').optional(),
});

export const routingRule = section({
  name: text().optional(),
  when: section({
    project: listOf(ref('a project')).optional(),
    customer: listOf(ref('a customer')).optional(),
    product: listOf(ref('a product')).optional(),
    component: listOf(ref('a component')).optional(),
    kind: listOf(choice(KINDS)).optional(),
    severity: listOf(choice(SEVERITIES)).optional(),
    language: listOf(choice(LANGUAGES)).optional(),
    keywords: listOf(text('a word to look for')).optional(),
  }),
  team: teamRef,
  assign: choice(ASSIGN).optional(),
  set: keyed(FIELDS, text()).optional(),
});

export const customer = section({
  name: text().optional(),
  locale: choice(LANGUAGES).optional(),
  timezone: timezone.optional(),
  sla: slaRef.optional(),
});

export const project = section({
  customer: ref('a customer').optional(),
  name: text().optional(),
  manager: ref('a person').optional(),
  products: listOf(ref('a product')).optional(),
  sla: slaRef.optional(),
});

export const contract = section({
  id: text('the number of the contract'),
  project: ref('a project'),
  products: listOf(ref('a product')).optional(),
  from: date,
  until: date,
  sla: slaRef.optional(),
});

const MOBILE = 'a mobile number in quotes, such as "+86 138 0013 8000"';
const identity = text('the id of the person on that platform, in quotes if it is a number');

export const person = section({
  name: text().optional(),
  aliases: names.optional(),
  email: z.email({ error: 'an e-mail address' }).optional(),
  mobile: text(MOBILE)
    .refine((said) => mobileOf(said) !== null, { error: MOBILE })
    .optional(),
  ...keyed(PLATFORMS, identity).shape,
  teams: listOf(teamRef).optional(),
  roles: listOf(choice(ROLES)).optional(),
  locale: choice(LANGUAGES).optional(),
  timezone: timezone.optional(),
  quiet: listOf(interval).optional(),
});

export const chat = section({
  platform: choice(PLATFORMS),
  id: text('the id of the chat on its platform'),
  role: choice(['intake', 'duty', 'escalation', 'admin']),
  project: ref('a project').optional(),
  team: teamRef.optional(),
  capture: choice(['on_request', 'every_thread']).optional(),
});
