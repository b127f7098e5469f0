import { configOf } from '/work/main/bench/support/config.ts';
import { startSlackStub } from '/work/main/bench/support/slack-stub.ts';
import { runScript, inFolder } from '/work/main/bench/support/process.ts';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const flags = process.argv[2] ? process.argv[2].split(' ') : [];
await inFolder(async (folder) => {
  const slack = await startSlackStub();
  writeFileSync(folder + '/itr.config.yaml', configOf(1));
  const c = spawn(process.execPath, [...flags, '/work/main/bin/itr.mjs', 'start'], { cwd: folder, env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'warn', ...slack.env }, stdio: ['ignore', 'inherit', 'pipe'] });
  let err = ''; const url = await new Promise<string>((r) => c.stderr.on('data', (d) => { err += d; const m = /http:\/\/[\w.:]+/.exec(err); if (m) r(m[0]); }));
  for (let i = 0; i < Number(process.argv[3] ?? 2); i++) {
    const cpu0 = process.resourceUsage();
    console.log(JSON.stringify(await runScript('load.ts', { url, connections: 50, seconds: 4, warmUpSeconds: 0.7 })));
  }
  c.kill('SIGTERM'); await new Promise((r) => c.on('close', r)); console.log(err.slice(0, 2000));
  slack.stop();
});
