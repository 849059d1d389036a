/** The shipped template at a subscription of the management plane, by the real SDK. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { AzureError } from '../../src/deploy/azure-error.ts';
import { type ResourceProgress, Stack, type StackOptions } from '../../src/deploy/deploy-stack.ts';
import { whatIfText } from '../../src/deploy/what-if-text.ts';
import { certificatePath, ManagementPlane, refusal, TestCredential } from './support/management-plane.ts';
import { addDeployments, type Deployments, type PlannedResource } from './support/subscription-deployments.ts';

const infra = new URL('../../../infra/bicep/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, infra), 'utf8'));
const subscriptionId = '11111111-2222-3333-4444-555555555555';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-netflix-streaming-dev/providers`;
let plane: ManagementPlane;
let deployments: Deployments;

function planned(): PlannedResource[] {
  return [
    { id: `${group}/Microsoft.EventHub/namespaces/evhns-dev`, type: 'Microsoft.EventHub/namespaces', refuses: null },
    {
      id: `${group}/Microsoft.EventHub/namespaces/evhns-dev/eventhubs/netflix-events`,
      type: 'Microsoft.EventHub/namespaces/eventhubs',
      refuses: null,
    },
    {
      id: `${group}/Microsoft.StreamAnalytics/streamingjobs/asa-dev`,
      type: 'Microsoft.StreamAnalytics/streamingjobs',
      refuses: null,
    },
  ];
}

before(async () => {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificatePath, 'utf8')]);
  plane = await ManagementPlane.start();
});
after(() => plane.close());
beforeEach(() => {
  plane.routes.length = 0;
  plane.requests.length = 0;
  deployments = addDeployments(plane, planned());
  deployments.outputs.functionApp = { type: 'String', value: 'func-dev' };
});

function stack(changes: Partial<StackOptions> = {}): Stack {
  return new Stack({
    credential: new TestCredential(),
    cloud: plane.cloud,
    subscriptionId,
    location: 'westeurope',
    deploymentName: 'netflix-streaming-dev',
    template: read('main.json'),
    parameters: read('dev.parameters.json').parameters,
    pollEveryMs: 1,
    ...changes,
  });
}

test('it is validated, predicted and made, each resource is told, and a second time nothing would change', async () => {
  const one = stack();
  await one.validate();
  const changes = await one.whatIf();
  assert.equal(
    whatIfText(changes),
    [
      '+ Microsoft.EventHub/namespaces evhns-dev',
      '+ Microsoft.EventHub/namespaces/eventhubs evhns-dev/netflix-events',
      '+ Microsoft.StreamAnalytics/streamingjobs asa-dev',
      '',
      '3 new.',
    ].join('\n'),
  );
  const told: ResourceProgress[] = [];
  assert.deepEqual(await one.deploy((progress) => told.push(progress)), { functionApp: 'func-dev' });
  assert.deepEqual(
    told.map(({ resource, state }) => `${resource} ${state}`),
    ['evhns-dev Succeeded', 'netflix-events Succeeded', 'asa-dev Succeeded'],
  );
  assert.equal(whatIfText(await one.whatIf()), 'Nothing would change.');
  const [sent] = deployments.sent;
  assert.equal(sent?.properties.mode, 'Incremental');
  assert.deepEqual(Object.keys(sent?.properties ?? {}).sort(), ['mode', 'parameters', 'template']);
});

test('a resource that fails is named with its reason and what to do, and the next deployment goes on', async () => {
  const [, hub] = deployments.planned;
  if (hub) hub.refuses = { status: 'Forbidden', code: 'AuthorizationFailed', message: 'The client has no role for this.' };
  const told: ResourceProgress[] = [];
  await assert.rejects(
    stack().deploy((progress) => told.push(progress)),
    (error: AzureError) => {
      assert.match(
        error.message,
        /could not make netflix-events \(Microsoft\.EventHub\/namespaces\/eventhubs\): The client has no role for this\. \(AuthorizationFailed\) Ask for a role/,
      );
      assert.match(error.message, /deploy again to go on/);
      assert.deepEqual([error.code, error.resource], ['AuthorizationFailed', 'netflix-events']);
      return true;
    },
  );
  assert.deepEqual(deployments.made.size, 1);
  if (hub) hub.refuses = null;
  await stack().deploy(() => undefined);
  assert.equal(deployments.made.size, 3);
});

test('what the template does not declare, or needs, is refused before anything is made', async () => {
  const { parameters } = read('dev.parameters.json');
  await assert.rejects(stack({ parameters: { ...parameters, extra: { value: 1 } } }).validate(), /no parameter 'extra'/);
  await assert.rejects(stack({ parameters: {} }).validate(), /parameter 'settings' is not provided/);
  assert.equal(deployments.sent.length, 0);
});

test('too many requests are waited out, a denied deployment is told with the role', async () => {
  plane.fail('POST', /whatif$/, { ...refusal(429, 'TooManyRequests', 'Slow down.'), headers: { 'retry-after': '0' } }, 2);
  plane.fail('PUT', /deployments/, refusal(403, 'AuthorizationFailed', 'No.'));
  assert.equal((await stack().whatIf()).length, 3);
  await assert.rejects(
    stack().deploy(() => undefined),
    /could not deploy: No\. \(AuthorizationFailed\) Ask for a role/,
  );
});

test('properties that change are told with both values, what the service fills in is not', () => {
  const text = whatIfText([
    {
      resourceId: `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos/sqlDatabases/d/containers/aggregations/throughputSettings/default`,
      changeType: 'Modify',
      delta: [
        {
          path: 'properties',
          propertyChangeType: 'Modify',
          children: [
            { path: 'resource.throughput', propertyChangeType: 'Modify', before: 400, after: 5500 },
            { path: 'provisioningState', propertyChangeType: 'Modify', before: 'Succeeded', after: 'x' },
          ],
        },
        { path: 'tags.team', propertyChangeType: 'Delete', before: 'streaming' },
      ],
    },
    { resourceId: `${group}/Microsoft.Insights/metricAlerts/old`, changeType: 'Delete' },
  ]);
  assert.equal(
    text,
    [
      '~ Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/throughputSettings cosmos/d/aggregations/default',
      '    ~ properties.resource.throughput: 400 → 5500',
      '    - tags.team: streaming',
      '- Microsoft.Insights/metricAlerts old',
      '',
      '1 changed, 1 deleted.',
    ].join('\n'),
  );
});
