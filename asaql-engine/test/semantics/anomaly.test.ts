/**
 * Anomaly detection: spikes, dips and changes that a reader sees are found, calm is not told, and a job from a checkpoint
 * says the same. The scores themselves are ours; only what the reference says of them is held here.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '@asaql/engine';
import { planOf, runEvents, seeded } from '../support/run-query.ts';

const start = Date.UTC(2024, 0, 1);
const at = (second: number) => new Date(start + second * 1000).toISOString();

interface Scored {
  readonly n: number;
  readonly k: string;
  readonly a: { readonly IsAnomaly: number; readonly Score: number } | null;
}

function scored(call: string, values: readonly (readonly [string, number | null])[], checkpoints = false): readonly Scored[] {
  const plan = planOf(`SELECT n, k, ${call} AS a FROM I TIMESTAMP BY t`);
  const events = values.map(([k, v], n) => ({ body: { t: at(n), n, k, v } }));
  const run = checkpoints ? { batchRows: 7, rowsPerStep: 3, checkpoints } : {};
  return (runEvents(plan, { I: events }, run).rows.output ?? []) as unknown as readonly Scored[];
}

const found = (rows: readonly Scored[]) => rows.filter(({ a }) => a?.IsAnomaly === 1).map(({ n }) => n);

/** A calm signal: a wave with noise. */
function calm(count: number, seed: number): (readonly [string, number])[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => ['a', 20 + Math.sin(index / 3) + random()] as const);
}

const over = 'OVER (PARTITION BY k LIMIT DURATION(minute, 2))';
const spikes = (mode: string, confidence = 99.5) => `AnomalyDetection_SpikeAndDip(v, ${confidence}, 60, '${mode}') ${over}`;

test('spikes and dips are told as the mode asks', () => {
  const values: (readonly [string, number | null])[] = calm(200, 1);
  values[100] = ['a', 60];
  values[150] = ['a', -30];
  const learnt = (call: string) => found(scored(call, values)).filter((n) => n >= 60);
  assert.deepEqual(learnt(spikes('spikes')), [100]);
  assert.deepEqual(learnt(spikes('dips')), [150]);
  assert.deepEqual(learnt(spikes('SpikesAndDips')), [100, 150]);
  assert.deepEqual(found(scored(spikes('spikesanddips', 100), values)), [], 'nothing is beyond all doubt');
  const many = found(scored(spikes('spikesanddips', 60), values)).length;
  const fewer = found(scored(spikes('spikesanddips', 95), values)).length;
  assert.ok(many > fewer && fewer >= 2, `the lower the confidence the more are found: ${many}, ${fewer}`);
});

test('scores are probabilities; the first events and those left out say nothing', () => {
  const values: (readonly [string, number | null])[] = calm(40, 2);
  values[20] = ['a', null];
  const rows = scored(`AnomalyDetection_SpikeAndDip(v, 90, 60, 'spikes') OVER (LIMIT DURATION(minute, 2) WHEN n <> 30)`, values);
  assert.ok(rows.every(({ a }) => a === null || (a.Score >= 0 && a.Score <= 1)));
  assert.deepEqual(
    rows.slice(0, 10).map(({ a }) => a),
    Array.from({ length: 10 }, () => ({ IsAnomaly: 0, Score: 1 })),
  );
  assert.deepEqual([rows[20]?.a, rows[30]?.a], [null, null]);
});

test('a new level is told once, soon after it came, a spike of two events is no change', () => {
  const change = `AnomalyDetection_ChangePoint(v, 95, 60) ${over}`;
  const values: (readonly [string, number | null])[] = calm(300, 3).map(
    ([k, v], index) => [k, index < 150 ? v : v + 15] as const,
  );
  values[80] = ['a', 90];
  values[81] = ['a', 90];
  const changes = found(scored(change, values));
  assert.equal(changes.length, 1, `changes at ${changes.join()}`);
  assert.ok((changes[0] ?? 0) >= 150 && (changes[0] ?? 0) < 160, `change at ${changes[0]}`);
});

test('calm makes few false alarms: fewer than the confidence allows', () => {
  let spiked = 0;
  let changed = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = seeded(seed);
    const values = Array.from({ length: 250 }, () => ['a', random() + random() + random()] as const);
    spiked += found(scored(spikes('spikesanddips', 99), values)).length;
    changed += found(scored(`AnomalyDetection_ChangePoint(v, 99, 60) ${over}`, values)).length;
  }
  assert.ok(spiked <= 100, `${spiked} of 5000 events`);
  assert.ok(changed <= 20, `${changed} changes in 20 streams`);
});

test('partitions learn for themselves, and a checkpoint changes nothing', () => {
  const random = seeded(4);
  const values = Array.from({ length: 240 }, (_, index) => {
    const k = index % 2 === 0 ? 'a' : 'b';
    return [k, (k === 'a' ? 10 : 1000) + random() + (index >= 200 && k === 'b' ? 30 : 0)] as const;
  });
  for (const call of [spikes('spikesanddips'), `AnomalyDetection_ChangePoint(v, 90, 50) ${over}`]) {
    const straight = scored(call, values);
    assert.deepEqual(scored(call, values, true), straight);
    assert.ok(straight.every(({ k, n, a }) => a?.IsAnomaly === 0 || (k === 'b' && n >= 200)));
    assert.ok(found(straight).length > 0);
  }
});

test('arguments that make no sense are refused with their place', () => {
  const refused: readonly (readonly [string, RegExp, string])[] = [
    [`AnomalyDetection_SpikeAndDip(v, 0.5, 60, 'spikes') ${over}`, /confidence must be a number from 1 to 100/, '0.5'],
    [`AnomalyDetection_SpikeAndDip(v, 90, 1.5, 'spikes') ${over}`, /history size must be a whole number/, '1.5'],
    [`AnomalyDetection_SpikeAndDip(v, 90, 60, 'peaks') ${over}`, /mode must be 'spikes', 'dips' or 'spikesanddips'/, "'peaks'"],
    [`AnomalyDetection_ChangePoint(v, 90) ${over}`, /takes 3 arguments/, 'v, 90'],
    [`AnomalyDetection_ChangePoint(*, 90, 60) ${over}`, /takes 3 arguments/, '*'],
    ['AnomalyDetection_ChangePoint(v, 90, 60)', /needs OVER/, 'AnomalyDetection_ChangePoint'],
    [`AnomalyDetection_ChangePoint(LAG(v) ${over}, 90, 60) ${over}`, /cannot be nested/, 'LAG'],
  ];
  for (const [call, message, place] of refused) {
    const query = `SELECT ${call} AS a FROM I TIMESTAMP BY t`;
    const compiled = compile(query);
    assert.ok(!compiled.ok, call);
    const [diagnostic] = compiled.diagnostics;
    assert.match(diagnostic?.message ?? '', message);
    assert.ok(
      query.slice(diagnostic?.span.start, diagnostic?.span.end).includes(place),
      `${call}: ${JSON.stringify(diagnostic)}`,
    );
  }
});
