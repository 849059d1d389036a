/** Avro files as inputs: every type, every codec, files that are damaged. The files are written here, by the specification. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { noUserFunctions, type OutputRow } from '@asaql/engine';
import { type Rejected, runQuery } from '../../src/run/run-query.ts';
import { unsnappy } from '../../src/run/snappy.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-avro-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function long(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
const bytesOf = (content: string | Buffer) => Buffer.concat([long(Buffer.byteLength(content)), Buffer.from(content)]);
const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};

const schema = {
  type: 'record',
  name: 'Event',
  namespace: 'tests',
  fields: [
    { name: 't', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'id', type: 'long' },
    { name: 'v', type: ['null', 'double'] },
    { name: 'name', type: 'string' },
    { name: 'on', type: 'boolean' },
    { name: 'colour', type: { type: 'enum', name: 'Colour', symbols: ['red', 'green'] } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'more', type: { type: 'map', values: 'int' } },
    {
      name: 'at',
      type: {
        type: 'record',
        name: 'At',
        fields: [
          { name: 'x', type: 'int' },
          { name: 'next', type: ['null', 'At'] },
        ],
      },
    },
    { name: 'again', type: 'Colour' },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
    { name: 'raw', type: { type: 'fixed', name: 'Two', size: 2 } },
  ],
};

const start = Date.UTC(2024, 0, 1);

function event(id: number | bigint, second: number, v: number | null): Buffer {
  return Buffer.concat([
    ...[
      long(start + second * 1000),
      long(id),
      v === null ? long(0) : Buffer.concat([long(1), double(v)]),
      bytesOf(`größe ${second}`),
    ],
    ...[Buffer.from([second % 2]), long(second % 2), long(-2), long(4), bytesOf('a'), bytesOf('b'), long(0)],
    ...[long(1), bytesOf('k'), long(-7), long(0), long(3), long(1), long(4), long(0), long(1)],
    ...[bytesOf(Buffer.from([0xff, 0x85])), Buffer.from([0xff, 0xfe])],
  ]);
}

const sync = Buffer.from('0123456789abcdef');

/** Literals only: a snappy that compresses nothing is snappy too. */
function snappy(content: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  const length: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  if (content.length === 0) return Buffer.concat([Buffer.from(length), checksum]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length - 1);
  return Buffer.concat([Buffer.from(length), Buffer.from([63 << 2]), size, content, checksum]);
}
const codecs = { null: (content: Buffer) => content, deflate: (content: Buffer) => deflateRawSync(content), snappy };

function avroFile(name: string, blocks: readonly (readonly Buffer[])[], codec: keyof typeof codecs = 'null'): string {
  const header = [
    Buffer.from('Obj\x01'),
    long(2),
    bytesOf('avro.schema'),
    bytesOf(JSON.stringify(schema)),
    bytesOf('avro.codec'),
    bytesOf(codec),
    long(0),
    sync,
  ];
  const body = blocks.flatMap((events) => [long(events.length), bytesOf(codecs[codec](Buffer.concat(events))), sync]);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([...header, ...body]));
  return path;
}

async function run(query: string, path: string, arrivalColumn: string | null = null) {
  const rows: OutputRow[] = [];
  const rejected: Rejected[] = [];
  const request = {
    query,
    inputs: [{ name: 'I', paths: [path] }],
    references: [],
    compatibilityLevel: '1.2',
    policies: null,
  } as const;
  const outcome = await runQuery(
    { ...request, arrivalColumn, functions: noUserFunctions, startMs: 0 },
    {
      outputs: () => rows.splice(0),
      rows: (_output, more) => rows.push(...more),
      rejected: (one) => rejected.push(one),
      progress: () => {},
      signal: new AbortController().signal,
    },
  );
  assert.equal(outcome.kind, 'done');
  return { rows, rejected };
}

for (const codec of ['null', 'deflate', 'snappy'] as const) {
  test(`every type of Avro becomes a type of the language, codec ${codec}`, async () => {
    const path = avroFile(
      `types-${codec}.avro`,
      [[event(2n ** 60n, 1, 1.5)], [], [event(-3, 2, null), event(4, 3, -0.25)]],
      codec,
    );
    const { rows } = await run('SELECT * FROM I', path);
    const shared = { tags: ['a', 'b'], more: { k: -7 }, again: 'green', price: -1.23, raw: '//4=' };
    const at = { x: 3, next: { x: 4, next: null } };
    assert.deepEqual(rows, [
      { t: '2024-01-01T00:00:01.0000000Z', id: 2n ** 60n, v: 1.5, name: 'größe 1', on: true, colour: 'green', at, ...shared },
      { t: '2024-01-01T00:00:02.0000000Z', id: -3, v: null, name: 'größe 2', on: false, colour: 'red', at, ...shared },
      { t: '2024-01-01T00:00:03.0000000Z', id: 4, v: -0.25, name: 'größe 3', on: true, colour: 'green', at, ...shared },
    ]);
  });
}

test('fields are read by path, by time and by presence, in windows', async () => {
  const path = avroFile('window.avro', [[event(1, 11, 2), event(2, 1, null), event(3, 9, 4)]]);
  const query =
    'SELECT COUNT(*) AS n, SUM(v) AS s, MAX(at.next.x) AS x, COUNT(v) AS c FROM I TIMESTAMP BY t GROUP BY TumblingWindow(second, 10)';
  const expected = [
    { n: 2, s: 4, x: 4, c: 1 },
    { n: 1, s: 2, x: 4, c: 1 },
  ];
  assert.deepEqual((await run(query, path)).rows, expected);
  const ordered = avroFile('ordered.avro', [[event(2, 1, null), event(3, 9, 4), event(1, 11, 2)]]);
  assert.deepEqual((await run(query, ordered, 'T')).rows, expected);
});

test('snappy copies, also of themselves', () => {
  const compressed = Buffer.from([14, 0x0c, 0x61, 0x62, 0x63, 0x64, 0x05 | (2 << 2), 4, 0x02, 1, 0]);
  assert.throws(() => unsnappy(compressed), RangeError);
  // 'abcd', then 10 bytes from 4 back: tag of a two-byte copy, length 10.
  assert.equal(
    Buffer.from(unsnappy(Buffer.from([14, 0x0c, 0x61, 0x62, 0x63, 0x64, (9 << 2) | 2, 4, 0]))).toString(),
    'abcdabcdabcdab',
  );
});

test('a damaged file says what is wrong; one that breaks off gives what is whole', async () => {
  const whole = avroFile('whole.avro', [[event(1, 1, 1)], [event(2, 2, 2)]]);
  const { readFileSync } = await import('node:fs');
  const bytes = readFileSync(whole);
  const short = join(folder, 'short.avro');
  writeFileSync(short, bytes.subarray(0, bytes.length - 20));
  const { rows, rejected } = await run('SELECT id FROM I', short);
  assert.deepEqual(rows, [{ id: 1 }]);
  assert.match(rejected[0]?.message ?? '', /breaks off within a block/);
  const wrong = join(folder, 'wrong.avro');
  writeFileSync(wrong, Buffer.concat([bytes.subarray(0, bytes.length - 1), Buffer.from('x')]));
  await assert.rejects(run('SELECT id FROM I', wrong), /wrong\.avro: an Avro block does not end with the file's marker/);
  const other = join(folder, 'other.avro');
  writeFileSync(other, Buffer.from(bytes.toString('latin1').replace('avro.codec\x08null', 'avro.codec\x08zstd'), 'latin1'));
  await assert.rejects(run('SELECT id FROM I', other), /The codec 'zstd' is not known/);
});
