import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { TABLES } from '../../src/storage/transfer/tables.ts';

describe('the list of tables', () => {
  const KINDS: Readonly<Record<string, string>> = {
    Int: 'int',
    String: 'text',
    DateTime: 'instant',
    Boolean: 'flag',
    Json: 'json',
  };

  /** A model of the schema, as the list should have it. */
  function tableOf(body: string): Record<string, unknown> {
    const columns: Record<string, string> = {};
    const fields = new Map<string, string>();
    let key: string[] = [];
    let numbered: string | undefined;
    for (const line of body.split('\n')) {
      const [, field, type, optional, rest = ''] = /^ {2}(\w+) +(\w+)(\?)?(.*)$/.exec(line) ?? [];
      if (field === undefined || type === undefined) continue;
      const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
      fields.set(field, column);
      columns[column] = `${KINDS[type] ?? `unknown: ${type}`}${optional ?? ''}`;
      if (/@id\b/.test(rest)) key = [column];
      if (rest.includes('autoincrement()')) numbered = column;
    }
    const together = /@@id\(\[(.*)\]\)/.exec(body)?.[1];
    if (together !== undefined) key = together.split(', ').map((field) => fields.get(field) ?? field);
    return { name: /@@map\("(\w+)"\)/.exec(body)?.[1], key, columns, ...(numbered === undefined ? {} : { numbered }) };
  }

  it('is that of the schema: each model with its key, its columns and their types', () => {
    const schema = readFileSync(fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url)), 'utf8');
    const models = [...schema.matchAll(/^model \w+ \{\n([^}]*)^\}/gm)].map(([, body = '']) => tableOf(body));
    expect(models.length).toBe(schema.match(/^model /gm)?.length);
    const listed = TABLES.map(({ only: _, ...table }) => table);
    // Tickets are numbered, too: by a counter or a sequence, of which the schema knows nothing.
    expect(listed).toEqual(
      models.map((model) => (model.name === 'tickets' ? { ...model, numbered: 'number' } : model)),
    );
  });
});
