/** Every option of `asaql run`, and what it says when something does not fit. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runAsaql, startAsaql } from '../cli/asaql-process.ts';
import { commandFolder } from './command-folder.ts';
import { runInProcess, runInProcessFully } from './run-in-process.ts';

const folder = commandFolder();
const at = (second: number) => `2026-01-15T12:00:${String(second).padStart(2, '0')}.0000000Z`;
const lines = (rows: readonly object[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
const counting = folder.write(
  'count.asaql',
  'SELECT k, COUNT(*) AS n, System.Timestamp() AS at INTO counts FROM i TIMESTAMP BY at GROUP BY k, TumblingWindow(second, 10)',
);
const events = lines([
  { k: 'a', at: at(1) },
  { k: 'b', at: at(2) },
  { k: 'a', at: at(11) },
]);
const plain = folder.write('events.ndjson', events);
const counts = [
  { k: 'a', n: 1, at: at(10) },
  { k: 'b', n: 1, at: at(10) },
  { k: 'a', n: 1, at: at(20) },
];

async function rows(query: string, ...options: string[]): Promise<unknown> {
  return JSON.parse(await runInProcess([folder.write('query.asaql', query), '--json', ...options]));
}
const input = (name: string, content: string | Uint8Array, as = 'i') => ['--input', `${as}=${folder.write(name, content)}`];

test('--json prints one document and nothing else; --stats stands on standard error', async () => {
  const { code, output, errors } = await runAsaql(['run', counting, '--input', `i=${plain}`, '--json', '--stats']);
  assert.equal(code, 0, errors);
  assert.deepEqual(JSON.parse(output), { counts });
  assert.match(errors, /^3 events, 3 rows, \d+\.\d{3} seconds, 0 dropped, 0 adjusted\n$/);
});

test('--output writes a file for each output, also for one without rows', async () => {
  const query = folder.write('two.asaql', 'SELECT k INTO [a-1] FROM i; SELECT k INTO b FROM i WHERE k = 5');
  const target = join(folder.path, 'new', 'rows');
  const { code, output } = await runAsaql(['run', query, '--input', `i=${plain}`, '--output', target]);
  assert.equal(code, 0);
  assert.equal(output, '');
  assert.deepEqual(readdirSync(target).sort(), ['a-1.ndjson', 'b.ndjson']);
  assert.equal(folder.read('new/rows/a-1.ndjson'), '{"k":"a"}\n{"k":"b"}\n{"k":"a"}\n');
  assert.equal(folder.read('new/rows/b.ndjson'), '');
});

test('without either the rows are listed', async () => {
  const { output } = await runAsaql(['run', counting, '--input', `i=${plain}`]);
  assert.equal(output.split('\n')[0], 'counts: 3 rows');
  assert.match(output, /\n {2}k {2}n {2}at\n {2}a {2}1 {2}2026-01-15T12:00:10\.0000000Z\n/);
});

const forms: Readonly<Record<string, string | Uint8Array>> = {
  'lines.ndjson': events,
  'lines.json': events,
  'lines-without-last-end.jsonl': events.trimEnd(),
  'windows-line-ends.json': `\uFEFF${events.replaceAll('\n', '\r\n')}\r\n`,
  'array.json': JSON.stringify(
    events
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ),
  'pretty.json': JSON.stringify(
    events
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    null,
    2,
  ),
  'objects.json': events
    .trim()
    .split('\n')
    .map((line) => JSON.stringify(JSON.parse(line), null, 2))
    .join('\n'),
  'table.csv': `k,at\na,${at(1)}\n"b","${at(2)}"\r\na,${at(11)}`,
  'lines.ndjson.gz': gzipSync(events),
  'two-members.json.gz': Buffer.concat([gzipSync(events.slice(0, 50)), gzipSync(events.slice(50))]),
  'gzip-by-its-bytes.json': gzipSync(events),
  'table.csv.gz': gzipSync(`K;At\na;${at(1)}\nb;${at(2)}\na;${at(11)}\n`),
};
for (const [name, content] of Object.entries(forms)) {
  test(`events are read from ${name}`, async () => {
    const path = folder.write(name, content);
    assert.deepEqual(JSON.parse(await runInProcess([counting, '--json', '--input', `I=${path}`])), { counts });
  });
}

test('one object is one event; an empty file has none', async () => {
  assert.deepEqual(await rows('SELECT * FROM i', ...input('one.json', '{\n "k": {\n "x": [1, "]"]\n}\n}')), {
    output: [{ k: { x: [1, ']'] } }],
  });
  assert.deepEqual(await rows('SELECT k FROM i', ...input('empty.json', '')), { output: [] });
});

test('lines or documents: the first object tells; a broken line costs only itself', async () => {
  const values = async (name: string, content: string) => {
    const query = folder.write('query.asaql', 'SELECT a FROM i');
    const run = await runInProcessFully([query, '--input', `i=${folder.write(name, content)}`]);
    return [JSON.parse(run.document).output.map(({ a }: { a: number }) => a), run.rejected.length];
  };
  assert.deepEqual(await values('over-lines.json', '{"a":\n1}\n{"a":2}'), [[1, 2], 0]);
  assert.deepEqual(await values('broken-first.json', '{"a":\n{"a":2}\n{"a":3}\n'), [[2, 3], 1]);
  assert.deepEqual(await values('on-one-line.json', '[{"a":1},{"a":2}]\n[{"a":3}]'), [[1, 2, 3], 0]);
});

test('fields of CSV may hold quotes, delimiters and line ends', async () => {
  const csv = 'k,v\n"a,1","x ""y""\nz"\n5" pipe,2\n';
  assert.deepEqual(await rows('SELECT k, v FROM i', ...input('quoted.csv', csv)), {
    output: [
      { k: 'a,1', v: 'x "y"\nz' },
      { k: '5" pipe', v: '2' },
    ],
  });
});

test('events longer than a piece of the file come whole, in every form', async () => {
  const long = 'x'.repeat(3 << 20);
  const all = [{ k: 1, long }, { k: 2, long: `${long}"\\` }, { k: 3 }];
  for (const [name, content] of [
    ['long.ndjson', lines(all)],
    ['long.json', JSON.stringify(all)],
    ['long.csv', `k,long\n${all.map(({ k, long: text = '' }) => `${k},"${text.replaceAll('"', '""')}"`).join('\n')}`],
  ] as const) {
    const found = await rows('SELECT TRY_CAST(k AS bigint) AS k, LEN(long) AS n FROM i', ...input(name, content));
    const last = name.endsWith('csv') ? 0 : null;
    const expected = [
      { k: 1, n: long.length },
      { k: 2, n: long.length + 2 },
      { k: 3, n: last },
    ];
    assert.deepEqual(found, { output: expected }, name);
  }
});

test('many events over many pieces keep their order and number', async () => {
  const many = Array.from({ length: 60_000 }, (_, n) => ({ n, text: `event ${n} [{"}]` }));
  for (const [name, content] of [
    ['many.ndjson', lines(many)],
    ['many.json', JSON.stringify(many)],
    ['many.json.gz', gzipSync(JSON.stringify(many))],
  ] as const) {
    const found = (await rows('SELECT n FROM i', ...input(name, content))) as { output: { n: number }[] };
    assert.equal(found.output.length, many.length);
    assert.ok(found.output.every(({ n }, index) => n === index));
  }
});

test('--reference gives reference data; names of inputs are found whatever their case', async () => {
  const names = folder.write('names.json', JSON.stringify([{ k: 'a', name: 'Anna' }]));
  const query = 'SELECT i.k, r.name FROM i JOIN Names r ON i.k = r.k';
  assert.deepEqual(await rows(query, '--input', `I=${plain}`, '--reference', `NAMES=${names}`), {
    output: [
      { k: 'a', name: 'Anna' },
      { k: 'a', name: 'Anna' },
    ],
  });
});

const disordered = lines([
  { n: 1, at: at(10), came: at(10) },
  { n: 2, at: at(4), came: at(11) },
  { n: 3, at: at(12), came: at(13) },
]);
const stamped = 'SELECT n, System.Timestamp() AS at FROM i TIMESTAMP BY at';
const policies: readonly (readonly [string, readonly string[], readonly (readonly [number, number])[]])[] = [
  [
    'none: in order of event time',
    [],
    [
      [2, 4],
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'out of order 0 by default',
    ['--late', '60'],
    [
      [1, 10],
      [2, 10],
      [3, 12],
    ],
  ],
  [
    'a tolerance',
    ['--out-of-order', '6'],
    [
      [2, 4],
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'a tolerance that is too small',
    ['--out-of-order', '5'],
    [
      [2, 5],
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'drop',
    ['--policy', 'drop'],
    [
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'late 5 by default, by a column of arrival',
    ['--arrival', 'came', '--out-of-order', '60'],
    [
      [2, 6],
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'late 8',
    ['--arrival', 'came', '--out-of-order', '60', '--late', '8'],
    [
      [2, 4],
      [1, 10],
      [3, 12],
    ],
  ],
  [
    'late and drop',
    ['--arrival', 'CAME', '--out-of-order', '60', '--policy', 'drop'],
    [
      [1, 10],
      [3, 12],
    ],
  ],
];
for (const [title, options, expected] of policies) {
  test(`time policies: ${title}`, async () => {
    const output = expected.map(([n, second]) => ({ n, at: at(second) }));
    assert.deepEqual(await rows(stamped, ...input('disordered.ndjson', disordered), ...options), { output });
  });
}

test('without policies disorder of any length is put in order, nothing is adjusted, and what is wrong is told once', async () => {
  const minutes = (n: number) => `2026-01-15T12:${String(n).padStart(2, '0')}:00.0000000Z`;
  const sorted = Array.from({ length: 30 }, (_, n) => n);
  const shuffled = [...sorted.slice(10), ...sorted.slice(0, 10)];
  const path = folder.write('far.ndjson', `bad\n${lines(shuffled.map((n) => ({ n, at: minutes(n) })))}worse\n`);
  const run = await runInProcessFully([folder.write('query.asaql', stamped), '--input', `i=${path}`]);
  assert.deepEqual(JSON.parse(run.document), { output: sorted.map((n) => ({ n, at: minutes(n) })) });
  assert.deepEqual(run.statistics, { events: 32, rows: 30, dropped: 2, adjusted: 0, stopped: false });
  assert.deepEqual(
    run.rejected.map(({ row }) => row),
    [1, 32],
  );
});

test('--early drops what is ahead of its arrival, five minutes by default, never with off', async () => {
  const early = lines([{ n: 1, at: '2026-01-15T12:06:00Z', came: at(0) }]);
  const count = async (...options: string[]) =>
    ((await rows(stamped, ...input('early.ndjson', early), '--arrival', 'came', '--late', '5', ...options)) as { output: [] })
      .output.length;
  assert.deepEqual([await count(), await count('--early', '360'), await count('--early', 'off')], [0, 1, 1]);
});

test('without TIMESTAMP BY and --arrival all rows carry the start of the run', async () => {
  const before = new Date().toISOString();
  const found = (await rows('SELECT System.Timestamp() AS at FROM i', '--input', `i=${plain}`)) as { output: { at: string }[] };
  const [first] = found.output;
  assert.ok(
    first && first.at.slice(0, 23) >= before.slice(0, 23) && first.at.slice(0, 23) <= new Date().toISOString().slice(0, 23),
  );
  assert.equal(new Set(found.output.map((row) => row.at)).size, 1);
});

test('with --arrival they carry their arrival, also from CSV', async () => {
  const csv = `n,came\n1,${at(5)}\n2,${at(7)}\n`;
  assert.deepEqual(await rows('SELECT n, System.Timestamp() AS at FROM i', ...input('came.csv', csv), '--arrival', 'Came'), {
    output: [
      { n: '1', at: at(5) },
      { n: '2', at: at(7) },
    ],
  });
});

test('several files of one input are merged by arrival, ties in the order of the options', async () => {
  const a = input(
    'a.ndjson',
    lines([
      { f: 'a', came: at(1) },
      { f: 'a', came: at(3) },
      { f: 'a', came: at(3) },
    ]),
  );
  const b = input(
    'b.ndjson',
    lines([
      { f: 'b', came: at(2) },
      { f: 'b', came: at(3) },
    ]),
  );
  const order = async (...options: string[]) =>
    ((await rows('SELECT f FROM i', ...options, '--arrival', 'came')) as { output: { f: string }[] }).output
      .map(({ f }) => f)
      .join('');
  assert.equal(await order(...a, ...b), 'abaab');
  assert.equal(await order(...b, ...a), 'abbaa');
});

test('--compat decides how a bit is read', async () => {
  const bits = input('bits.json', '[{"b":true}]');
  assert.deepEqual(await rows('SELECT b FROM i', ...bits), { output: [{ b: true }] });
  assert.deepEqual(await rows('SELECT b FROM i', ...bits, '--compat', '1.1'), { output: [{ b: 1 }] });
});

test('--functions: scalars and aggregates, whatever the case of their names', async () => {
  folder.write('functions/Twice.js', 'function main(x) { return x * 2; }');
  folder.write(
    'functions/Longest.js',
    `function main() {
      this.init = function () { this.longest = ''; };
      this.accumulate = function (value) { if (value.length > this.longest.length) this.longest = value; };
      this.computeResult = function () { return this.longest; };
    }`,
  );
  const words = input(
    'words.json',
    JSON.stringify(
      [
        { w: 'no', n: 4 },
        { w: 'longer', n: 5 },
      ].map((row) => ({ ...row, at: at(1) })),
    ),
  );
  const query = 'SELECT UDA.longest(w) AS w, SUM(udf.TWICE(n)) AS n FROM i TIMESTAMP BY at GROUP BY TumblingWindow(second, 10)';
  assert.deepEqual(await rows(query, ...words, '--functions', join(folder.path, 'functions')), {
    output: [{ w: 'longer', n: 18 }],
  });
});

test('a function that fails ends the run: exit code 1, its name and line', async () => {
  folder.write('failing/f.js', 'function main(x) {\n  return x.y.z;\n}');
  const query = folder.write('failing.asaql', 'SELECT udf.f(k) AS v FROM i');
  const { code, errors } = await runAsaql([
    'run',
    query,
    '--input',
    `i=${plain}`,
    '--json',
    '--functions',
    join(folder.path, 'failing'),
  ]);
  assert.equal(code, 1);
  assert.match(
    errors,
    /^asaql run: Function 'f' resulted in an error: TypeError: .*\(f\.js, line 2\)\. At line 1, column 8\.\n$/,
  );
});

const broken = '{"k":"a","at":"2026-01-15T12:00:01Z"}\nnot json\n{"k":"b","at":"yesterday"}\n';

test('rows that cannot be read are told on standard error, with their file and row', async () => {
  const path = folder.write('broken.ndjson', broken);
  const { code, output, errors } = await runAsaql(['run', counting, '--input', `i=${path}`, '--json']);
  assert.equal(code, 0);
  assert.equal(JSON.parse(output).counts.length, 1);
  const [first, second] = errors.split('\n');
  assert.match(first ?? '', /broken\.ndjson: row 2: InputDeserializerError\.InvalidData: /);
  assert.match(second ?? '', /broken\.ndjson: row 3: InvalidInputTimeStamp: .*yesterday.* is no ISO 8601 timestamp\./);
});

test('--errors writes them to a file, with the event as it came', async () => {
  const path = folder.write('broken.ndjson', broken);
  const { errors } = await runAsaql(['run', counting, '--input', `i=${path}`, '--json', '--errors', join(folder.path, 'errors')]);
  assert.equal(errors, '');
  const told = folder
    .read('errors')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    told.map(({ input: name, file, row, event }) => [name, file, row, event]),
    [
      ['i', path, 2, 'not json'],
      ['i', path, 3, '{"k":"b","at":"yesterday"}'],
    ],
  );
});

test('a row without a time of arrival, and an array that does not end, are told too', async () => {
  const path = folder.write('cut.json', `[{"k":1,"came":"${at(1)}"},{"k":2},{"k":3,"came":"${at(2)}"},`);
  const run = await runInProcessFully([
    folder.write('query.asaql', 'SELECT k FROM i'),
    '--input',
    `i=${path}`,
    '--arrival',
    'came',
  ]);
  assert.deepEqual(JSON.parse(run.document), { output: [{ k: 1 }, { k: 3 }] });
  assert.deepEqual(
    run.rejected.map(({ row, message }) => [row, message]),
    [
      [2, 'The column of --arrival holds no time.'],
      [3, 'The JSON array does not end: a ] is missing.'],
    ],
  );
  assert.equal(run.statistics.events, 3);
});

test('dropped and adjusted events are counted and told', async () => {
  const path = folder.write('disordered.ndjson', disordered);
  const query = folder.write('query.asaql', stamped);
  const options = [query, '--input', `i=${path}`, '--json'];
  const dropped = await runInProcessFully([...options, '--policy', 'drop']);
  assert.deepEqual(dropped.statistics, { events: 3, rows: 2, dropped: 1, adjusted: 0, stopped: false });
  assert.deepEqual(
    dropped.rejected.map(({ row, reason }) => [row, reason]),
    [[2, 'OutOfOrderEvent']],
  );
  const adjusted = await runInProcessFully([...options, '--late', '5']);
  assert.deepEqual(adjusted.statistics, { events: 3, rows: 3, dropped: 0, adjusted: 1, stopped: false });
});

test('a query with errors: exit code 1, told as compilers do', async () => {
  const query = folder.write('wrong.asaql', 'SELECT k\nFROM i\nGROUP BY');
  const { code, output, errors } = await runAsaql(['run', query, '--input', `i=${plain}`, '--json']);
  assert.equal(code, 1);
  assert.equal(output, '');
  assert.match(errors, /^\S*wrong\.asaql:3:9 error ASA\d{4} .+\n$/);
});

const missing = join(folder.path, 'missing.json');
const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no query', [], /takes one query file or project, not 0/],
  ['two queries', [counting, counting], /not 2/],
  ['a query that does not exist', [missing], /missing\.json does not exist/],
  ['a file that does not exist', [counting, '--input', `i=${missing}`], /missing\.json does not exist\.$/],
  ['a folder for a file', [counting, '--input', `i=${folder.path}`], /is a folder, not a file/],
  ['an input without a file', [counting], /The query reads 'i', and there is no file for 'i': give --input i=FILE/],
  ['a file for another input', [counting, '--input', `i=${plain}`, '--input', `j=${plain}`], /reads no input 'j'\. It reads 'i'/],
  ['an input without a name', [counting, '--input', plain], /--input takes NAME=FILE/],
  ['input and reference', [counting, '--input', `i=${plain}`, '--reference', `I=${plain}`], /as --input and as --reference/],
  [
    'JSON and CSV for one input',
    [counting, '--input', `i=${plain}`, '--input', `i=${folder.write('x.csv', 'k\n1\n')}`],
    /all JSON, CSV with one header/,
  ],
  ['CSV without a header', [counting, '--input', `i=${folder.write('none.csv', '')}`], /none\.csv has no header/],
  ['a number that is none', [counting, '--late', 'soon'], /--late takes a number of seconds from 0 to 1814399, not "soon"/],
  ['a negative number', [counting, '--out-of-order=-1'], /--out-of-order takes a number/],
  ['a number that is too large', [counting, '--late', '1814400'], /from 0 to 1814399/],
  ['an unknown policy', [counting, '--policy', 'keep'], /--policy takes one of adjust, drop/],
  ['an unknown level', [counting, '--compat', '1.3'], /--compat takes one of 1\.0, 1\.1, 1\.2/],
  ['both outputs', [counting, '--json', '--output', 'x'], /exclude each other/],
  ['an unknown option', [counting, '--fast'], /--fast/],
  ['functions that do not exist', [counting, '--input', `i=${plain}`, '--functions', missing], /cannot be read/],
  ['errors that cannot be written', [counting, '--input', `i=${plain}`, '--errors', join(missing, 'x')], /cannot be written/],
  ['an output that cannot be written', [counting, '--input', `i=${plain}`, '--output', join(plain, 'x')], /cannot be written to/],
];
for (const [title, argv, message] of wrong) {
  test(`wrong usage: ${title}: one line, exit code 2`, async () => {
    const { code, output, errors } = await runAsaql(['run', ...argv]);
    assert.equal(code, 2, errors);
    assert.equal(output, '');
    assert.match(errors.trimEnd(), message);
    assert.equal(errors.trimEnd().split('\n').length, 1);
  });
}

test('Ctrl-C stops a run: the document is whole, and nothing is left behind', async () => {
  const many = lines(Array.from({ length: 400_000 }, (_, n) => ({ n, text: 'x'.repeat(100) })));
  const path = folder.write('endless.ndjson', many);
  const query = folder.write('endless.asaql', 'SELECT * FROM i');
  const log = join(folder.path, 'log');
  const temporary = join(folder.path, 'temporary');
  mkdirSync(temporary);
  const inputs = Array.from({ length: 40 }, () => ['--input', `i=${path}`]).flat();
  const running = startAsaql(['run', query, ...inputs, '--json', '--errors', log], { TMPDIR: temporary });
  // The log is opened when the run begins.
  while (!existsSync(log)) await new Promise((resolve) => setImmediate(resolve));
  running.process.kill('SIGINT');
  const { code, output, errors } = await running.finished;
  assert.equal(code, 130, errors);
  assert.ok(Array.isArray(JSON.parse(output).output));
  assert.match(errors, /stopped before the end of the data/);
  assert.deepEqual(readdirSync(temporary), []);
});
