/** `asaql diff`, `push` and `job` as a person runs them: the command's process, by an identity, over TLS to the management plane. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { jobTemplate } from '@asaql/project';
import { readLocalJob } from '../../src/deploy/compare-job.ts';
import { localProperties } from '../../src/deploy/job-drift.ts';
import { type Finished, runAsaql } from '../cli/asaql-process.ts';
import { type IdentityEndpoint, startIdentityEndpoint } from '../support/identity-endpoint.ts';
import { certificatePath, ManagementPlane } from './support/management-plane.ts';
import { addJob, type StoredJob } from './support/streaming-jobs.ts';

const subscription = '11111111-2222-3333-4444-555555555555';
const path = `/subscriptions/${subscription}/resourcegroups/rg-dev/providers/Microsoft.StreamAnalytics/streamingjobs/asa-dev`;
const shipped = join(import.meta.dirname, '../../../stream-analytics');
const folder = mkdtempSync(join(tmpdir(), 'asaql-push-'));
const project = join(folder, 'project');
let plane: ManagementPlane;
let identity: IdentityEndpoint;
let stored: StoredJob;

before(async () => {
  cpSync(shipped, project, { recursive: true });
  [plane, identity] = await Promise.all([ManagementPlane.start(), startIdentityEndpoint()]);
});
after(async () => {
  await Promise.all([plane.close(), identity.close()]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const local = await readLocalJob(shipped);
  const { template, parameters } = jobTemplate(local.declared.project, local.query.text);
  // As the shipped project says, with what the service adds.
  const properties = {
    ...(localProperties(template, parameters) as Record<string, never>),
    dataLocale: 'en-US',
    createdDate: '2026-01-01T00:00:00Z',
  };
  stored = addJob(plane, path, { query: local.query.text, properties });
});

function asaql(...argv: string[]): Promise<Finished> {
  return runAsaql(argv, {
    ...identity.environment,
    NODE_EXTRA_CA_CERTS: certificatePath,
    AZURE_RESOURCE_MANAGER: plane.url,
    AZURE_SUBSCRIPTION_ID: subscription,
    AZURE_RESOURCE_GROUP: 'rg-dev',
    AZURE_POLL_MS: '1',
  });
}

function changeQuery(from: string, to: string): void {
  const file = join(project, 'queries', 'realtime_viewer_count.asaql');
  const text = readFileSync(join(shipped, 'queries', 'realtime_viewer_count.asaql'), 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(file, text.replace(from, to));
}

test('diff tells what differs, as text and as JSON, with the exit code of a difference', async () => {
  changeQuery('TumblingWindow(second, 10)', 'TumblingWindow(second, 30)');
  const told = await asaql('diff', project, '--job', 'asa-dev');
  assert.equal(told.code, 1, told.errors);
  assert.match(told.output, /^ {2}~ \w+ \S+: window tumbling 10 second → tumbling 30 second/m);
  // Ten minutes of engagement, thinned over one more.
  assert.match(told.output, /reads again from 11 min before its last output/);
  assert.match(told.output, /Inputs, outputs, functions and policies are the same\./);
  const { query } = JSON.parse((await asaql('diff', project, '--job', 'asa-dev', '--json')).output);
  assert.equal(query.looksBackMs, 660_000);
});

test('diff of what is deployed as it stands is clean; policies, targets and outputs that drifted are told', async () => {
  const clean = await asaql('diff', shipped, '--job', 'asa-dev');
  assert.deepEqual(
    [clean.code, clean.output],
    [0, 'The query is the same.\nInputs, outputs, functions and policies are the same.\n'],
  );
  const outputs = (stored.properties.outputs as object[]).slice(1);
  Object.assign(stored.properties, {
    eventsLateArrivalMaxDelayInSeconds: 5,
    outputs: [...outputs, { name: 'by-hand', properties: {} }],
  });
  const drifted = await asaql('diff', shipped, '--job', 'asa-dev');
  assert.equal(drifted.code, 1);
  assert.match(drifted.output, /~ eventsLateArrivalMaxDelayInSeconds: deployed 5, here 60/);
  assert.match(drifted.output, /\+ outputs\.[\w-]+: only here\n {2}- outputs\.by-hand: only deployed/);
});

test('push shows the difference and puts the query in; a second one finds nothing to do', async () => {
  changeQuery('TumblingWindow(second, 10)', 'TumblingWindow(second, 20)');
  const pushed = await asaql('push', project, '--job', 'asa-dev', '--yes');
  assert.equal(pushed.code, 0, pushed.errors);
  assert.match(
    pushed.errors,
    /window tumbling 10 second → tumbling 20 second[\s\S]*stopping the job …[\s\S]*starting it from its last output …/,
  );
  assert.match(pushed.output, /asa-dev runs with the new query, from its last output\. Watch it: asaql job status/);
  assert.ok(stored.query.includes('TumblingWindow(second, 20)'));
  assert.equal(stored.state, 'Running');
  const again = await asaql('push', project, '--job', 'asa-dev', '--yes');
  assert.deepEqual([again.code, again.output], [0, 'asa-dev has this query already.\n']);
});

test('a query with errors is not pushed, and nobody to ask is no yes', async () => {
  changeQuery('TumblingWindow(second, 10)', 'TumblingWindow(second)');
  const refused = await asaql('push', project, '--job', 'asa-dev', '--yes');
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /error ASA\d+ [\s\S]*Nothing was pushed: the query has errors\./);
  changeQuery('TumblingWindow(second, 10)', 'TumblingWindow(second, 40)');
  const unasked = await asaql('push', project, '--job', 'asa-dev');
  assert.equal(unasked.code, 2);
  assert.match(unasked.errors, /Nobody can be asked here: add --yes/);
  assert.equal(stored.starts.length, 0);
});

test('a push that fails in Azure ends with 1 and the old query', async () => {
  changeQuery('TumblingWindow(second, 10)', 'TumblingWindow(second, 50)');
  stored.runs = (text) => !text.includes('second, 50');
  const failed = await asaql('push', project, '--job', 'asa-dev', '--yes');
  assert.equal(failed.code, 1);
  assert.match(failed.output, /asa-dev has its old query again\. With the new query the job ended up failed\./);
  assert.deepEqual([stored.state, stored.query.includes('second, 50')], ['Running', false]);
});

test('job status, stop, scale and start', async () => {
  const status = JSON.parse((await asaql('job', 'status', '--job', 'asa-dev', '--json')).output);
  assert.deepEqual([status.state, status.streamingUnits, status.lastOutput], ['Running', '1/3', '2026-01-15T12:00:00.000Z']);
  assert.equal((await asaql('job', 'stop', '--job', 'asa-dev')).code, 0);
  assert.equal(stored.state, 'Stopped');
  assert.match((await asaql('job', 'scale', '--job', 'asa-dev', '--units', '2')).output, /has 2 streaming units/);
  assert.equal(stored.streamingUnits, 20);
  assert.match((await asaql('job', 'start', '--job', 'asa-dev')).output, /asa-dev runs, from its last output\./);
  const wrong = await asaql('job', 'scale', '--job', 'asa-dev', '--units', '0.5');
  assert.deepEqual([wrong.code, /write 1\/3, 2\/3/.test(wrong.errors)], [2, true]);
});

test('what is not said is asked for by name', async () => {
  const { code, errors } = await asaql('diff', project);
  assert.deepEqual([code, errors], [2, 'asaql diff: Which job? Give --job, or set AZURE_STREAM_ANALYTICS_JOB in .env.\n']);
});
