/**
 * Time that a visitor may push forward. Given by the composition root, and only while no real platform is configured: on a real platform a moved
 * clock would send real people reminders that are not due.
 */
export interface MovableClock {
  /** UTC ms. */
  now(): number;
  /** Moves forward by `ms` (> 0), and wakes whoever sleeps until something is due. Never backwards: what has been told cannot be taken back. */
  advance(ms: number): void | Promise<void>;
}

/** The instant (UTC ms) at which the next timer is due; null when nothing is running. */
export type NextPoint = () => Promise<number | null>;
