/** With Microsoft's compiler: everything builds without a word, and gives exactly the files that are committed. */
import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { CompilerError, findCompiler, runCompiler } from '../src/bicep-compiler.ts';
import { bicepFolder, compileAll, snapshotOf } from '../src/compiled-files.ts';
import type { Snapshot } from '../src/resource.ts';
import { grantsOf } from '../src/rules/least-privilege.ts';
import { noSecrets } from '../src/rules/no-secrets.ts';

const root = dirname(dirname(import.meta.dirname));
const compiler = findCompiler() as string;

test('template, parameters and predictions are exactly the compiler’s output', () => {
  for (const [file, text] of compileAll(compiler)) {
    assert.equal(text, readFileSync(join(root, file), 'utf8'), `${file} differs: run node infra/src/compile.ts`);
  }
});

test('lint finds nothing, and the sources are formatted', (t) => {
  runCompiler(compiler, ['lint', join(bicepFolder, 'main.bicep')]);
  const copy = mkdtempSync(join(tmpdir(), 'asaql-bicep-format-'));
  t.after(() => rmSync(copy, { recursive: true }));
  const files = globSync('**/*.{bicep,bicepparam}', { cwd: bicepFolder });
  for (const file of files) cpSync(join(bicepFolder, file), join(copy, file));
  runCompiler(compiler, ['format', '--pattern', join(copy, '**/*.bicep'), '--newline-kind', 'LF', '--insert-final-newline']);
  for (const file of files)
    assert.equal(readFileSync(join(copy, file), 'utf8'), readFileSync(join(bicepFolder, file), 'utf8'), file);
});

test('a warning is an error here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-bicep-test-'));
  try {
    const file = join(folder, 'warned.bicep');
    writeFileSync(file, "param unused string\noutput one string = 'x'\n");
    assert.throws(() => runCompiler(compiler, ['build', file, '--stdout']), CompilerError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an operator gets exactly its roles, and keys, where they are allowed, go into the vault', () => {
  const file = join(bicepFolder, `.operator-${process.pid}.bicepparam`);
  try {
    writeFileSync(
      file,
      `using 'main.bicep'

param settings = union(loadJsonContent('../environments/dev.json'), { eventHubs: { localAuth: true } })
param operatorPrincipalId = 'operator'
`,
    );
    const snapshot = JSON.parse(snapshotOf(compiler, file)) as Snapshot;
    assert.deepEqual(
      grantsOf(snapshot)
        .filter(([identity]) => identity === 'operator')
        .map(([, role, on]) => `${role} on ${on}`)
        .sort(),
      [
        'Azure Event Hubs Data Receiver on eventhubs/netflix-events',
        'Azure Event Hubs Data Receiver on eventhubs/netflix-events-dlq',
        'Azure Event Hubs Data Sender on eventhubs/netflix-events',
        'Cosmos DB Built-in Data Reader on dbs/netflix-streaming',
        'Key Vault Secrets User on vaults/kv-nflx-dev-000000',
        'Storage Blob Data Reader on storageAccounts/stnflxlakedev000000',
      ],
    );
    const secrets = snapshot.predictedResources.filter(({ type }) => type === 'Microsoft.KeyVault/vaults/secrets');
    assert.deepEqual(
      secrets.map(({ name }) => name.slice(name.indexOf('/') + 1)),
      [
        'netflix-events-send-only',
        'netflix-events-listen-only',
        'netflix-events-dlq-send-only',
        'netflix-events-dlq-listen-only',
      ].map((name) => `event-hubs-${name}`),
    );
    assert.deepEqual(noSecrets(snapshot), []);
  } finally {
    rmSync(file, { force: true });
  }
});
