// A storage emulator in a process of its own, for tests that kill it. Arguments: the data folder. Prints its address when it listens.
import { startStorage } from '../../src/storage/start-storage.ts';

const storage = await startStorage({ dataDir: process.argv[2] ?? '', port: 0, filesystems: ['data'] });
console.log(storage.url);
