// Another process that holds the write lock of a database: node holds-lock.mjs <file> <milliseconds>. Says `held`.
import Libsql from 'libsql';

const [, , file, ms] = process.argv;
const db = new Libsql(file);
// Whoever writes just now has his turn first.
db.exec('PRAGMA busy_timeout = 10000');
db.exec('BEGIN IMMEDIATE');
process.stdout.write('held');
setTimeout(() => {
  db.exec('COMMIT');
  db.close();
}, Number(ms));
