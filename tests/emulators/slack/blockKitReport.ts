import type { Json, JsonObject } from './types.ts';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Collects mistakes, each with the place it is at. Characters are code points: 一 and 🎫 count as one. */
export class Report {
  readonly lines: string[] = [];

  add(pointer: string, what: string): void {
    this.lines.push(`${what} [json-pointer:${pointer}]`);
  }

  length(pointer: string, value: Json | undefined, min: number, max: number, required = true): void {
    if (value === undefined) {
      if (required) this.add(pointer.replace(/\/[^/]+$/, ''), `missing required field: ${pointer.split('/').at(-1)}`);
      return;
    }
    if (typeof value !== 'string') return this.add(pointer, 'must provide a string');
    const length = [...value].length;
    if (length < min) this.add(pointer, `must be more than ${min - 1} characters`);
    if (length > max) this.add(pointer, `must be less than ${max + 1} characters`);
  }

  text(pointer: string, value: Json | undefined, rule: { max: number; plainOnly?: boolean }): void {
    if (value === undefined) return this.length(pointer, undefined, 1, rule.max);
    if (!isObject(value)) return this.add(pointer, 'must provide an object');
    const types = rule.plainOnly ? ['plain_text'] : ['plain_text', 'mrkdwn'];
    if (typeof value.type !== 'string' || !types.includes(value.type)) {
      this.add(`${pointer}/type`, `unsupported type: ${String(value.type)}`);
    }
    if (value.type === 'mrkdwn' && value.emoji !== undefined) {
      this.add(pointer, 'invalid additional property: emoji');
    }
    this.length(`${pointer}/text`, value.text, 1, rule.max);
  }

  array(pointer: string, value: Json | undefined, min: number, max: number): Json[] {
    if (!Array.isArray(value)) {
      this.add(pointer, value === undefined ? 'missing required field' : 'must be an array');
      return [];
    }
    if (value.length < min) this.add(pointer, `no less than ${min} items allowed`);
    if (value.length > max) this.add(pointer, `no more than ${max} items allowed`);
    return value;
  }

  number(pointer: string, value: Json | undefined, min: number, max: number): void {
    if (value === undefined) return;
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.add(pointer, 'must provide an integer');
    if (value < min || value > max) this.add(pointer, `must be between ${min} and ${max}`);
  }
}
