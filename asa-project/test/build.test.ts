/** Templates of jobs: the same bytes from the same project, keys as secure parameters, profiles in the parameters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobTemplate, openProject, projectQuery, withProfile } from '../src/index.ts';
import { filesOf, projectFolders } from './support/project-folder.ts';

async function built(name: string, profileName?: string) {
  const { project } = await openProject(filesOf(projectFolders[name] ?? ''));
  const profile = project.profiles.find((each) => each.name === profileName);
  const query = projectQuery(project)?.text ?? '';
  return { ...jobTemplate(profile === undefined ? project : withProfile(project, profile), query), query };
}

for (const name of Object.keys(projectFolders))
  test(`${name}: built twice, the bytes are the same, and the query is whole`, async () => {
    const [one, other] = [await built(name), await built(name)];
    assert.deepEqual(one, other);
    const [job] = JSON.parse(one.template).resources;
    assert.equal(job.properties.transformation.properties.query, one.query);
    assert.equal(job.apiVersion, '2021-10-01-preview');
    // Every parameter that is used is declared, and the other way round.
    const used = new Set([...one.template.matchAll(/\[parameters\('(\w+)'\)\]/g)].map(([, parameter]) => parameter));
    const declared = Object.keys(JSON.parse(one.template).parameters);
    assert.deepEqual([...used].sort(), declared.sort());
    const valued = Object.keys(JSON.parse(one.parameters).parameters);
    assert.deepEqual([...valued, ...one.secretParameters, ...one.openParameters, 'Location'].sort(), declared.sort());
  });

test('keys are secure parameters without a value, and stand nowhere', async () => {
  const { template, parameters, secretParameters } = await built('Visual Studio');
  assert.deepEqual(secretParameters, [
    'Input_Lorries_sharedAccessPolicyKey',
    'Output_Warm_password',
    'Output_Board_refreshToken',
  ]);
  for (const name of secretParameters) assert.deepEqual(JSON.parse(template).parameters[name], { type: 'securestring' });
  assert.doesNotMatch(template + parameters, /bm90LWEt|Passw0rd/);
});

test('inputs, outputs and functions have the shapes of the service', async () => {
  const { template, leftOut } = await built('functions and reference data');
  const [job] = JSON.parse(template).resources;
  const { inputs, outputs, functions, ...rest } = job.properties;
  assert.deepEqual(leftOut, []);
  assert.deepEqual(job.identity, { type: 'SystemAssigned' });
  assert.deepEqual(inputs[0].properties.datasource, {
    type: 'Microsoft.ServiceBus/EventHub',
    properties: {
      serviceBusNamespace: "[parameters('Input_Passages_serviceBusNamespace')]",
      eventHubName: "[parameters('Input_Passages_eventHubName')]",
      consumerGroupName: "[parameters('Input_Passages_consumerGroupName')]",
      authenticationMode: 'Msi',
    },
  });
  assert.equal(inputs[1].properties.type, 'Reference');
  assert.deepEqual(inputs[1].properties.serialization, { type: 'Csv', properties: { encoding: 'UTF8', fieldDelimiter: ',' } });
  assert.deepEqual(outputs[0].properties.datasource.properties, {
    accountId: "[parameters('Output_Charges_accountId')]",
    database: "[parameters('Output_Charges_database')]",
    collectionNamePattern: "[parameters('Output_Charges_collectionNamePattern')]",
    partitionKey: 'plate',
    documentId: 'id',
    authenticationMode: 'Msi',
  });
  assert.equal(outputs[1].properties.timeWindow, '00:01:00');
  assert.equal(outputs[1].properties.sizeWindow, 100);
  assert.deepEqual(
    functions.map((one: { properties: { type: string } }) => one.properties.type),
    ['Scalar', 'Aggregate'],
  );
  assert.match(functions[0].properties.properties.binding.properties.script, /toUpperCase/);
  assert.equal(rest.eventsLateArrivalMaxDelayInSeconds, -1);
  assert.deepEqual(job.tags, { team: 'roads' });
});

test('a profile changes names, sizes and policies, and nothing of the query', async () => {
  const [plain, dev, prod] = [
    await built('functions and reference data'),
    await built('functions and reference data', 'dev'),
    await built('functions and reference data', 'prod'),
  ];
  const values = ({ parameters }: { parameters: string }) => {
    const all = JSON.parse(parameters).parameters as Record<string, { value: unknown }>;
    return (name: string) => all[name]?.value;
  };
  assert.equal(values(dev)('StreamAnalyticsJobName'), 'toll-road-dev');
  assert.equal(values(dev)('Input_Tariffs_accountName'), 'sttolldev');
  assert.equal(values(dev)('Output_Queues_serviceBusNamespace'), 'sb-toll-dev');
  assert.equal(values(prod)('StreamingUnits'), 20);
  assert.equal(values(prod)('Output_Queues_serviceBusNamespace'), 'sb-toll');
  assert.equal(dev.template, plain.template);
  const [job] = JSON.parse(prod.template).resources;
  assert.equal(job.properties.eventsLateArrivalMaxDelayInSeconds, 60);
});
