import { closeSync, fsyncSync, openSync } from 'node:fs';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
};

/** Why a file could not be written, where the system said it; null: the error is about something else. */
export const whyUnwritable = (error: unknown): string | null =>
  (error instanceof Error ? REASONS[(error as NodeJS.ErrnoException).code ?? ''] : undefined) ?? null;

/** What was written to the file is on the disk. */
export function flush(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What was made, renamed or deleted in the folder is on the disk. */
export function flushFolder(folder: string): void {
  // Windows opens no folders, and needs it not.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
