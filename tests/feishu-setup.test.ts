/** docs/platforms/feishu.md is held against the adapter: a stranger who ticks what it names has ticked everything, and nothing besides. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CALLBACKS, EVENTS } from '../src/adapters/feishu/events.ts';
import { PAID_SCOPES, SCOPES } from '../src/adapters/feishu/scopes.ts';
import { DEFAULT_PLATFORM_GESTURES } from '../src/config/defaults.ts';
import { readEnv } from '../src/config/env.ts';
import { parse } from '../src/conversations/grammar.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** What stands in backquotes. */
const quoted = (page: string): readonly string[] => [...page.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].toSorted();

/** The command that somebody's words are, where there is no ticket. */
const meant = (text: string): string | undefined =>
  parse(text, {
    policy: { people: new Map(), teams: new Map() },
    ticket: null,
    status: null,
    side: 'service',
    now: 0,
    timezone: 'UTC',
  })?.command;

it('the adapter reads exactly the events that are to be subscribed to', () => {
  const cases = [...read('src/adapters/feishu/inbound.ts').matchAll(/case '([a-z0-9_]+(?:\.[a-z0-9_]+)+)':/g)];
  expect(sorted(cases.map(([, event = '']) => event))).toEqual(
    sorted([...Object.keys(EVENTS), ...Object.keys(CALLBACKS)]),
  );
});

it('manifests/feishu-scopes.json asks for exactly what the adapter needs, for the app alone', () => {
  expect(JSON.parse(read('manifests/feishu-scopes.json'))).toEqual({
    scopes: { tenant: Object.keys(SCOPES), user: [] },
  });
});

describe.each(['docs/platforms/feishu.md', 'docs/platforms/feishu.zh-CN.md'])('%s', (path) => {
  const page = read(path);
  const words = quoted(page);

  it('names every scope, and none besides', () => {
    const named = words.filter((word) => /^(im|contact|application):[a-z0-9._:]+$/.test(word));
    expect(sorted(named)).toEqual(sorted([...Object.keys(SCOPES), ...Object.values(PAID_SCOPES)]));
    expect(words).toContain('manifests/feishu-scopes.json');
  });

  it('names every event and callback, and none besides', () => {
    const named = words.filter((word) => /^(im|contact|application|card)\.[a-z0-9_.]+$/.test(word));
    expect(sorted(named)).toEqual(sorted([...Object.keys(EVENTS), ...Object.keys(CALLBACKS)]));
  });

  it('has a row for every reaction that means something', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    const keys = Object.values(DEFAULT_PLATFORM_GESTURES['feishu'] ?? {}).flat();
    expect(keys.length).toBeGreaterThan(10);
    for (const key of keys) expect(rows.filter((row) => quoted(row).includes(key))).toHaveLength(1);
  });

  it('names keys of the menu that the bot understands', () => {
    const rows = [...page.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, key = '']) => key);
    expect(rows).toEqual(['new', 'mine', 'duty', 'board', 'help']);
    expect([...rows, 'duty db-l1'].map(meant)).toEqual(['capture', 'mine', 'duty', 'board', 'help', 'duty']);
  });

  it('binds chats with words that the bot understands', () => {
    const said = words.filter((word) => /^@itr (bind|绑定)/.test(word)).map((word) => word.replace('@itr ', ''));
    expect(said).toHaveLength(2);
    expect(said.map(meant)).toEqual(['bind', 'bind']);
  });

  it('gives variables that the program reads, and addresses that it serves', () => {
    const lines = page.matchAll(/^ *(FEISHU_\w+)=(.+)$/gm);
    const vars = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
    expect(sorted(Object.keys(vars))).toEqual(
      sorted([...read('.env.example').matchAll(/^# (FEISHU_\w+)=/gm)].map(([, name = '']) => name)),
    );
    const env = readEnv({ ...vars, FEISHU_APP_ID: 'cli_0123456789abcdef' });
    expect(env).toMatchObject({
      ok: true,
      env: {
        feishu: {
          mode: 'webhook',
          urgent: [
            { kind: 'sms', perMonth: 100 },
            { kind: 'phone', perMonth: 20 },
          ],
        },
      },
    });
    for (const address of ['/feishu/events', '/feishu/cards']) {
      expect(words).toContain(`https://HOST${address}`);
      expect(read('src/adapters/feishu/index.ts')).toContain(`'${address}'`);
    }
  });

  it('says that it was never run in a real tenant', () => {
    expect(page).toMatch(/not yet run in a real tenant|还没有在真实的企业里跑过/);
  });
});
