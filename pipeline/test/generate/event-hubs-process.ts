/** An Event Hubs emulator as a process of its own, to be killed: `node event-hubs-process.ts DATA_DIR PORT`. Tells its port once it listens. */
import process from 'node:process';
import { startEventHubs } from '@asaql/emulators';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const emulator = await startEventHubs({
  dataDir,
  port: Number(port),
  hubs: [{ name: 'netflix-events', partitions: 4, consumerGroups: [], retentionHours: 1 }],
  messageBytesMax: 256 * 1024,
});
process.send?.({ port: emulator.port, connectionString: emulator.connectionString });
process.on('disconnect', () => emulator.close().then(() => process.exit(0)));
