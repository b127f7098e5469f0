import type { Reads, Store } from './desk/ports.ts';
import type { Logger } from './log.ts';
import { VERSION } from './version.ts';

export interface Planning {
  /** The configuration was replaced. */
  changed(): void;
  /** Plans anew where the file, or the program, was changed while nothing ran. */
  resume(): Promise<void>;
  /** Until it has ended, stored timers are not yet those that the configuration asks for. */
  readonly busy: () => boolean;
}

const KEY = 'timers_planned_for';

/** Whether what is stored was planned by this program for this configuration; as far as is known. */
export const isPlannedFor = async (read: Pick<Reads, 'keyValue'>, revision: string): Promise<boolean> => {
  const planned = await read.keyValue(KEY);
  return planned === null || planned === wantedFor(revision);
};

/**
 * Whether nobody has begun to plan for another configuration: while processes are replaced by those of a new one, the old ones must not put back what these
 * have planned. A planning that its process did not end is the auditor's to end.
 */
export const isOursToMend = async (read: Pick<Reads, 'keyValue'>, revision: string): Promise<boolean> => {
  const planned = await read.keyValue(KEY);
  return planned === null || planned.replace(BEGUN, '') === wantedFor(revision);
};

const BEGUN = 'begun: ';

const wantedFor = (revision: string): string => `${VERSION} ${revision}`;

/** When all open tickets are planned anew: what is due when depends on the configuration, and on the program that reads it. */
export function createPlanning(deps: {
  readonly store: Store;
  /** Returns how many tickets it looked at. */
  readonly replan: () => Promise<number>;
  readonly revision: () => string;
  readonly log: Logger;
}): Planning {
  const { store, replan, log } = deps;
  let underWay = 0;

  const wanted = (): string => wantedFor(deps.revision());

  async function plan(): Promise<void> {
    underWay++;
    try {
      const planned = wanted();
      await remember(`${BEGUN}${planned}`);
      log.info({ tickets: await replan() }, 'timers planned anew');
      await remember(planned);
    } catch (error) {
      log.error({ err: error }, 'timers could not be planned anew');
    } finally {
      underWay--;
    }
  }

  const remember = (planned: string): Promise<void> => store.write((tx) => tx.setKeyValue(KEY, planned));

  return {
    changed: () => void plan(),
    async resume() {
      if (!(await isPlannedFor(store.read, deps.revision()))) void plan();
      else await remember(wanted());
    },
    busy: () => underWay > 0,
  };
}
