import cron from 'node-cron';

/** What runs by the clock on the wall and may be missed: nothing that somebody waits for, which is what timers are for. */
export interface Job {
  readonly name: string;
  /** Five fields, in `timezone`. */
  readonly at: string;
  readonly timezone: string;
  /** May run twice for one occasion (the leader died in the middle): it has to know by itself what it has done. */
  run(): Promise<void>;
}

export interface Housekeeping {
  stop(): Promise<void>;
}

/** @param leads whether it is this process's turn: of several on one database, one keeps house. */
export function startHousekeeping(
  jobs: readonly Job[],
  leads: () => Promise<boolean>,
  failed: (job: string, error: unknown) => void,
): Housekeeping {
  const underWay = new Set<Promise<void>>();
  const tasks = jobs.map((job) =>
    cron.schedule(
      job.at,
      () => {
        const one = leads()
          .then((isOurs) => (isOurs ? job.run() : undefined))
          .catch((error: unknown) => {
            failed(job.name, error);
          })
          .finally(() => underWay.delete(one));
        underWay.add(one);
      },
      { timezone: job.timezone, name: job.name, noOverlap: true },
    ),
  );
  return {
    async stop() {
      await Promise.all(tasks.map(async (task) => task.destroy()));
      await Promise.all(underWay);
    },
  };
}
