/**
 * What the published types of Stream Analytics leave open and the service insists on; and that the job fits its query: each INTO
 * has an output, each FROM an input, each output a place that exists.
 */
import { createSnapshot, stepGraph } from '@asaql/parser';
import { lastPart, ofType, type Resource, type Snapshot, textAt, valueAt } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

const provider = 'Microsoft.StreamAnalytics/streamingjobs';

/** Of `streamingjobs.properties`; the service has a default for each that is not what this project tests with. */
const jobProperties = [
  'sku.name',
  'compatibilityLevel',
  'eventsLateArrivalMaxDelayInSeconds',
  'eventsOutOfOrderMaxDelayInSeconds',
  'eventsOutOfOrderPolicy',
  'outputErrorPolicy',
  'contentStoragePolicy',
];

/** Of `datasource.properties`, by kind of data source. */
const datasourceProperties: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.EventHub/EventHub': ['serviceBusNamespace', 'eventHubName', 'consumerGroupName', 'authenticationMode'],
  'Microsoft.Storage/DocumentDB': [
    'accountId',
    'database',
    'collectionNamePattern',
    'documentId',
    'partitionKey',
    'authenticationMode',
  ],
  'Microsoft.Storage/Blob': [
    'storageAccounts.0.accountName',
    'container',
    'pathPattern',
    'dateFormat',
    'timeFormat',
    'authenticationMode',
  ],
};

export const streamAnalytics: Rule = (snapshot) =>
  ofType(snapshot, provider).flatMap((job) => {
    const children = (kind: string) =>
      ofType(snapshot, `${provider}/${kind}`).filter(({ name }) => name.startsWith(`${job.name}/`));
    const [inputs, outputs, transformations] = [children('inputs'), children('outputs'), children('transformations')];
    return [
      ...jobProblems(job),
      ...[...inputs, ...outputs].flatMap(endpointProblems),
      ...transformationProblems(job, transformations),
      ...queryProblems(transformations[0], inputs, outputs),
      ...inputs.flatMap((input) => inputProblems(snapshot, input)),
      ...outputs.flatMap((output) => outputProblems(snapshot, output)),
    ];
  });

const finding = (resource: Resource, problem: string): Finding => ({
  rule: 'stream-analytics',
  where: `${resource.type} ${resource.name}`,
  problem,
});

function missing(resource: Resource, base: string, paths: readonly string[]): Finding[] {
  return paths
    .filter((path) =>
      [undefined, null, ''].includes(valueAt(resource.properties, base === '' ? path : `${base}.${path}`) as string),
    )
    .map((path) => finding(resource, `${path} is missing.`));
}

function jobProblems(job: Resource): Finding[] {
  const problems = missing(job, '', jobProperties);
  if (valueAt(job, 'identity.type') !== 'UserAssigned')
    problems.push(finding(job, 'It has no identity of its own to sign in with.'));
  return problems;
}

function endpointProblems(endpoint: Resource): Finding[] {
  const kind = textAt(endpoint.properties, 'datasource.type');
  const required = datasourceProperties[kind];
  if (required === undefined) return [finding(endpoint, `Nobody has said what "${kind}" needs: add it to this rule.`)];
  const problems = missing(endpoint, 'datasource.properties', required);
  if (textAt(endpoint.properties, 'datasource.properties.authenticationMode') !== 'Msi')
    problems.push(finding(endpoint, 'It signs in with a key instead of the job’s identity.'));
  // A document is a document; everything else must say how its bytes are read or written.
  if (kind !== 'Microsoft.Storage/DocumentDB')
    problems.push(...missing(endpoint, 'serialization', ['type', 'properties.encoding']));
  return problems;
}

function transformationProblems(job: Resource, transformations: readonly Resource[]): Finding[] {
  const [transformation] = transformations;
  if (transformation === undefined || transformations.length > 1)
    return [finding(job, `It has ${transformations.length} queries.`)];
  const problems = missing(transformation, '', ['query', 'streamingUnits']);
  const units = Number(valueAt(transformation.properties, 'streamingUnits'));
  const allowed = units === 3 || units === 7 || (units % 10 === 0 && units >= 10 && units <= 660);
  if (valueAt(job.properties, 'sku.name') === 'StandardV2' && !allowed)
    problems.push(finding(transformation, `${units} is no size of StandardV2: 3, 7, 10, 20, … 660.`));
  return problems;
}

/** Every INTO and FROM of the query against the outputs and inputs, both ways. */
function queryProblems(
  transformation: Resource | undefined,
  inputs: readonly Resource[],
  outputs: readonly Resource[],
): Finding[] {
  if (transformation === undefined) return [];
  const nodes = stepGraph(createSnapshot(textAt(transformation.properties, 'query'))).nodes;
  const named = (...kinds: string[]) =>
    new Set(nodes.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name.toLowerCase()));
  const compare = (asked: ReadonlySet<string>, resources: readonly Resource[], word: string) => {
    const there = new Set(resources.map(({ name }) => lastPart(name).toLowerCase()));
    return [
      ...[...asked]
        .filter((name) => !there.has(name))
        .map((name) => finding(transformation, `The query names ${word} [${name}], and the job has none.`)),
      ...[...there]
        .filter((name) => !asked.has(name))
        .map((name) => finding(transformation, `The job has ${word} [${name}], and the query never names it.`)),
    ];
  };
  return [...compare(named('output'), outputs, 'output'), ...compare(named('input', 'reference'), inputs, 'input')];
}

function inputProblems(snapshot: Snapshot, input: Resource): Finding[] {
  const source = (name: string) => textAt(input.properties, `datasource.properties.${name}`);
  const group = `${source('serviceBusNamespace')}/${source('eventHubName')}/${source('consumerGroupName')}`;
  const there = ofType(snapshot, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups').some(({ name }) => name === group);
  return there ? [] : [finding(input, `There is no consumer group ${group}.`)];
}

function outputProblems(snapshot: Snapshot, output: Resource): Finding[] {
  const target = (name: string) => textAt(output.properties, `datasource.properties.${name}`);
  if (textAt(output.properties, 'datasource.type') === 'Microsoft.Storage/Blob') {
    const name = `${target('storageAccounts.0.accountName')}/default/${target('container')}`;
    const there = ofType(snapshot, 'Microsoft.Storage/storageAccounts/blobServices/containers').some(
      (container) => container.name === name,
    );
    return there ? [] : [finding(output, `There is no filesystem ${name}.`)];
  }
  const name = `${target('accountId')}/${target('database')}/${target('collectionNamePattern')}`;
  const containers = ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers');
  const container = containers.find((candidate) => candidate.name === name);
  if (container === undefined) return [finding(output, `There is no container ${name}.`)];
  const key = textAt(container.properties, 'resource.partitionKey.paths.0');
  return key === `/${target('partitionKey')}`
    ? []
    : [finding(output, `It partitions by ${target('partitionKey')}, its container by ${key}.`)];
}
