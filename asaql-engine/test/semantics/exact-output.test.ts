/** What leaves the engine is what came in: integers with all their digits, texts as they are in messages too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, jsonOfOutput, outputFromJson } from '@asaql/engine';
import { batchOf, type Collected, collect, planOf, runEvents } from '../support/run-query.ts';

test('integers beyond 2^53 leave with all their digits, from columns, records, arrays and whole rows', () => {
  const body = '{"id":9007199254740993,"r":{"n":-9223372036854775808,"x":0.5},"a":[9223372036854775807,1]}';
  const { rows } = runEvents(planOf('SELECT id, r, a, I AS whole, id + 1 AS more FROM I'), { I: [{ body }] });
  assert.equal(
    rows.output?.map(jsonOfOutput).join(),
    `{"id":9007199254740993,"r":{"n":-9223372036854775808,"x":0.5},"a":[9223372036854775807,1],"whole":${body},"more":9007199254740994}`,
  );
  const star = runEvents(planOf('SELECT * FROM I'), { I: [{ body }] });
  assert.equal(star.rows.output?.map(jsonOfOutput).join(), body);
  assert.deepEqual(outputFromJson('[9007199254740993,1,1.5,"9007199254740993"]'), [
    9007199254740993n,
    1,
    1.5,
    '9007199254740993',
  ]);
});

test('a text that is no timestamp is told as it is', () => {
  const { rejected } = runEvents(planOf('SELECT t FROM I TIMESTAMP BY t'), {
    I: [{ body: { t: 'it\'s "late"' } }, { body: { t: true } }],
  });
  assert.deepEqual(
    rejected.map(({ message }) => message),
    [`'it's "late"' is no ISO 8601 timestamp.`, 'true is no ISO 8601 timestamp.'],
  );
});

test('GetMetadataPropertyValue reads what the hub tells of an event', () => {
  const query = `SELECT GetMetadataPropertyValue(I, '[EventHub].[Offset]') AS o, GetMetadataPropertyValue(I, '[eventhub].[SEQUENCENUMBER]') AS s,
    GetMetadataPropertyValue(I, '[User].[a.b]') AS u, GetMetadataPropertyValue(I, 'EventHub.PartitionId') AS p,
    GetMetadataPropertyValue(I, '[User]') AS all_, GetMetadataPropertyValue(I, 'BlobName') AS b FROM I`;
  const job = createJob(planOf(query, { inputs: { I: { metadata: 'eventHub', partitions: 2 } } }));
  const metadata = [{ EventHub: { Offset: '17', SequenceNumber: 4 }, User: { 'a.b': 'red', at: new Date(0) } }, undefined];
  const broken = batchOf('I', [{ body: 'no JSON' }, { body: { v: 1 } }, { body: { v: 2 } }], 1);
  job.push({ ...broken, metadataOf: (event) => metadata[event - 1] });
  job.end();
  const collected: Collected = { rows: {}, rejected: [] };
  collect(job, collected);
  assert.deepEqual(collected.rows.output, [
    { o: '17', s: 4, u: 'red', p: 1, all_: { 'a.b': 'red', at: '1970-01-01T00:00:00.0000000Z' }, b: null },
    { o: null, s: null, u: null, p: 1, all_: null, b: null },
  ]);
});
