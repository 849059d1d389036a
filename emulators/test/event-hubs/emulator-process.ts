// Runs the emulator as a process of its own, so that a test can kill it: node emulator-process.ts DATA_DIR PORT.
// Sends { port, connectionString } to its parent once it listens, and its lines as { line }.
import { startEventHubs } from '../../src/event-hubs/event-hubs-emulator.ts';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const onLine = (line: string): void => void process.send?.({ line });
const hubs = [{ name: 'telemetry', partitions: 4, consumerGroups: ['a', 'b'], retentionHours: 24 }];
const emulator = await startEventHubs({
  dataDir,
  hubs,
  port: Number(port),
  segmentBytesMax: 256 * 1024,
  onError: onLine,
  onNotice: onLine,
});
process.send?.({ port: emulator.port, connectionString: emulator.connectionString });
process.once('disconnect', () => process.exit());
