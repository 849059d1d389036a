/**
 * The engine against a naive oracle: random queries over random events with disorder, ties and NULLs, several partitions,
 * random policies, random batches and steps, and checkpoints in the middle. ASAQL_FUZZ_EVENTS and ASAQL_FUZZ_SEED run more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob, type Plan } from '@asaql/engine';
import { batchOf, type Collected, collect, planOf, seeded } from '../support/run-query.ts';
import { type Event, type Policies, timed } from './oracle.ts';
import { type FuzzQuery, type OutputRow, type Random, randomQuery } from './random-query.ts';

const eventsWanted = Number(process.env.ASAQL_FUZZ_EVENTS ?? 6000);
const firstSeed = Number(process.env.ASAQL_FUZZ_SEED ?? 1);
const start = Date.UTC(2024, 0, 1);

function randomPolicies(random: Random): Policies {
  return {
    lateArrivalMs: [0, 2000, 5000, 60_000][Math.floor(random() * 4)] ?? 0,
    outOfOrderMs: [0, 0, 1500, 4000][Math.floor(random() * 4)] ?? 0,
    earlyArrivalMs: random() < 0.5 ? 3000 : 300_000,
    action: random() < 0.5 ? 'adjust' : 'drop',
  };
}

/** Logs of partitions, one behind the other in the list. */
function randomEvents(random: Random, partitions: number, count: number, skewMs: number): Event[] {
  let id = 0;
  return Array.from({ length: partitions }, (_, partition) => {
    let arrivalMs = start + Math.floor(random() * 5000);
    return Array.from({ length: count }, (): Event => {
      if (random() > 0.3) arrivalMs += Math.floor(random() * (random() < 0.05 ? 20_000 : 1500));
      const skew = random() < 0.3 ? 0 : Math.round((random() - 0.8) * skewMs);
      const eventMs = arrivalMs + (random() < 0.5 ? Math.round(skew / 1000) * 1000 - (arrivalMs % 1000) : skew);
      const k = random() < 0.1 ? null : (['a', 'b', 'c'][Math.floor(random() * 3)] ?? null);
      const v = random() < 0.15 ? null : random() < 0.6 ? Math.floor(random() * 9) : Math.floor(random() * 64) / 8;
      id += 1;
      return { eventMs, arrivalMs, partition, k, v, id };
    });
  }).flat();
}

interface Stream {
  readonly events: readonly Event[];
  readonly partitions: number;
}

function run(plan: Plan, streams: { readonly [input: string]: Stream }, random: Random): Collected {
  const options = { rowsPerStep: 1 + Math.floor(random() * 40), textsMax: random() < 0.2 ? 2 : 1 << 20 };
  let job = createJob(plan, options);
  const collected: Collected = { rows: {}, rejected: [] };
  const lanes = Object.entries(streams).flatMap(([input, { events, partitions }]) =>
    Array.from({ length: partitions }, (_, partition) => ({
      input,
      partition,
      at: 0,
      events: events.filter((event) => event.partition === partition),
    })),
  );
  for (let open = lanes.filter((lane) => plan.inputs.includes(lane.input)); open.length > 0; ) {
    const lane = open[Math.floor(random() * open.length)] as (typeof lanes)[number];
    const part = lane.events.slice(lane.at, lane.at + 1 + Math.floor(random() * 30));
    lane.at += part.length;
    const bodies = part.map(({ eventMs, arrivalMs, k, v, id }) => ({
      body: { t: new Date(eventMs).toISOString(), k, v, id },
      arrivalMs,
    }));
    job.push(batchOf(lane.input, bodies, lane.partition));
    if (lane.at === lane.events.length) {
      open = open.filter((other) => other !== lane);
      if (random() < 0.5) job.endPartition(lane.input, lane.partition);
    }
    collect(job, collected);
    if (random() > 0.15) continue;
    const checkpoint = job.checkpoint();
    job = createJob(plan, options);
    job.restore(checkpoint);
  }
  job.end();
  collect(job, collected);
  return collected;
}

function normal(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(9)) + 0;
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normal(part)]));
  return value;
}

/** Differences of large sums leave 1e-16 where nothing is left. */
function small(value: unknown): unknown {
  return typeof value === 'number' && Math.abs(value) < 1e-9 ? 0 : value;
}

const lines = (rows: readonly OutputRow[]) =>
  rows
    .map((row) => JSON.stringify(normal(Object.fromEntries(Object.entries(row).map(([name, part]) => [name, small(part)])))))
    .sort();

function check(seed: number, query: FuzzQuery): number {
  const random = seeded(seed);
  const policies = randomPolicies(random);
  const stream = (): Stream => {
    const partitions = 1 + Math.floor(random() * 3);
    return {
      partitions,
      events: randomEvents(random, partitions, 10 + Math.floor(random() * 50), random() < 0.5 ? 4000 : 15_000),
    };
  };
  const streams = { I: stream(), J: stream() };
  const partitionsOf = { I: { partitions: streams.I.partitions }, J: { partitions: streams.J.partitions } };
  const plan = planOf(query.text, { policies, inputs: partitionsOf });
  const expected = lines(query.rows(timed(streams.I.events, policies), timed(streams.J.events, policies)));
  let events = 0;
  for (let way = 0; way < 3; way += 1) {
    const actual = run(plan, streams, random).rows.output ?? [];
    assert.deepEqual(lines(actual), expected, `seed ${seed}, way ${way}: ${query.text}\n${JSON.stringify(policies)}`);
    events += plan.inputs.reduce((sum, input) => sum + (streams[input as 'I' | 'J']?.events.length ?? 0), 0);
  }
  return events;
}

test(`the engine says what the oracle says, ${eventsWanted} events of random queries`, () => {
  let events = 0;
  let seed = firstSeed * 1_000_003;
  for (; events < eventsWanted; seed += 1) events += check(seed, randomQuery(seeded(seed * 31 + 7)));
  assert.ok(events >= eventsWanted);
});
