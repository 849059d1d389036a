/** From a load to sizes, to what breaks first, and to costs: figures that can be checked by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteLoad } from '../../src/estimate/document-writes.ts';
import type { Environment } from '../../src/estimate/environment.ts';
import type { Load } from '../../src/estimate/measure-load.ts';
import { costsOf } from '../../src/estimate/monthly-costs.ts';
import { type PriceList, shippedPrices } from '../../src/estimate/price-list.ts';
import { breaksFirst, isLateInBursts, needsOf, resourceUnits } from '../../src/estimate/size-services.ts';

const writes: WriteLoad = {
  writesPerSecond: 1000,
  bytesPerDocument: 1000,
  newDocumentsPerSecond: 1000,
  documents: 60_000,
  partitionKeys: 20,
  averageRequestUnits: 6000,
  busiestRequestUnits: 6400,
};

/** 60 measured seconds after 60: a burst of 2,900 RU in each tenth of them. */
const load: Load = {
  simulatedSeconds: 120,
  measuredSeconds: 60,
  events: 120_000,
  bytesPerEvent: 500,
  outputs: [{ output: 'rows', target: 'aggregations', rowsPerSecond: 10, bytesPerRow: 300, writes: null }],
  processed: writes,
  containers: { aggregations: Float64Array.from({ length: 120 }, (_, second) => (second % 60 < 10 ? 2900 : 100)) },
  stateBytes: 1000,
  workRatio: 3,
  engineEventsPerSecond: 100_000,
};

const dev: Environment = {
  environment: 'dev',
  location: 'westeurope',
  eventsPerSecond: 30,
  eventHubs: { throughputUnits: 2, maximumThroughputUnits: 0 },
  cosmos: {
    throughput: {
      'processed-events': { mode: 'manual', requestUnits: 400 },
      aggregations: { mode: 'autoscale', requestUnits: 1000 },
    },
  },
  lake: { rawDays: 7, processedDays: 30, curatedDays: 90 },
  streamAnalytics: { streamingUnits: 3 },
  functions: { instanceMemoryMB: 2048, maximumInstances: 40 },
  logs: { dailyCapGb: 1 },
};

test('each service gets the next size that holds the load with a quarter to spare', () => {
  const needs = needsOf(load, dev, 1000);
  // A unit takes 1,000 events/s: one is full, and a quarter more is two.
  assert.deepEqual([needs.throughputUnits.sustained, needs.throughputUnits.needs], [1, 2]);
  const [processed, aggregations] = needs.containers;
  assert.deepEqual([processed?.sustained, processed?.busiest, processed?.needs, processed?.has], [6000, 6400, 8000, 400]);
  // (10 × 2,900 + 50 × 100) / 60; autoscale grows by thousands.
  assert.deepEqual([Math.round(aggregations?.sustained ?? 0), aggregations?.busiest, aggregations?.needs], [567, 2900, 4000]);
  // 1,000 of 5,000 events/s, three times the work: 0.6 of a node, 0.75 with a quarter to spare.
  assert.deepEqual([needs.streamingUnits.sustained, needs.streamingUnits.needs], [0.6000000000000001, 1]);
  // 86.4 million documents of 1 KB over 20 keys.
  assert.equal(needs.partition.sustained, 4.32);
});

test('what breaks is told with the worst first, and what is only late apart', () => {
  const needs = needsOf(load, dev, 1000);
  assert.deepEqual(
    breaksFirst(needs).map(({ resource }) => resource),
    ['container processed-events', 'Stream Analytics job'],
  );
  assert.deepEqual(needs.containers.map(isLateInBursts), [false, true]);
  assert.deepEqual(breaksFirst(needsOf({ ...load, processed: { ...writes, averageRequestUnits: 300 } }, dev, 100)), []);
});

test('units are written as the resource takes them', () => {
  assert.deepEqual([1 / 3, 2 / 3, 1, 2, 66].map(resourceUnits), [3, 7, 10, 20, 660]);
});

test('a month is quantity times price; an unknown price is said and not summed', () => {
  const needs = needsOf(load, dev, 1000);
  const known = costsOf(load, needs, dev, 1000, shippedPrices());
  const line = (item: string, of = known) => of.lines.find((one) => one.item === item);
  assert.equal(line('eventHubs.throughputUnitHour')?.monthly, 2 * 730 * 0.03);
  assert.equal(line('cosmos.requestUnits100Hour')?.monthly, 80 * 730 * 0.008);
  assert.equal(line('streamAnalytics.unitHour')?.isForeign, true);
  assert.equal(line('eventHubs.throughputUnitHour')?.isForeign, false);
  assert.ok(Math.abs(known.monthly - known.lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0)) < 1e-9);

  const shipped = shippedPrices();
  const without: PriceList = {
    ...shipped,
    find: (item, region) => (item.startsWith('stream') ? null : shipped.find(item, region)),
  };
  const unknown = costsOf(load, needs, dev, 1000, without);
  assert.deepEqual(unknown.unknown, ['streamAnalytics.unitHour']);
  assert.ok(Math.abs(unknown.monthly - (known.monthly - (line('streamAnalytics.unitHour')?.monthly ?? 0))) < 1e-9);
});
