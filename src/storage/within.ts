/** A work that has not ended by then waits for something that a transaction must not wait for. */
const LONGEST_WORK_MS = 10_000;

/** What a transaction does, unless it takes too long: everybody else waits meanwhile, for the writer or for its locks. */
export async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(
          `a transaction took more than ${LONGEST_WORK_MS / 1000} s: does it wait for the network or for another one?`,
        ),
      );
    }, LONGEST_WORK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
