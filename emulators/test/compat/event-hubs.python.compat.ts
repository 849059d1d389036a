// Runs a Python program (azure-eventhub, Debian's python3-azure) against the emulator over TLS; exits 1 if anything differs from what
// the service does, 2 if it cannot be tried here. Not one of the unit tests: it needs Python, and port 5671, which that SDK insists on.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_EVENT_HUBS_KEY, startEventHubs } from '../../src/event-hubs/event-hubs-emulator.ts';

const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const PORT = 5671;
const certificatePath = join(import.meta.dirname, '..', 'tls', 'cert.pem');

async function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function main(): Promise<number> {
  if ((await run(PYTHON, ['-c', 'import azure.eventhub'])) !== 0) {
    console.error(`${PYTHON} has no azure.eventhub: install python3-azure, or set PYTHON.`);
    return 2;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'event-hubs-python-'));
  const tls = { cert: await readFile(certificatePath), key: await readFile(join(certificatePath, '..', 'key.pem')) };
  try {
    const hubs = [{ name: 'compat', partitions: 2, consumerGroups: ['python'], retentionHours: 24 }];
    const emulator = await startEventHubs({ dataDir, hubs, port: PORT, tls });
    try {
      const { name, key } = DEFAULT_EVENT_HUBS_KEY;
      const status = await run(PYTHON, [join(import.meta.dirname, 'event_hubs.py'), 'localhost', name, key, certificatePath]);
      return status === 0 ? 0 : 1;
    } finally {
      await emulator.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
