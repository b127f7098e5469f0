/** The next moment at which something is due on one clock of one ticket. At most one per clock. */
export interface Timer {
  /** A clock's id, or one of the pseudo clocks `ladder`, `close`, `pend`. */
  readonly clock: string;
  readonly point: string;
  readonly occurrence: number;
  /** UTC ms. */
  readonly dueAt: number;
}
