import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Io } from '../../src/cli/verb.ts';
import type { Tx } from '../../src/desk/ports.ts';
import { startApp } from '../support/app.ts';
import type { App } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';
import { EXAMPLE } from '../support/world.ts';

const CONFIG = EXAMPLE.replace('email: wei@example.com, slack: U0WEI,', 'email: wei@example.com,');
const NOW = Date.parse('2026-11-24T04:00:00Z');

let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-people-'));
  writeFileSync(join(folder, 'itr.config.yaml'), CONFIG);
  env = { DATABASE_URL: `file:${folder}/itr.db`, PORT: '1' };
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function itr(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: async (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: folder,
    env,
    now: () => NOW,
    stdin: process.stdin,
  };
  return { code: await main(args, io), out, err };
}

/** Wei has confirmed who he is on Slack. */
async function withLinks(work: (app: App) => Promise<void>): Promise<void> {
  const app = await startApp({ folder, clock: new HandClock(NOW), config: CONFIG });
  await app.storage.store.write(async (tx: Tx) => {
    await tx.askPerson({ platform: 'slack', user: 'U0WEI', person: 'wei', by: 'email', askedAt: NOW - 9 });
    await tx.answerPerson({ platform: 'slack', user: 'U0WEI', person: 'wei', state: 'confirmed', at: NOW });
  });
  await app.world.refresh();
  await work(app);
  await app.stop();
}

it('without a server it lists who is known where, and takes a link back', async () => {
  await withLinks(async () => undefined);
  const { out } = await itr('people', 'list');
  expect(out).toContain('wei  魏伟  数据库一线');
  expect(out).toContain('slack confirmed U0WEI 2026-11-24T04:00:00Z');
  expect(out).toMatch(/^mei .*feishu unmatched .*slack configured U0MEI/m);
  expect(out).not.toContain('example.com');
  expect(await itr('people', 'unlink', 'slack', 'U0LIN')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nobody asked U0LIN on slack who he is') as string,
  });
  expect(await itr('people', 'unlink', 'slack', 'U0WEI')).toMatchObject({ code: 0 });
  expect((await itr('people', 'list')).out).toMatch(/^wei .*slack refused U0WEI/m);
  expect(await itr('people', 'unlink', 'slack', 'U0WEI', '--ask-again', '--json')).toMatchObject({
    code: 0,
    out: '{"unlinked":true}\n',
  });
  expect((await itr('people', 'list')).out).toMatch(/^wei .*slack unmatched/m);
});

it('the running server takes it back at once', async () => {
  await withLinks(async (app) => {
    env['PORT'] = new URL(app.url).port;
    expect(app.directory.actor('slack', 'U0WEI', '', null).id).toBe('wei');
    const listed = JSON.parse((await itr('people', 'list', '--json')).out) as readonly { readonly id: string }[];
    expect(listed.map(({ id }) => id)).toContain('wei');
    expect(await itr('people', 'unlink', 'slack', 'U0LIN')).toMatchObject({ code: 1 });
    expect(await itr('people', 'unlink', 'slack', 'U0WEI')).toMatchObject({ code: 0 });
    expect(app.directory.actor('slack', 'U0WEI', '', null).id).toBe('slack:U0WEI');
  });
});

it.each([[['people']], [['people', 'unlink', 'slack']], [['people', 'list', 'slack']], [['people', 'link', 'a', 'b']]])(
  '%j is a wrong call',
  async (args) => {
    expect(await itr(...args)).toMatchObject({ code: 2, out: '' });
  },
);
