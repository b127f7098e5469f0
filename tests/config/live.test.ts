import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withBindings } from '../../src/config/bindings.ts';
import { openLivePolicy } from '../../src/config/live.ts';
import type { LivePolicy } from '../../src/config/live.ts';
import { findConfig } from '../../src/config/source.ts';
import type { ConfigIssue } from '../../src/config/load.ts';
import type { ChatBinding } from '../../src/domain/policy.ts';
import { NOW, policyOf } from './helpers.ts';

let folder: string;
let file: string;
let live: LivePolicy | undefined;
const heard: string[] = [];
const errors: ConfigIssue[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-live-'));
  file = join(folder, 'itr.config.yaml');
  heard.length = 0;
  errors.length = 0;
});

afterEach(() => {
  live?.close();
  rmSync(folder, { recursive: true });
});

const open = async (): Promise<LivePolicy> => {
  const opened = await openLivePolicy({
    source: findConfig(null, folder),
    now: () => NOW,
    onError: (issues) => errors.push(...issues),
    debounceMs: 20,
  });
  if (!opened.ok) throw new Error('refused');
  live = opened.live;
  live.onChange((policy) => heard.push(policy.locale));
  return live;
};

describe('the configuration while the program runs', () => {
  it('is replaced by a good file, and never by a wrong one', async () => {
    writeFileSync(file, 'locale: en\n');
    const policy = await open();

    writeFileSync(file, 'locale: zh-CN\n');
    expect(await policy.reload()).toBe(true);
    expect(policy.current().locale).toBe('zh-CN');

    writeFileSync(file, 'locale: klingon\n');
    expect(await policy.reload()).toBe(false);
    expect(policy.current().locale).toBe('zh-CN');
    expect(policy.lastError()).toMatchObject({ at: NOW, errors: [{ path: 'locale', line: 1 }] });
    expect(errors).toHaveLength(1);

    writeFileSync(file, 'locale: en\n');
    expect(await policy.reload()).toBe(true);
    expect(policy.lastError()).toBeNull();
    expect(heard).toEqual(['zh-CN', 'en']);
  });

  it('a file that says the same is no change; one that is gone is an error', async () => {
    writeFileSync(file, 'locale: en\n');
    const policy = await open();
    expect(await policy.reload()).toBe(true);
    expect(heard).toEqual([]);
    unlinkSync(file);
    expect(await policy.reload()).toBe(false);
    expect(errors[0]?.message).toContain('no such file');
    expect(policy.current().locale).toBe('en');
  });

  it('sees a file that is written in place, and one that replaces it by renaming', async () => {
    writeFileSync(file, 'locale: en\n');
    const policy = await open();
    policy.watch();
    writeFileSync(file, 'locale: zh-CN\n');
    await vi.waitFor(() => expect(heard).toEqual(['zh-CN']), { timeout: 5000 });
    writeFileSync(join(folder, 'new.yaml'), 'locale: en\n');
    renameSync(join(folder, 'new.yaml'), file);
    await vi.waitFor(() => expect(heard).toEqual(['zh-CN', 'en']), { timeout: 5000 });
    writeFileSync(join(folder, 'new.yaml'), 'locale: zh-CN\n');
    renameSync(join(folder, 'new.yaml'), file);
    await vi.waitFor(() => expect(heard).toEqual(['zh-CN', 'en', 'zh-CN']), { timeout: 5000 });
  });

  it('is refused at the start when wrong, and built in where there is no file', async () => {
    writeFileSync(file, 'locale: klingon\n');
    const source = findConfig(null, folder);
    expect(await openLivePolicy({ source, now: () => NOW })).toMatchObject({ ok: false, errors: [{ path: 'locale' }] });
    unlinkSync(file);
    const policy = await open();
    expect(policy.source.file).toBeNull();
    policy.watch();
    expect(policy.current().teams.has('db-l1')).toBe(true);
    expect(policy.notYet()).toEqual([]);
  });
});

describe('chats bound at run time', () => {
  const bound: ChatBinding = {
    platform: 'slack',
    id: 'C9',
    role: 'intake',
    project: null,
    team: null,
    capture: 'on_request',
    source: 'chat',
  };
  const policy = policyOf('chats: [{ platform: slack, id: C1, role: escalation }]');

  it('are added to those of the file', () => {
    const { policy: both, conflicts } = withBindings(policy, [bound]);
    expect(both.chats.map((chat) => [chat.id, chat.source])).toEqual([
      ['C1', 'file'],
      ['C9', 'chat'],
    ]);
    expect(conflicts).toEqual([]);
    expect(policy.chats).toHaveLength(1);
  });

  it('do not win over the file; the conflict names both', () => {
    const { policy: both, conflicts } = withBindings(policy, [{ ...bound, id: 'C1' }]);
    expect(both.chats).toHaveLength(1);
    expect(conflicts[0]?.message).toMatch(/"C1".*configuration file \(escalation\).*database \(intake\)/);
  });
});
