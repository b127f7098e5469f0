import { readFileSync } from 'node:fs';
import { parseDocument, isSeq } from 'yaml';
import type { Policy } from '../domain/policy.ts';
import { parseConfig } from './load.ts';

export const BUILT_IN = 'built-in configuration';

/** The same distance from src/config (tsx) and dist/config (built): the package's root. */
const EXAMPLE = new URL('../../itr.config.example.yaml', import.meta.url);

/** Who can be played in the playground besides the people it invents: Lin and Zhou, the customer's, stand in no directory. */
const PEOPLE = ['wei', 'li', 'mei', 'zhao', 'sun', 'chen', 'admin'];

const CHATS = [
  { platform: 'playground', id: 'proj-acme', project: 'acme-core', role: 'intake', capture: 'on_request' },
  { platform: 'playground', id: 'duty-db', team: 'db-l1', role: 'duty' },
  { platform: 'playground', id: 'duty-db2', team: 'db-l2', role: 'duty' },
  { platform: 'playground', id: 'escalation', role: 'escalation' },
];

/**
 * What runs where there is no itr.config.yaml: the example that the documentation shows, with the playground's chats and
 * people added, so that the demo and the documentation are one thing.
 */
export const builtInText = (): string => {
  const document = parseDocument(readFileSync(EXAMPLE, 'utf8'));
  const chats = document.get('chats');
  if (!isSeq(chats)) throw new Error('itr.config.example.yaml has no chats');
  for (const chat of CHATS) chats.add(document.createNode(chat));
  for (const id of PEOPLE) document.setIn(['people', id, 'playground'], id);
  return document.toString({ lineWidth: 0 });
};

/** The built-in configuration as a Policy; throws if the example is broken, which a test prevents. */
export const builtInPolicy = (now?: number): Policy => {
  const result = parseConfig(builtInText(), now === undefined ? {} : { now });
  if (!result.ok) throw new Error(`${BUILT_IN}: ${result.errors.map((issue) => issue.message).join('; ')}`);
  return result.policy;
};
