// Another process that holds the write lock of a database: node holds-lock.mjs <file> <milliseconds>. Says `held`.
import Libsql from 'libsql';

const [, , file, ms] = process.argv;
const db = new Libsql(file);
db.exec('BEGIN IMMEDIATE');
process.stdout.write('held');
setTimeout(() => {
  db.exec('COMMIT');
  db.close();
}, Number(ms));
