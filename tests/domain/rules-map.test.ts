import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PUBLIC_COMMANDS } from '../../src/domain/commands.ts';
import { FROM } from '../../src/domain/transitions.ts';
import { OPEN_STATUSES, STATUSES } from '../../src/domain/words.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const sections = read('docs/domain.md')
  .split('\n')
  .flatMap((line) => /^##+ (.+)$/.exec(line)?.[1] ?? []);

/** A cell of the last column holds one test or several: its file, and a piece of its text. */
const rows = read('docs/rules.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:section|-)/.test(line))
  .map((line) => {
    const [, section = '', rule = '', tests = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { section, rule, tests: tests.split('<br>').map((test) => test.trim()) };
  });

describe('docs/rules.md', () => {
  it('has a row for each section of docs/domain.md, in its order', () => {
    expect(rows.map(({ section }) => section).filter((one, i, all) => one !== all[i - 1])).toEqual(sections);
  });

  it('says each rule once', () => {
    const said = rows.map(({ section, rule }) => `${section}: ${rule}`);
    expect(said.filter((one, i) => said.indexOf(one) !== i)).toEqual([]);
  });

  it.each(rows.flatMap(({ rule, tests }) => tests.map((test) => [rule, test] as const)))(
    '%s is proved by %s',
    (_rule, test) => {
      const found = /^`(?<file>tests\/\S+\.ts)`: (?<ticks>``?) ?(?<name>.+?) ?\k<ticks>$/.exec(test);
      const { file = '', name = '' } = found?.groups ?? {};
      expect(name, `${test} names no file and test`).not.toBe('');
      expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(true);
      expect(read(file)).toContain(name);
    },
  );
});

/** The rows of the table under "Commands": each command with its part of the last column. */
const table = read('docs/domain.md')
  .split(/^## /m)
  .filter((section) => section.startsWith('Commands'))
  .flatMap((section) => section.split('\n').filter((line) => line.startsWith('| `')))
  .flatMap((line) => {
    const [, what = '', , from = ''] = line.split('|').map((cell) => cell.trim());
    const named = PUBLIC_COMMANDS.filter((command) => what.includes(`\`${command}\``));
    const parts = from.split(' · ');
    return named
      .toSorted((a, b) => what.indexOf(`\`${a}\``) - what.indexOf(`\`${b}\``))
      .map((command, i) => [command, parts[i] ?? parts.at(-1) ?? ''] as const);
  });

describe('docs/domain.md: from which status a command is possible', () => {
  it('the table has the commands', () => expect(table.length).toBeGreaterThan(25));

  it.each(table)('%s from %s', (command, said) => {
    const words = said.replace(/;.*|\(.*?\)/g, '').trim();
    const all: Readonly<Record<string, readonly string[]>> = {
      any: STATUSES,
      'any open': OPEN_STATUSES,
      'any but closed': STATUSES.filter((status) => status !== 'closed'),
    };
    expect(new Set(FROM[command])).toEqual(new Set(all[words] ?? words.split(', ')));
  });
});
