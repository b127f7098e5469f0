import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';

interface Node {
  type?: string;
  properties?: Record<string, Node>;
  additionalProperties?: Node | false;
  anyOf?: Node[];
  pattern?: string;
  enum?: string[];
}

it('the JSON Schema describes what people write, not what it becomes', () => {
  const schema = configJsonSchema() as Node;
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  const policy = schema.properties?.['sla_policies']?.additionalProperties;
  const response = policy ? policy.properties?.['targets']?.properties?.['S1']?.properties?.['response'] : undefined;
  expect(response).toMatchObject({ type: 'string', pattern: '^(\\d+[smhdw])+$' });
  expect(schema.properties?.['locale']?.enum).toEqual(['zh-CN', 'en']);
});

it('single values and lists are both described', () => {
  const schema = configJsonSchema() as Node;
  const person = schema.properties?.['people']?.additionalProperties;
  const roles = person ? person.properties?.['roles'] : undefined;
  expect(roles?.anyOf?.map((branch) => branch.type)).toEqual(['string', 'array']);
});
