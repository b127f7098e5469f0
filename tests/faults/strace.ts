import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What became of one event between its arrival and its answer, as the system saw it. */
export interface Way {
  /** Its request was read, and a 200 was written to the same connection. */
  readonly answered: boolean;
  /** Before that 200 its words were written to the WAL. */
  readonly written: boolean;
  /** And after they were, still before the 200, the WAL was flushed to the disk. */
  readonly flushed: boolean;
}

export interface Trace {
  /** Ends the trace; one for each of these texts, which stand in one event each. */
  ways(texts: readonly string[]): Promise<readonly Way[]>;
}

const CALLS = 'trace=fdatasync,fsync,read,write,sendto,writev,pwrite64';

/** Writes down the system calls of a process. A text: why that cannot be. */
export async function trace(pid: number): Promise<Trace | string> {
  if (spawnSync('strace', ['-V']).status !== 0) return 'strace is missing';
  const folder = mkdtempSync(join(tmpdir(), 'itr-strace-'));
  const file = join(folder, 'calls');
  // A page of the WAL has 4 KB, a request less.
  const strace = spawn('strace', ['-f', '-y', '-s', '5000', '-e', CALLS, '-o', file, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(strace, 'exit');
  const why = await new Promise<string | null>((resolve) => {
    let said = '';
    strace.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      if (/attached/.test(said)) resolve(null);
    });
    void ended.then(() => resolve(`strace may not attach: ${said.trim().split('\n')[0] ?? ''}`));
  });
  if (why !== null) {
    rmSync(folder, { recursive: true, force: true });
    return why;
  }
  return {
    async ways(texts) {
      strace.kill('SIGINT');
      await ended;
      // The server reads, stores and answers in one thread, whose calls stand in their order.
      const calls = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${pid} `))
        .map((line) => line.slice(String(pid).length).trim());
      rmSync(folder, { recursive: true, force: true });
      return texts.map((text) => wayOf(calls, text));
    },
  };
}

const NEVER: Way = { answered: false, written: false, flushed: false };

function wayOf(calls: readonly string[], text: string): Way {
  const arrived = calls.findIndex((call) => call.startsWith('read(') && call.includes(text));
  const connection = /^read\((\d+)</.exec(calls[arrived] ?? '')?.[1];
  if (connection === undefined) return NEVER;
  const after = calls.slice(arrived + 1);
  const answer = after.findIndex((call) =>
    new RegExp(`^(?:write|writev|sendto)\\(${connection}<.*HTTP/1\\.1 200`).test(call),
  );
  if (answer < 0) return NEVER;
  const between = after.slice(0, answer);
  const written = between.findIndex((call) => /^pwrite64\(\d+<[^>]*-wal>/.test(call) && call.includes(text));
  const flushed = between.findLastIndex((call) => /^(?:fdatasync|fsync)\(\d+<[^>]*-wal>/.test(call));
  return { answered: true, written: written >= 0, flushed: written >= 0 && flushed > written };
}
