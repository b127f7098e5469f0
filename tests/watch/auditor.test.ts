import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Timer } from '../../src/domain/timers.ts';
import type { Difference } from '../../src/watch/auditor.ts';
import { createAuditor } from '../../src/watch/auditor.ts';
import { byHand, instantFor } from '../support/by-hand.ts';
import { openOffice } from '../web/raised.ts';
import type { Office } from '../web/raised.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.stop());

const sql = (statement: string): Promise<void> => byHand(office.app, statement);

const numberOf = (id: string): number => Number(id.slice('ITR-'.length));

async function everything(): Promise<unknown> {
  const { read } = office.app.storage.store;
  const numbers = [1, 2, 3, 4, 5, 6];
  return Promise.all(
    numbers.map(async (number) => [
      await read.ticket(number),
      await read.timersOf(number),
      await read.timeline(number),
    ]),
  );
}

const timersOf = (id: string): Promise<readonly Timer[]> => office.app.storage.store.read.timersOf(numberOf(id));

/** The auditor on the office's own database, with what it found and how often it wrote. */
function auditor(more: Partial<Parameters<typeof createAuditor>[0]> = {}) {
  const { storage, world } = office.app;
  const found: Difference[] = [];
  const rows: number[] = [];
  const failed: number[] = [];
  const writes = { count: 0 };
  const audit = createAuditor({
    store: {
      read: storage.store.read,
      write: (work) => {
        writes.count++;
        return storage.store.write(work);
      },
    },
    openTickets: (above, limit) => storage.queries.openNumbers(above, limit),
    policy: world.policy,
    now: office.clock.now,
    busy: () => false,
    isOurs: () => Promise.resolve(true),
    found: (difference) => void found.push(difference),
    foundRow: (ticket) => void rows.push(ticket),
    failed: (ticket) => void failed.push(ticket),
    ...more,
  });
  return { audit, found, rows, failed, writes };
}

describe('the auditor', () => {
  it('leaves a correct database alone, and writes nothing', async () => {
    for (const status of ['queued', 'in_progress', 'pending', 'restored', 'resolved', 'closed'] as const)
      await office.ticketIn(status);
    const before = await everything();
    const { audit, found, writes } = auditor();
    expect(await audit()).toEqual({ at: office.clock.now(), looked: 5, tickets: [], rows: [] });
    expect([found, writes.count]).toEqual([[], 0]);
    expect(await everything()).toEqual(before);
  });

  it('tells of a row that is not what the events make of it, and leaves it and its timers alone', async () => {
    const [wrong, right] = [await office.ticketIn('in_progress'), await office.ticketIn('queued')];
    const { read } = office.app.storage.store;
    const ticket = await read.ticket(numberOf(wrong));
    const severity = ticket?.severity === 'S1' ? 'S2' : 'S1';
    const state = JSON.stringify({ ...ticket, severity }).replaceAll("'", "''");
    await sql(`UPDATE tickets SET severity = '${severity}', state = '${state}' WHERE number = ${numberOf(wrong)}`);
    const before = await everything();
    const { audit, found, rows } = auditor();
    expect(await audit()).toMatchObject({ tickets: [], rows: [numberOf(wrong)] });
    expect([found, rows]).toEqual([[], [numberOf(wrong)]]);
    expect(rows).not.toContain(numberOf(right));
    expect(await everything()).toEqual(before);
  });

  it('puts back a timer that was lost, mends a wrong one, takes out one too many, and touches nothing else', async () => {
    const [lost, wrong, extra] = [
      await office.ticketIn('queued'),
      await office.ticketIn('in_progress'),
      await office.ticketIn('resolved'),
    ];
    await office.ticketIn('pending');
    await office.ticketIn('closed');
    const before = await everything();
    const [timer] = await timersOf(lost);
    const later = instantFor(office.app, office.clock.now() + 86_400_000);
    await sql(`DELETE FROM timers WHERE ticket = ${numberOf(lost)} AND clock = '${timer?.clock ?? ''}'`);
    await sql(`UPDATE timers SET due_at = ${later}, try_at = ${later} WHERE ticket = ${numberOf(wrong)}`);
    await sql(`INSERT INTO timers (ticket, clock, point, occurrence, due_at, try_at)
         VALUES (${numberOf(extra)}, 'ladder', 'step:0', 1, ${later}, ${later})`);

    const { audit, found } = auditor();
    expect(await audit()).toMatchObject({ looked: 4, tickets: [lost, wrong, extra].map(numberOf) });
    expect(found[0]?.derived.length).toBe((found[0]?.stored.length ?? 0) + 1);
    expect(await everything()).toEqual(before);
    expect(await audit()).toMatchObject({ tickets: [] });
    expect(found).toHaveLength(3);
  });

  it('a ticket that changes while it is looked at is no difference', async () => {
    const id = await office.ticketIn('queued');
    const { read } = office.app.storage.store;
    let claimed = false;
    const { storage } = office.app;
    const { audit, found } = auditor({
      store: {
        write: (work) => storage.store.write(work),
        read: {
          ...read,
          ticket: (number) => read.ticket(number),
          // Between the two reads somebody claims it: the timers are those of another moment.
          timersOf: async (number) => {
            if (!claimed) await office.tell(id, { type: 'claim', as: 'wei' });
            claimed = true;
            return read.timersOf(number);
          },
        },
      },
    });
    expect(await audit()).toMatchObject({ looked: 1, tickets: [] });
    expect(found).toEqual([]);
    expect((await read.ticket(numberOf(id)))?.status).toBe('in_progress');
  });

  it('gives up while timers are being planned for a new configuration', async () => {
    const id = await office.ticketIn('queued');
    await sql(`DELETE FROM timers WHERE ticket = ${numberOf(id)}`);
    const { audit, writes } = auditor({ busy: () => true });
    expect(await audit()).toBeNull();
    expect(writes.count).toBe(0);
    expect(await timersOf(id)).toEqual([]);
  });

  it('a ticket whose row is spoiled is told of, and holds up no other', async () => {
    const [broken, lost] = [await office.ticketIn('queued'), await office.ticketIn('queued')];
    await sql(`UPDATE tickets SET state = '{}' WHERE number = ${numberOf(broken)}`);
    await sql(`DELETE FROM timers WHERE ticket = ${numberOf(lost)}`);
    const { audit, rows, found } = auditor();
    expect(await audit()).toMatchObject({ looked: 2, tickets: [numberOf(lost)], rows: [numberOf(broken)] });
    expect(rows).toEqual([numberOf(broken)]);
    expect(found.map(({ ticket }) => ticket)).toEqual([numberOf(lost)]);
  });

  it('lets others have their turn after each slice of its walk', async () => {
    for (let i = 0; i < 4; i++) await office.ticketIn('queued');
    const turnsWhile = async (msPerTicket: number): Promise<number> => {
      let now = 0;
      let turns = 0;
      let walks = true;
      const turn = (): void => {
        turns++;
        if (walks) setImmediate(turn);
      };
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += msPerTicket));
      setImmediate(turn);
      await auditor().audit();
      walks = false;
      clock.mockRestore();
      return turns;
    };
    expect((await turnsWhile(20)) - (await turnsWhile(0))).toBeGreaterThanOrEqual(3);
  });
});
