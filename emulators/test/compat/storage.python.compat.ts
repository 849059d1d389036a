// Runs storage.py, which drives the storage emulator through Python's SDKs. Not one of the unit tests: it needs a Python with the packages
// azure-storage-file-datalake and azure-storage-blob. Exits 0 when all checks pass.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStorage } from '../../src/storage/start-storage.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'storage-python-'));
const storage = await startStorage({ dataDir, port: 0 });
try {
  const python = process.env.PYTHON ?? '/usr/bin/python3';
  const script = join(import.meta.dirname, 'storage.py');
  const child = spawn(python, [script, storage.connectionString], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await storage.close();
  rmSync(dataDir, { recursive: true, force: true });
}
