import { Readable } from 'node:stream';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';

export interface Answer {
  code: number;
  out: string;
  err: string;
}

export interface Around {
  /** Files of the working folder. */
  files?: Record<string, string>;
  env?: Record<string, string>;
  stdin?: string;
  now?: string;
}

/** `itr ARGS` in an empty folder, without the machine's environment. */
export const itr = async (args: string[], around: Around = {}): Promise<Answer> => {
  const cwd = mkdtempSync(join(tmpdir(), 'itr-cli-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [name, text] of Object.entries(around.files ?? {})) writeFileSync(join(cwd, name), text);
  const answer = { code: 0, out: '', err: '' };
  answer.code = await main(args, {
    out: async (text) => void (answer.out += text),
    err: (text) => void (answer.err += text),
    cwd,
    env: around.env ?? {},
    now: () => Date.parse(around.now ?? '2026-11-20T04:00:00Z'),
    stdin: Readable.from([around.stdin ?? '']),
  });
  return answer;
};
