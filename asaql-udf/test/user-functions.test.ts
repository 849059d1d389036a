/** User functions in the sandbox: what they see, what comes back, and what they cannot do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, createJob, DateTime, RecordValue, type UserFunctions, type Value } from '@asaql/engine';
import { loadUserFunctions } from '@asaql/udf';

/** A clock that goes on by 1 ms whenever it is read. */
function limits(callMsMax = 1000) {
  let nowMs = 0;
  return { callMsMax, memoryBytesMax: 32 << 20, nowMs: () => nowMs++ };
}

const load = (source: string, name = 'f'): Promise<UserFunctions> =>
  loadUserFunctions([{ name, source, file: `functions/${name}.js` }], limits());

async function call(source: string, ...args: readonly Value[]): Promise<Value> {
  const scalar = (await load(source)).scalar('F');
  assert.ok(scalar);
  return scalar(args);
}

const conversions: readonly (readonly [string, Value, Value])[] = [
  ['return x + 1', 41n, 42n],
  ['return x / 2', 1n, 0.5],
  ['return x', 2n ** 53n, 2n ** 53n],
  ['return 1e300', null, 1e300],
  ['return typeof x', 'a', 'string'],
  ['return x.length', 'größe', 5n],
  ['return !x', true, false],
  ['return x === null', null, true],
  ['return undefined', 1n, null],
  ['return null', 1n, null],
  ['return x instanceof Date && x.getTime()', new DateTime(1234), 1234n],
  ['return new Date(x.getTime() + 1)', new DateTime(1234, 5000), new DateTime(1235)],
  ['return x.a.b[1]', new RecordValue([['a', new RecordValue([['b', [1n, 'two']]])]]), 'two'],
  ['return Array.isArray(x) && x.reduce((a, b) => a + b, 0)', [1n, 2.5], 3.5],
  ['return [x, null, [1.5]]', 1n, [1n, null, [1.5]]],
  ['return 9007199254740993n', null, 9007199254740993n],
  ['return "\\u2028\\ud83d\\ude00"', null, '\u2028😀'],
];
for (const [body, given, expected] of conversions) {
  test(`function main(x) { ${body} }`, async () => {
    assert.deepEqual(await call(`function main(x) { ${body} }`, given), expected);
  });
}

test('a record comes back with its names as they are', async () => {
  const value = await call('function main(x) { return { Name: x, inner: { at: new Date(0) } } }', 'n');
  assert.ok(value instanceof RecordValue);
  assert.equal(value.get('Name'), 'n');
  const inner = value.get('inner');
  assert.ok(inner instanceof RecordValue);
  assert.deepEqual(inner.get('at'), new DateTime(0));
});

test('main may be a constant, and what stands beside it keeps its state', async () => {
  const scalar = (await load('let n = 0; const main = () => ++n;')).scalar('f');
  assert.deepEqual([scalar?.([]), scalar?.([])], [1n, 2n]);
});

const failures: readonly (readonly [string, RegExp])[] = [
  ['function main(x) {\n  return x.length;\n}', /^Function 'f' resulted in an error: TypeError: .*\(f\.js, line 2\)\.$/],
  ['function main() {\n\n  throw new Error("no luck");\n}', /Error: no luck \(f\.js, line 3\)\.$/],
  ['function main() { return () => 1; }', /a function is no value of the language/],
  ['function main() { return new Date(NaN); }', /an invalid Date is no datetime/],
  ['function main() { for (;;); }', /it takes longer than 1000 ms/],
  [
    'function main() { const all = []; for (;;) all.push(new Array(1e5).fill(1)); }',
    /it needs more than 32 MB|longer than 1000 ms/,
  ],
  ['function main() { return main(); }', /stack/],
  ['function main() { return fetch("http://example.org"); }', /fetch.*is not defined/],
  ['function main() { return process.env; }', /process.*is not defined/],
  ['function main() { return require("fs"); }', /require.*is not defined/],
];
for (const [source, message] of failures) {
  test(`${source.replaceAll('\n', ' ')} fails with its name and line`, async () => {
    await assert.rejects(call(source, null), { name: 'EvaluationError', message });
  });
}

test('after a failure the function can be called again', async () => {
  const scalar = (await load('function main(x) { if (x) for (;;); return 7; }')).scalar('f');
  assert.throws(() => scalar?.([true]), /longer/);
  assert.equal(scalar?.([false]), 7n);
});

const unloadable: readonly (readonly [string, RegExp])[] = [
  ['function main( {', /^functions\/f\.js: SyntaxError: .*line 1/],
  ['function other() {}', /functions\/f\.js has no function main/],
  ['throw new Error("at once")', /Error: at once/],
];
for (const [source, message] of unloadable) {
  test(`${source} is not loaded`, async () => {
    await assert.rejects(load(source), { name: 'UserFunctionError', message });
  });
}

test('two files of one name are refused, whatever their case', async () => {
  const source = 'function main() {}';
  const files = ['Len', 'len'].map((name) => ({ name, source, file: `${name}.js` }));
  await assert.rejects(loadUserFunctions(files, limits()), /len\.js and Len\.js are one name/);
});

const weighted = `function main() {
  this.init = function () { this.total = 0; this.weight = 0; this.last = null; };
  this.accumulate = function (value, timestamp) {
    this.total += value.level * value.weight;
    this.weight += value.weight;
    this.last = timestamp;
  };
  this.computeResult = function () {
    return { average: this.weight === 0 ? null : this.total / this.weight, last: this.last };
  };
}`;

test('an aggregate sees values and their times, and begins anew for each group', async () => {
  const create = (await load(weighted, 'Average')).aggregate('average');
  const row = (level: number, weight: bigint) =>
    new RecordValue([
      ['level', level],
      ['weight', weight],
    ]);
  const one = create?.();
  one?.accumulate(row(1, 1n), 1_000_000);
  one?.accumulate(row(2.5, 2n), 2_500_000);
  const result = one?.computeResult();
  assert.ok(result instanceof RecordValue);
  assert.equal(result.get('average'), 2n);
  assert.deepEqual(result.get('last'), new DateTime(2500));
  const empty = create?.().computeResult();
  assert.ok(empty instanceof RecordValue);
  assert.equal(empty.get('average'), null);
});

test('what is no aggregate says so', async () => {
  const create = (await load('function main() {}')).aggregate('f');
  assert.throws(() => create?.().computeResult(), /this\.init is no function: main\(\) has to set it/);
});

test('a declared kind is kept to', async () => {
  const functions = await loadUserFunctions([{ name: 'f', source: weighted, file: 'f.js', kind: 'aggregate' }], limits());
  assert.equal(functions.scalar('f'), null);
  assert.ok(functions.aggregate('f'));
  assert.equal(functions.aggregate('g'), null);
});

const sums = (deaccumulate: string) => `function main() {
  this.init = function () { this.sum = 0; this.steps = 0; };
  this.accumulate = function (value) { this.sum += value; this.steps += 1; };
  ${deaccumulate}
  this.computeResult = function () { return this.sum + 'after' + this.steps; };
}`;

/** Sums of the last two values, each after so many steps; from a checkpoint where the function's own state is lost. */
async function lastTwo(deaccumulate: string, checkpointAfter: number): Promise<unknown> {
  const functions = await load(sums(deaccumulate), 'total');
  const query = 'SELECT uda.total(v) AS s FROM I TIMESTAMP BY t GROUP BY SlidingWindow(second, 2)';
  const compiled = compile(query, {
    functions,
    policies: { lateArrivalMs: 0, outOfOrderMs: 0, earlyArrivalMs: 0, action: 'drop' },
  });
  assert.ok(compiled.ok);
  let job = createJob(compiled.plan);
  const rows: unknown[] = [];
  const collect = () => {
    while (job.step());
    rows.push(...job.take().flatMap((batch) => batch.rows.map((row) => row.s)));
  };
  for (let second = 1; second <= 4; second += 1) {
    const bytes = new TextEncoder().encode(JSON.stringify({ t: new Date(second * 1000).toISOString(), v: second }));
    const [starts, ends] = [Int32Array.of(0), Int32Array.of(bytes.length)];
    const arrivalTimeMs = Float64Array.of(second * 1000);
    job.push({ input: 'I', partition: 0, count: 1, bytes, starts, ends, arrivalTimeMs, processedTimeMs: 0 });
    collect();
    if (second !== checkpointAfter) continue;
    const checkpoint = job.checkpoint();
    job = createJob(compiled.plan);
    job.restore(checkpoint);
  }
  job.end();
  collect();
  return rows;
}

test('an aggregate with deaccumulate goes on as the window slides, one without begins anew', async () => {
  const takesAway = 'this.deaccumulate = function (value, time) { this.sum -= value; this.steps += 1; };';
  assert.deepEqual(await lastTwo(takesAway, 0), ['1after1', '3after2', '5after4', '7after6', '4after7']);
  assert.deepEqual(await lastTwo('', 0), ['1after1', '3after2', '5after2', '7after2', '4after1']);
  assert.deepEqual(await lastTwo(takesAway, 3), ['1after1', '3after2', '5after2', '7after4', '4after5']);
});
