import { configJsonSchema } from '../config/json-schema.ts';
import { formatIssue } from '../config/issue.ts';
import type { ConfigIssue } from '../config/issue.ts';
import { loadConfig } from '../config/source.ts';
import { existsSync } from 'node:fs';
import { sourceFor } from './policy.ts';
import type { ExitCode, Io, Verb } from './verb.ts';
import { WrongCall, readArgs } from './verb.ts';

export const verb: Verb = {
  name: 'config',
  summary: 'checks the configuration, and describes its format',
  usage: ['config check [FILE] [--json]', 'config schema'],
  example: [
    '$ itr config check itr.config.yaml',
    'itr.config.yaml:26:23: error: sla_policies.standard.targets.S2.response: found 30 (a number), wanted a duration longer than nothing, such as 15m, 8h or 3d',
    '1 error, 0 warnings',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' }, config: { type: 'string' } });
    const [what, file, ...more] = positionals;
    if (more.length > 0) throw new WrongCall(`one file at a time: "${more[0] ?? ''}" is too much`);
    if (what === 'check') return check(file ?? values.config, values.json ?? false, io);
    if (what !== 'schema')
      throw new WrongCall(what === undefined ? 'check or schema?' : `"${what}" is neither check nor schema`);
    if (file !== undefined) throw new WrongCall('schema takes no file');
    await io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    return 0;
  },
};

const check = async (given: string | undefined, asJson: boolean, io: Io): Promise<ExitCode> => {
  const source = sourceFor(given, io);
  if (source.file !== null && !existsSync(source.file)) throw new WrongCall(`there is no file ${source.label}`);
  const result = await loadConfig(source, { now: io.now() });
  const errors = result.ok ? [] : result.errors;
  const notYet = result.ok ? result.notYet : [];
  const { warnings } = result;
  if (asJson) {
    await io.out(`${JSON.stringify({ ok: result.ok, file: source.label, errors, warnings, notYet })}\n`);
    return result.ok ? 0 : 1;
  }
  const shown = (kind: string) => (issue: ConfigIssue) => formatIssue(source.label, issue, kind);
  const lines = [
    ...errors.map(shown('error')),
    ...warnings.map(shown('warning')),
    ...notYet.map((feature) => `${source.label}: not acted on yet: ${feature}`),
    result.ok
      ? `${source.label} is good: ${count(warnings.length, 'warning')}`
      : `${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}`,
  ];
  await io.out(`${lines.join('\n')}\n`);
  return result.ok ? 0 : 1;
};

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
