/**
 * The emulator against Microsoft.Azure.Cosmos (.NET) in gateway mode, over plain http and over TLS. Needs `dotnet` and nuget.org, so it is
 * no part of `npm test`: run it by `node emulators/test/compat/cosmos-dotnet.compat.ts`. Exits 1 on a failure, 2 where there is no `dotnet`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCosmos } from '../../src/cosmos/start-cosmos.ts';

const project = join(import.meta.dirname, 'cosmos-dotnet');
const certificates = join(import.meta.dirname, '..', 'tls');

if (spawnSync('dotnet', ['--version']).status !== 0) {
  console.error('There is no dotnet here; this test needs the .NET 10 SDK.');
  process.exit(2);
}
const built = spawnSync('dotnet', ['build', project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet'], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);

const tls = {
  cert: readFileSync(join(certificates, 'cert.pem'), 'utf8'),
  key: readFileSync(join(certificates, 'key.pem'), 'utf8'),
};
for (const options of [{}, { tls }]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'cosmos-dotnet-'));
  const emulator = await startCosmos({ dataDir, ...options });
  const code = await run(emulator.connectionString);
  await emulator.close();
  rmSync(dataDir, { recursive: true, force: true });
  if (code !== 0) process.exit(1);
}

function run(connectionString: string): Promise<number | null> {
  const program = spawn('dotnet', [join(project, 'bin/Release/net10.0/cosmos-dotnet.dll'), connectionString], {
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    program.once('error', reject);
    program.once('exit', resolve);
  });
}
