/** Pushing a query into a job of the management plane, by the real SDK: in order, without a gap, and back where it does not work. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { DeployedJob } from '../../src/deploy/deployed-job.ts';
import { type PushOptions, pushQueries } from '../../src/deploy/push-queries.ts';
import { certificatePath, ManagementPlane, refusal, TestCredential } from './support/management-plane.ts';
import { addJob, type StoredJob } from './support/streaming-jobs.ts';

const address = {
  subscriptionId: '11111111-2222-3333-4444-555555555555',
  resourceGroup: 'rg-netflix-dev',
  jobName: 'asa-netflix-dev',
};
const path = `/subscriptions/${address.subscriptionId}/resourcegroups/${address.resourceGroup}/providers/Microsoft.StreamAnalytics/streamingjobs/${address.jobName}`;
const query = 'SELECT COUNT(*) AS n INTO o FROM i GROUP BY TumblingWindow(second, 5)';
let plane: ManagementPlane;
let stored: StoredJob;
let credential: TestCredential;

before(async () => {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificatePath, 'utf8')]);
  plane = await ManagementPlane.start();
});
after(() => plane.close());
beforeEach(() => {
  credential = new TestCredential();
  plane.requests.length = 0;
});

async function push(job: Partial<StoredJob>, options: Partial<PushOptions> = {}) {
  stored = addJob(plane, path, job);
  const deployedJob = new DeployedJob({ ...address, credential, cloud: plane.cloud, pollEveryMs: 1 });
  const { job: deployed } = await deployedJob.read();
  const steps: string[] = [];
  const outcome = await pushQueries({
    job: deployedJob,
    deployed,
    query,
    startTime: null,
    onProgress: (step) => steps.push(step),
    pollEveryMs: 1,
    ...options,
  });
  return { outcome, steps };
}

test('a running job is stopped, changed and started from its last output', async () => {
  const { outcome, steps } = await push({});
  assert.deepEqual(outcome, { kind: 'running', from: { mode: 'LastOutputEventTime' } });
  assert.deepEqual(steps, ['stopping the job', 'putting the query in', 'starting it from its last output']);
  assert.equal(stored.state, 'Running');
  assert.deepEqual(stored.starts, [{ query, outputStartMode: 'LastOutputEventTime' }]);
  assert.ok(plane.requests.every(({ headers }) => headers.authorization === 'Bearer token-of-a-test'));
  assert.deepEqual([...new Set(credential.scopes)], ['https://management.azure.com/.default']);
});

test('a job that never put out a row starts at the time that is asked for', async () => {
  const startTime = new Date('2026-01-15T11:00:00Z');
  const { outcome } = await push({ lastOutputEventTime: null }, { startTime });
  assert.deepEqual(outcome, { kind: 'running', from: { mode: 'CustomTime', time: startTime } });
  assert.deepEqual(stored.starts, [{ query, outputStartMode: 'CustomTime', outputStartTime: '2026-01-15T11:00:00.000Z' }]);
});

test('a job that does not run is changed and left so', async () => {
  const { outcome } = await push({ state: 'Stopped' });
  assert.deepEqual(outcome, { kind: 'changed' });
  assert.deepEqual([stored.query, stored.state, stored.starts.length], [query, 'Stopped', 0]);
});

test('a job that does not come up gets its old query back, and runs', async () => {
  const old = 'SELECT * INTO o FROM i';
  const { outcome, steps } = await push({ query: old, runs: (text) => text === old });
  assert.deepEqual(outcome, { kind: 'rolledBack', reason: 'With the new query the job ended up failed.' });
  assert.deepEqual([stored.query, stored.state], [old, 'Running']);
  assert.deepEqual(
    stored.starts.map((start) => [start.query, start.outputStartMode]),
    [
      [query, 'LastOutputEventTime'],
      [old, 'LastOutputEventTime'],
    ],
  );
  assert.deepEqual(steps.slice(-2), ['putting the old query back', 'starting the old query from its last output']);
});

test('a query that somebody else changed is not overwritten, and the job runs on', async () => {
  stored = addJob(plane, path, {});
  const job = new DeployedJob({ ...address, credential, cloud: plane.cloud, pollEveryMs: 1 });
  const { job: deployed } = await job.read();
  stored.query = 'SELECT 1 AS x INTO o FROM i';
  stored.etag++;
  const outcome = await pushQueries({ job, deployed, query, startTime: null, onProgress: () => undefined, pollEveryMs: 1 });
  assert.equal(outcome.kind, 'rolledBack');
  assert.match(outcome.kind === 'rolledBack' ? outcome.reason : '', /Somebody changed it in the meantime/);
  assert.deepEqual([stored.query, stored.state], ['SELECT 1 AS x INTO o FROM i', 'Running']);
});

test('too many requests and a hiccup of the service are waited out', async () => {
  stored = addJob(plane, path, {});
  plane.fail(
    'PATCH',
    /transformations/,
    { ...refusal(429, 'TooManyRequests', 'Slow down.'), headers: { 'retry-after': '0' } },
    2,
  );
  plane.fail('POST', /start$/, { ...refusal(503, 'ServiceUnavailable', 'Not now.'), headers: { 'retry-after': '0' } });
  const { outcome } = await push({});
  assert.equal(outcome.kind, 'running');
  assert.equal(plane.told('PATCH').length, 3);
});

test('who may not change the query is told which role is missing, and the job runs on', async () => {
  plane.fail('PATCH', /transformations/, refusal(403, 'AuthorizationFailed', 'The client does not have authorization.'));
  const { outcome } = await push({});
  assert.equal(outcome.kind, 'rolledBack');
  assert.match(
    outcome.kind === 'rolledBack' ? outcome.reason : '',
    /does not have authorization.*\(AuthorizationFailed\).*Contributor/,
  );
  assert.deepEqual([stored.query, stored.state], ['SELECT * INTO o FROM i', 'Running']);
});

test('where nothing could be stopped nothing is changed', async () => {
  plane.fail('POST', /stop$/, refusal(409, 'Conflict', 'Another operation is in progress.'));
  await assert.rejects(push({}), /could not stop the job asa-netflix-dev: Another operation is in progress\. \(Conflict\)/);
  assert.deepEqual([stored.state, plane.told('PATCH').length], ['Running', 0]);
});

test('where the way back fails too, the message says how the job is left', async () => {
  plane.fail('POST', /start$/, refusal(403, 'AuthorizationFailed', 'No.'), 2);
  await assert.rejects(push({}), /is stopped and it may hold the new query: the way back failed too.*asaql job start/);
});

test('a cancelled push puts the old query back', async () => {
  const cancel = new AbortController();
  const { outcome } = await push(
    {},
    {
      abortSignal: cancel.signal,
      onProgress: (step) => {
        if (step.startsWith('starting it')) cancel.abort();
      },
    },
  );
  assert.equal(outcome.kind, 'rolledBack');
  assert.deepEqual([stored.query, stored.state], ['SELECT * INTO o FROM i', 'Running']);
});

test('a job that is not there is said', async () => {
  const job = new DeployedJob({ ...address, jobName: 'nothing', credential, cloud: plane.cloud });
  await assert.rejects(job.read(), /could not read the job nothing: .*not found\. \(ResourceNotFound\) Check the subscription/);
});
