import type { IncomingMessage } from 'node:http';
import { isObject } from '../blockKitReport.ts';
import type { Json, JsonObject } from '../types.ts';

/** Arguments that travel as JSON text inside a form. Text that is not JSON stays text; the method then refuses it. */
const jsonArguments = new Set(['blocks', 'attachments', 'metadata', 'view', 'files', 'unfurls', 'prompts']);

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export type Parsed = { args: JsonObject } | { error: 'invalid_json' | 'json_not_object' | 'invalid_form_data' };

export function parseBody(contentType: string, body: string, query: URLSearchParams): Parsed {
  const args: JsonObject = Object.fromEntries(query);
  if (contentType.startsWith('application/json')) {
    try {
      const json = JSON.parse(body === '' ? '{}' : body) as Json;
      if (!isObject(json)) return { error: 'json_not_object' };
      Object.assign(args, json);
    } catch {
      return { error: 'invalid_json' };
    }
  } else if (contentType.startsWith('application/x-www-form-urlencoded')) {
    Object.assign(args, Object.fromEntries(new URLSearchParams(body)));
  } else if (body !== '') return { error: 'invalid_form_data' };
  for (const [name, value] of Object.entries(args)) {
    if (!jsonArguments.has(name) || typeof value !== 'string' || value === '') continue;
    try {
      args[name] = JSON.parse(value) as Json;
    } catch {
      // Kept as text on purpose, see above.
    }
  }
  return { args };
}
