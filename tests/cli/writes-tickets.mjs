// A server's process that writes tickets for as long as it lives: node --import tsx writes-tickets.mjs <file>. Says the number of each one that is
// committed, one a line.
import { openStorage } from '../../src/storage/index.ts';
import { aNote, aTicket, aTimer, saying, T0 } from '../contract/storage-builders.ts';

const [, , file] = process.argv;
const storage = await openStorage({ url: `file:${file}`, now: () => T0, wake: () => undefined, use: 'server' });
for (let number = 1; ; number++) {
  await storage.store.write(async (tx) => {
    await tx.saveTicket({
      ticket: aTicket(number, 2, { fields: { title: `票 ${number} 👀`, steps: 'x'.repeat(2_000) } }),
      expectedSeq: 0,
      events: [aNote(1), aNote(2)],
      timers: [aTimer('resolve', T0)],
    });
    await tx.enqueue([saying(`row ${number}`, { ticket: number })]);
  });
  process.stdout.write(`${number}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
