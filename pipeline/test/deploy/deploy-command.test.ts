/** `asaql deploy` as a person runs it: by an identity, over TLS, against the management plane and the Functions host. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { buildFunctionsApp } from '@asaql/runtime/build';
import { type Finished, runAsaql } from '../cli/asaql-process.ts';
import { type IdentityEndpoint, startIdentityEndpoint } from '../support/identity-endpoint.ts';
import { addFunctionsHost, type PublishedApps } from './support/functions-host.ts';
import { certificatePath, ManagementPlane, refusal } from './support/management-plane.ts';
import { addJob, type StoredJob } from './support/streaming-jobs.ts';
import { addDeployments, type Deployments } from './support/subscription-deployments.ts';

const subscription = '11111111-2222-3333-4444-555555555555';
const group = `/subscriptions/${subscription}/resourceGroups/rg-netflix-streaming-dev/providers`;
const jobPath = `${group}/Microsoft.StreamAnalytics/streamingjobs/asa-netflix-dev`;
let plane: ManagementPlane;
let identity: IdentityEndpoint;
let deployments: Deployments;
let apps: PublishedApps;
let stored: StoredJob;

before(async () => {
  const folder = join(import.meta.dirname, '../../../runtime/dist/package');
  if (!existsSync(folder)) await buildFunctionsApp(folder);
  [plane, identity] = await Promise.all([ManagementPlane.start(), startIdentityEndpoint()]);
});
after(() => Promise.all([plane.close(), identity.close()]));
beforeEach(() => {
  plane.routes.length = 0;
  plane.requests.length = 0;
  apps = addFunctionsHost(plane);
  deployments = addDeployments(plane, [
    {
      id: `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos-dev`,
      type: 'Microsoft.DocumentDB/databaseAccounts',
      refuses: null,
    },
    { id: jobPath, type: 'Microsoft.StreamAnalytics/streamingjobs', refuses: null },
  ]);
  deployments.outputs.functionApp = { type: 'String', value: 'func-dev' };
  stored = addJob(plane, jobPath, { state: 'Created', lastOutputEventTime: null });
});

function deploy(...argv: string[]): Promise<Finished> {
  return runAsaql(['deploy', ...argv], {
    ...identity.environment,
    NODE_EXTRA_CA_CERTS: certificatePath,
    AZURE_RESOURCE_MANAGER: plane.url,
    AZURE_PUBLISH_URL: `${plane.url}/scm/{app}`,
    AZURE_SUBSCRIPTION_ID: subscription,
    AZURE_POLL_MS: '1',
  });
}

test('what-if shows what would change and changes nothing', async () => {
  const { code, output, errors } = await deploy('--what-if');
  assert.equal(code, 0, errors);
  assert.match(output, /^\+ Microsoft\.DocumentDB\/databaseAccounts cosmos-dev$/m);
  assert.match(output, /2 new\./);
  assert.deepEqual([deployments.sent.length, deployments.made.size, stored.starts.length], [0, 0, 0]);
});

test('it is deployed, the functions are published, the job is started, and the next steps are told', async () => {
  const { code, output, errors } = await deploy('--yes', '--operator', 'someone');
  assert.equal(code, 0, errors);
  assert.match(
    errors,
    /checking the template …[\s\S]*deploying …\n {2}Succeeded {2}cosmos-dev \(Microsoft\.DocumentDB[\s\S]*publishing the functions …\nstarting the job …/,
  );
  assert.match(output, /dev is deployed, and asa-netflix-dev runs from now\. Next:/);
  assert.deepEqual(
    apps.packages
      .get('func-dev')
      ?.filter((name) => !name.endsWith('.map'))
      .sort(),
    ['dist/main.cjs', 'host.json', 'package.json'],
  );
  assert.deepEqual(
    stored.starts.map(({ outputStartMode }) => outputStartMode),
    ['JobStartTime'],
  );
  const parameters = deployments.sent[0]?.properties.parameters as Record<string, { value: unknown }>;
  assert.equal((parameters.settings?.value as { environment: string } | undefined)?.environment, 'dev');
  assert.deepEqual(parameters.operatorPrincipalId, { value: 'someone' });
});

test('a running job is stopped for the update and goes on from its last output', async () => {
  stored.state = 'Running';
  stored.lastOutputEventTime = '2026-01-15T12:00:00Z';
  const { code, errors } = await deploy('--yes');
  assert.equal(code, 0, errors);
  const posts = plane.told('POST').filter((path) => path.includes('streamingjobs'));
  assert.deepEqual(
    posts.map((path) => path.split('/').at(-1)),
    ['stop', 'start'],
  );
  assert.equal(stored.starts[0]?.outputStartMode, 'LastOutputEventTime');
});

test('where the deployment fails the resource, the reason and the state of the job are told; a second try goes on', async () => {
  stored.state = 'Running';
  const [cosmos] = deployments.planned;
  if (cosmos) cosmos.refuses = { status: 'Conflict', code: 'ServiceUnavailable', message: 'High demand in this region.' };
  const failed = await deploy('--yes');
  assert.equal(failed.code, 1);
  assert.match(failed.errors, /could not make cosmos-dev .*: High demand in this region\. \(ServiceUnavailable\)/);
  assert.match(failed.errors, /The job asa-netflix-dev stands still\. Nothing is lost/);
  if (cosmos) cosmos.refuses = null;
  assert.equal((await deploy('--yes')).code, 0);
  assert.equal(stored.state, 'Running');
});

test('a package that is refused, and roles that take their time', async () => {
  apps.refuses = 'The runtime node 99 is not supported.';
  const refused = await deploy('--yes');
  assert.deepEqual(
    [refused.code, /func-dev refused its package: The runtime node 99 is not supported\./.test(refused.errors)],
    [1, true],
  );
  apps.refuses = null;
  plane.fail('POST', /\/start$/, refusal(403, 'AuthorizationFailed', 'The identity may not read.'), 2);
  const patient = await deploy('--yes');
  assert.equal(patient.code, 0, patient.errors);
  assert.match(patient.errors, /new roles may take some minutes …\nstarting the job, try 2 of 10 …/);
});

test('without a yes nothing is deployed', async () => {
  const { code, errors } = await deploy();
  assert.deepEqual([code, deployments.sent.length], [2, 0]);
  assert.match(errors, /Nobody can be asked here: add --yes/);
});
