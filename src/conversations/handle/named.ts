import { withNames } from '../../desk/names.ts';
import type { Tx } from '../../desk/ports.ts';
import type { Fields } from '../intake.ts';
import type { Turn } from './turn.ts';

/** What was understood goes on cards and into lists: people stand there by their names. */
export const named = async (tx: Tx, { platform, deps }: Turn, fields: Fields): Promise<Fields> => {
  const all: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields))
    all[field] = await withNames(value, platform, deps.directory, tx);
  return all;
};
