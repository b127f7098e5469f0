import { queuesContract } from '../contract/queues.ts';
import { storeContract } from '../contract/storage.ts';
import { sqliteBench } from './bench.ts';

storeContract('SQLite', sqliteBench);
queuesContract('SQLite', sqliteBench);
