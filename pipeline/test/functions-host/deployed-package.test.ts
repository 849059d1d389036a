/** The package that is deployed registers what the source registers, and runs in the local host as well. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { addBatchLine, noTotals } from '../../src/functions-host/batch-totals.ts';
import { hostCheckpointStore } from '../../src/functions-host/checkpoint-store.ts';
import { loadFunctionsApp } from '../../src/functions-host/functions-app.ts';
import { startFunctionsHost } from '../../src/functions-host/start-functions-host.ts';
import { appEntry, appFolder, LocalServices, until } from './support/local-services.ts';
import { bytesOf, playbackBodies } from './support/playback-events.ts';

test('the bundle is the app', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asaql-package-'));
  const services = await LocalServices.start();
  try {
    await promisify(execFile)(process.execPath, [join(appFolder, 'build.ts'), folder]);
    const bundle = join(folder, 'dist', 'main.cjs');
    const [source, built] = [await loadFunctionsApp(appEntry), await loadFunctionsApp(bundle)];
    const registered = (app: typeof source) =>
      [...app.functions.values()].map(({ metadata }) => metadata).sort((left, right) => (left.name < right.name ? -1 : 1));
    assert.deepEqual(registered(built), registered(source));

    let totals = noTotals;
    const host = await startFunctionsHost({
      appEntry: bundle,
      settings: services.settings,
      checkpointStore: await hostCheckpointStore(services.settings, 'shared'),
      onLog: (entry) => {
        totals = addBatchLine(totals, entry);
      },
    });
    try {
      await services.send([...playbackBodies(0, 200), bytesOf('oops')]);
      await until(
        'every event is dealt with',
        () => totals.processed === 200 && totals.deadLettered === 1 && totals.archived === 201,
      );
    } finally {
      await host.stop();
    }
  } finally {
    await services.close();
    await rm(folder, { recursive: true });
  }
});
