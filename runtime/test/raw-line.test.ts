/** Lines of the raw archive keep every body to the last byte, on one line; so do dead letters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hourFolder, parseRawLine, rawFilePath, rawLineOf } from '../src/archive/raw-line.ts';
import { bodyOf, deadLetterOf, parseDeadLetter } from '../src/dead-letters/dead-letter.ts';
import type { ReceivedEvent } from '../src/trigger-batch.ts';

const enqueuedTimeMs = Date.parse('2026-01-15T12:59:59.999Z');
const received = (body: Uint8Array, properties: Record<string, unknown> = {}): ReceivedEvent => ({
  body,
  sequenceNumber: 7,
  offset: '4096',
  enqueuedTimeMs,
  properties,
});

test('a valid body stands in its line as it was sent', () => {
  const line = rawLineOf(received(Buffer.from('{"n":1.10,"big":12345678901234567890,"n":2}')), '3', '2026-01-15T13:00:00.000Z');
  assert.equal(
    line,
    '{"partition":"3","sequence_number":7,"offset":"4096","enqueued_time":"2026-01-15T12:59:59.999Z","archived_at":"2026-01-15T13:00:00.000Z","event":{"n":1.10,"big":12345678901234567890,"n":2}}',
  );
});

test('any JSON is on one line and means the same', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const body = Buffer.from(JSON.stringify(JSON.parse(text), null, indent));
      const line = rawLineOf(received(body), '0', 'now');
      assert.ok(!/[\r\n]/.test(line));
      assert.deepEqual(parseRawLine(line).event, JSON.parse(text));
    }),
  );
});

test('any other body comes back byte by byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      const line = parseRawLine(rawLineOf(received(body), '0', 'now'));
      if (line.event_base64 !== undefined) assert.deepEqual(new Uint8Array(Buffer.from(line.event_base64, 'base64')), body);
      const letter = parseDeadLetter(JSON.stringify(deadLetterOf({ event: received(body), reasons: [] }, '0', 0)));
      assert.ok(letter);
      assert.deepEqual(new Uint8Array(bodyOf(letter.original) ?? []), body);
    }),
  );
});

test('a dead letter says where it came from and how often it was tried', () => {
  const event = { ...received(Buffer.from('oops'), { attempts: 2, tenant: 'x' }), partitionKey: 'U0000001' };
  const reason = { code: 'invalid-json', message: 'why' } as const;
  const letter = deadLetterOf({ event, reasons: [reason] }, '1', Date.parse('2026-01-15T13:00:05Z'));
  assert.deepEqual(letter, {
    reasons: [reason],
    original: { encoding: 'utf8', body: 'oops' },
    source: {
      event_hub: 'netflix-events',
      partition: '1',
      sequence_number: 7,
      offset: '4096',
      enqueued_time: '2026-01-15T12:59:59.999Z',
      partition_key: 'U0000001',
      properties: { tenant: 'x' },
    },
    attempts: 2,
    dead_lettered_at: '2026-01-15T13:00:05.000Z',
    processing_version: '1.0',
  });
});

test('what is no dead letter is not taken for one', () => {
  for (const body of ['', 'null', '[]', '{}', '{"original":null,"source":{},"reasons":[],"attempts":0}'])
    assert.equal(parseDeadLetter(body), null);
});

test('files are by hour of enqueuing and partition', () => {
  assert.equal(hourFolder(enqueuedTimeMs), 'netflix-events/2026-01-15/12');
  assert.equal(rawFilePath('2', enqueuedTimeMs + 1), 'netflix-events/2026-01-15/13/partition-2.jsonl');
});
