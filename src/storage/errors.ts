/** The database cannot be used as it is. The message is one sentence that says what to do; no fault of the program. */
export class StorageUnusable extends Error {
  override readonly name: string = 'StorageUnusable';
}
