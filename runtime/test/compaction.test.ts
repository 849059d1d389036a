/** The parts of compaction that need no lake: the set of ids, the figures of an hour, and tables that Parquet gives back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { eventColumns } from '../src/compaction/event-table.ts';
import { HourAggregates } from '../src/compaction/hour-aggregates.ts';
import { columnData } from '../src/compaction/parquet-columns.ts';
import { UuidSet } from '../src/compaction/uuid-set.ts';
import { sampleEvent } from './support/sample-event.ts';

test('a set of UUIDs is a set of UUIDs', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid(), { maxLength: 3000 }), (uuids) => {
      const exact = new Set<string>();
      const compact = new UuidSet();
      for (const uuid of [...uuids, ...uuids.map((text) => text.toUpperCase())]) {
        assert.equal(compact.add(uuid), !exact.has(uuid.toLowerCase()));
        exact.add(uuid.toLowerCase());
      }
      assert.equal(compact.size, exact.size);
    }),
    { numRuns: 30 },
  );
  assert.throws(() => new UuidSet().add('no uuid'), /Not eight hexadecimal digits/);
});

test('an event comes back from Parquet as it went in', async () => {
  const line = {
    partition: '1',
    sequence_number: 2 ** 40,
    offset: '0',
    enqueued_time: '2026-01-15T12:00:01.000Z',
    archived_at: '',
  };
  const { location: _location, ...placeless } = sampleEvent(2);
  const rows = [sampleEvent(1), placeless as ReturnType<typeof sampleEvent>].map((event) => ({ event, line }));
  const file = parquetWriteBuffer({ columnData: columnData(eventColumns, rows) });
  const [first, second] = await parquetReadObjects({ file });
  assert.ok(first && second);
  assert.equal(first.event_id, sampleEvent(1).event_id);
  assert.deepEqual(first.timestamp, new Date(sampleEvent(1).timestamp));
  assert.equal(first.location_city, 'Potsdam');
  assert.equal(first.quality_hdr_enabled, false);
  assert.equal(first.sequence_number, BigInt(2 ** 40));
  assert.equal(first.error_code, null);
  assert.equal(second.location_city, null);
});

test('figures of an hour by title, place and device', () => {
  const aggregates = new HourAggregates();
  for (let index = 0; index < 200; index += 1) aggregates.add(sampleEvent(index));
  aggregates.add({ ...sampleEvent(1), event_type: 'video_stop', duration_seconds: 30.5 });
  aggregates.add({ ...sampleEvent(1), event_type: 'buffer_event', buffer_duration_ms: 700 });
  const tables = Object.fromEntries(aggregates.tables().map(({ name, rows }) => [name, rows]));
  assert.equal(tables['by-title']?.length, 20);
  assert.equal(tables['by-device']?.length, 2);
  const title = tables['by-title']?.find((row) => row.keys.content_id === 'NF002');
  assert.ok(title);
  const { viewers, ...figures } = title;
  assert.equal(viewers.size, 5);
  assert.deepEqual(figures, {
    keys: { content_id: 'NF002', content_title: 'Title 2', content_type: 'movie' },
    events: 12,
    starts: 10,
    pauses: 0,
    stops: 1,
    completions: 0,
    bufferEvents: 1,
    watchSeconds: 30.5,
    bufferedMs: 700,
  });
  for (const rows of Object.values(tables))
    assert.equal(
      rows.reduce((sum, row) => sum + row.events, 0),
      202,
    );
});
