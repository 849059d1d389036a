// A Cosmos DB emulator in a process of its own, for tests that kill it. Arguments: the data folder. Prints its address when it listens.
import { startCosmos } from '../../src/cosmos/start-cosmos.ts';

const databases = [{ id: 'db', containers: [{ id: 'items', partitionKey: '/pk' }] }];
const cosmos = await startCosmos({ dataDir: process.argv[2] ?? '', databases });
console.log(cosmos.endpoint);
