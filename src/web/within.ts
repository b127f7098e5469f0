/** Who asks how the program does has to hear it before giving up himself, also where the database does not answer. */
export const DATABASE_MS = 2_000;

/** @throws where `work` takes longer; it goes on, unwatched. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
