/** The byte decoder against JSON.parse: any document, any order of keys, any spacing; and what must be refused, with its reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJob } from '@asaql/engine';
import { planOf, runEvents, seeded, type TestEvent } from '../support/run-query.ts';

const fields = ['text', 'Number', 'nested.inner', 'nested.deeper.leaf', 'flag', 'nothing', 'list', 'nested', 'naïve', 'time'];
const plan = planOf(
  `SELECT ${fields
    .map(
      (field, index) =>
        `${field
          .split('.')
          .map((part) => `[${part}]`)
          .join('.')} AS c${index}`,
    )
    .join(', ')}, text IS NOT NULL AS gone FROM I`.replace(
    ', text IS NOT NULL AS gone',
    ', CASE WHEN nested.inner IS NULL THEN 0 ELSE 1 END AS present',
  ),
);

function randomValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 2 ? 6 : 8));
  switch (kind) {
    case 0:
      return Math.floor((random() - 0.5) * 10 ** Math.floor(random() * 15));
    case 1:
      return Number(((random() - 0.5) * 10 ** Math.floor(random() * 20 - 8)).toPrecision(1 + Math.floor(random() * 16)));
    case 2:
      return random() < 0.5;
    case 3:
      return null;
    case 4:
    case 5:
      return ['', 'plain', 'with "quotes" and \\ and \n', 'ümläut', '😀', '\u0000', '2026-01-15T12:00:10.123Z', 'x'.repeat(300)][
        Math.floor(random() * 8)
      ];
    case 6:
      return Array.from({ length: Math.floor(random() * 3) }, () => randomValue(random, depth + 1));
    default:
      return Object.fromEntries(
        ['inner', 'deeper', 'leaf', 'other'].filter(() => random() < 0.6).map((key) => [key, randomValue(random, depth + 1)]),
      );
  }
}

function shuffledDocument(random: () => number): { [name: string]: unknown } {
  const names = ['text', 'Number', 'nested', 'flag', 'nothing', 'list', 'naïve', 'time', 'unread', 'un"read'];
  return Object.fromEntries(
    names
      .map((name) => ({ name, order: random() }))
      .sort((a, b) => a.order - b.order)
      .filter(() => random() < 0.9)
      .map(({ name }) => [name, randomValue(random, 0)]),
  );
}

function lookUp(document: unknown, path: string): unknown {
  let value = document;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    value = (value as { [name: string]: unknown })[part] ?? null;
  }
  return value ?? null;
}

test('columns hold what JSON.parse finds', () => {
  const random = seeded(5);
  const documents = Array.from({ length: 3000 }, () => shuffledDocument(random));
  const spacings = [undefined, 1, '\t'];
  const events = documents.map((document) => ({
    body: ` ${JSON.stringify(document, null, spacings[Math.floor(random() * 3)])}\r`,
  }));
  const { rows, rejected } = runEvents(plan, { I: events }, { batchRows: 500 });
  assert.deepEqual(rejected, []);
  documents.forEach((document, index) => {
    const row = rows.output?.[index] ?? {};
    fields.forEach((field, column) => {
      assert.deepEqual(row[`c${column}`], lookUp(document, field), `${field} of ${JSON.stringify(document)}`);
    });
    assert.equal(row.present, lookUp(document, 'nested.inner') === null ? 0 : 1);
  });
});

test('a mutilated document is refused exactly when JSON.parse refuses it', () => {
  const random = seeded(11);
  const bodies: string[] = [];
  for (let index = 0; index < 4000; index += 1) {
    const text = JSON.stringify(shuffledDocument(random));
    const at = Math.floor(random() * text.length);
    const kind = random();
    if (kind < 0.4) bodies.push(text.slice(0, at) + text.slice(at + 1));
    else if (kind < 0.7)
      bodies.push(
        text.slice(0, at) +
          (['"', ',', '{', ']', '0', '\\', ' ', ':', '-', '.', 'e', '\u0001'][Math.floor(random() * 12)] ?? '') +
          text.slice(at),
      );
    else bodies.push(text.slice(0, at));
  }
  const { rejected } = runEvents(plan, { I: bodies.map((body) => ({ body })) });
  const refused = new Set(rejected.map((event) => event.index));
  bodies.forEach((body, index) => {
    let valid = true;
    try {
      const value: unknown = JSON.parse(body);
      valid = typeof value === 'object' && value !== null && !Array.isArray(value);
    } catch {
      valid = false;
    }
    const reason = rejected.find((event) => event.index === index);
    // A bigint of more than 64 bits is refused too (data types page): JSON.parse does not mind.
    if (valid && reason?.message.includes('64 bits')) return;
    assert.equal(refused.has(index), !valid, `${body}: ${reason?.message ?? 'accepted'}`);
    if (reason !== undefined) assert.equal(reason.reason, 'InputDeserializerError.InvalidData');
  });
});

test('what is no object, no JSON or no UTF-8 is refused with its position and reason', () => {
  const bad: TestEvent[] = [
    { body: '{"a":1}' },
    { body: '[{"a":1}]' },
    { body: '17' },
    { body: '' },
    { body: '{"a":1} {"b":2}' },
    { body: '{"a":"\\x"}' },
    { body: new Uint8Array([123, 34, 97, 34, 58, 34, 0xff, 34, 125]) },
    { body: new Uint8Array([123, 34, 0xed, 0xa0, 0x80, 34, 58, 49, 125]) },
    { body: '{"a":99999999999999999999}' },
    { body: '{"a":9223372036854775807}' },
  ];
  const { rows, rejected } = runEvents(planOf('SELECT a, CAST(a AS nvarchar(max)) AS text FROM I'), { I: bad });
  assert.deepEqual(
    rejected.map((event) => event.index),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.match(rejected[0]?.message ?? '', /not a JSON object/);
  assert.match(rejected[3]?.message ?? '', /behind the object at byte 8/);
  assert.match(rejected[5]?.message ?? '', /UTF-8/);
  assert.match(rejected[7]?.message ?? '', /64 bits/);
  assert.deepEqual(
    rows.output?.map((row) => row.text),
    ['1', '9223372036854775807'],
  );
});

test('names match whatever their case; bigint and float keep their kind', () => {
  const query = planOf('SELECT DEVICEID / 2 AS half, location.LAT / 2 AS whole, big + 1 AS big FROM I');
  const { rows } = runEvents(query, { I: [{ body: '{"deviceId":7,"Location":{"lat":7.0},"BIG":9007199254740993}' }] });
  assert.equal(rows.output?.[0]?.half, 3);
  assert.equal(rows.output?.[0]?.whole, 3.5);
  const text = runEvents(planOf('SELECT CAST(big + 1 AS nvarchar(max)) AS t FROM I'), {
    I: [{ body: '{"BIG":9007199254740993}' }],
  });
  assert.equal(text.rows.output?.[0]?.t, '9007199254740994');
});

test('nothing of the bytes is kept: their owner writes other events over them', () => {
  const job = createJob(planOf('SELECT ab1, ab2 FROM I'));
  const memory = Buffer.alloc(64);
  const documents = ['{"ab1":1,"ab2":2}', '{"xb2":0,"ab2":2,"ab1":1}', '{"ab1":1,"ab2":2}', '{"ab2":2,"ab1":1}'];
  for (const document of documents) {
    const end = memory.write(document);
    const starts = Int32Array.of(0);
    const arrivalTimeMs = Float64Array.of(0);
    job.push({
      input: 'I',
      partition: 0,
      count: 1,
      bytes: memory,
      starts,
      ends: Int32Array.of(end),
      arrivalTimeMs,
      processedTimeMs: 0,
    });
    memory.fill('"ab2":');
  }
  job.end();
  while (job.step());
  assert.deepEqual(
    job.take().flatMap(({ rows }) => rows),
    documents.map(() => ({ ab1: 1, ab2: 2 })),
  );
});
