import { configOf } from '/work/main/bench/support/config.ts';
import { startSlackStub } from '/work/main/bench/support/slack-stub.ts';
import { runScript, inFolder } from '/work/main/bench/support/process.ts';
import { median } from '/work/main/bench/support/numbers.ts';
import { spawn } from 'node:child_process';
import { writeFileSync, mkdirSync } from 'node:fs';
import { Connection } from '/work/main/src/storage/driver.ts';
const rounds = Number(process.argv[2]); const dirs = process.argv.slice(3);
await inFolder(async (folder) => {
  const slack = await startSlackStub();
  const servers = await Promise.all(dirs.map(async (dir) => {
    const cwd = folder + '/' + dir.replaceAll('/', '_'); mkdirSync(cwd); writeFileSync(cwd + '/itr.config.yaml', configOf(1));
    const args = dir === 'bolt' ? ['--import', 'tsx', '/work/main/bench/support/bare-bolt.ts'] : [dir + '/bin/itr.mjs', 'start'];
    const c = spawn(process.execPath, args, { cwd: dir === 'bolt' ? '/work/main' : cwd, env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'warn', ...slack.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let err = ''; const url = await new Promise<string>((r) => { for (const s of [c.stdout, c.stderr]) s.on('data', (d) => { err += d; const m = /http:\/\/[\w.:]+/.exec(err); if (m) r(m[0]); }) });
    return { dir, c, url, cwd, r: [] as any[], err: () => err };
  }));
  for (const s of servers) s.c.kill('SIGSTOP');
  for (let i = 0; i < rounds; i++) for (const s of servers) {
    s.c.kill('SIGCONT'); s.r.push(await runScript('load.ts', { url: s.url, connections: 50, seconds: 2.5, warmUpSeconds: 0.5 })); s.c.kill('SIGSTOP');
  }
  for (const s of servers) {
    s.c.kill('SIGCONT'); s.c.kill('SIGTERM'); await new Promise((r) => s.c.on('close', r));
    let handled = -1; if (s.dir !== 'bolt') { const db = new Connection(s.cwd + '/data/itr.db', 'read'); handled = db.all("select sum(state='done') from inbox")[0]![0] as number; db.close(); }
    const acked = s.r.reduce((a, x) => a + x.acknowledged, 0);
    console.log(s.dir.padEnd(8), 'median', Math.round(median(s.r.map((x) => x.perSecond))), 'p99', median(s.r.map((x) => x.p99)).toFixed(1), 'max', Math.max(...s.r.map((x) => x.max)).toFixed(0), 'acked', acked, 'handled', handled, s.r.map((x) => Math.round(x.perSecond)).join(' '));
  }
  slack.stop();
});
