/** The project that is checked, built and deployed is the one that the pipeline runs. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectQuery } from '@asaql/project';
import { readJobProject } from '../../src/job/project.ts';
import { projectHubs } from '../../src/local-services/definitions.ts';
import { openDiskProject } from '../../src/project/disk-project.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'stream-analytics');

test('query, input, outputs and policies are the same, read by either', async () => {
  const { project, problems } = await openDiskProject(folder);
  assert.deepEqual(problems, []);
  const job = readJobProject(folder);
  assert.equal(projectQuery(project)?.text, job.query);
  assert.equal(project.startFile?.text, job.query);
  assert.deepEqual(project.job?.policies, job.policies);
  assert.equal(project.job?.compatibilityLevel, job.compatibilityLevel);
  const [input] = project.inputs;
  assert.equal(input?.name, job.input.name);
  assert.equal(input?.source?.properties.EventHubName, job.input.hub);
  assert.equal(input?.source?.properties.ConsumerGroupName, job.input.consumerGroup);
  const ofJob = new Map(job.outputs.map((output) => [output.name, output]));
  assert.deepEqual(project.outputs.map(({ name }) => name).sort(), [...ofJob.keys()].sort());
  for (const { name, sink } of project.outputs) {
    const output = ofJob.get(name);
    const { Database, ContainerName, PartitionKey, Container, PathPattern } = sink?.properties ?? {};
    if (output?.kind === 'cosmos')
      assert.deepEqual([Database, ContainerName, PartitionKey], [output.database, output.container, output.partitionKeyField]);
    else assert.deepEqual([Container, PathPattern], [output?.filesystem, output?.pathPattern]);
  }
});

test('the input reads a hub and a consumer group that the emulators make', async () => {
  const { project } = await openDiskProject(folder);
  const { EventHubName, ConsumerGroupName } = project.inputs[0]?.source?.properties ?? {};
  const hub = projectHubs.find(({ name }) => name === EventHubName);
  assert.ok(hub?.consumerGroups.includes(String(ConsumerGroupName)));
});
