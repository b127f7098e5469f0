import { queuesContract } from '../contract/queues.ts';
import { storeContract } from '../contract/storage.ts';
import { watchContract } from '../contract/watch.ts';
import { sqliteBench } from './bench.ts';

storeContract('SQLite', sqliteBench);
queuesContract('SQLite', sqliteBench);
watchContract('SQLite', sqliteBench);
