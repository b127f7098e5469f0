/** The database cannot be used as it is. The message is one sentence that says what to do; no fault of the program. */
export class StorageUnusable extends Error {
  override readonly name: string = 'StorageUnusable';
}

/** Another process has held the database's lock for longer than we wait, or it cannot be reached now. Nothing was written; trying later is right. */
export class StorageBusy extends Error {
  constructor(message = 'the database is locked by another process', options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageBusy';
  }
}
