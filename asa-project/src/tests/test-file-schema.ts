/** The JSON schema of our test files, for editors: made of the keys that the reader takes. Knows no file. */
import { compareKeys, diagnosticKeys, eventKeys, expectKeys, momentKeys, rowsKeys } from './read-expectations.ts';
import { caseKeys, defaultStart, fileKeys, policyKeys } from './read-test-file.ts';
import { generateKeys, inputKeys, type rowKeys } from './read-test-inputs.ts';

type Schema = { readonly [key: string]: unknown };

const time = { type: ['string', 'number'], description: 'After the start (+5s, -1m30s) or an instant (2026-01-15T12:00:00Z).' };
const duration = { type: ['string', 'number'], description: 'Such as 60s, 1m30s, 500ms; a number alone is seconds.' };
const rows = { type: 'array', items: { type: 'object' } };
const text = (description: string): Schema => ({ type: 'string', description });
const choice = (...values: readonly string[]): Schema => ({ enum: values });

const descriptions: Readonly<Record<string, Schema>> = {
  name: text('What the case shows, in a few words.'),
  description: text('Why it is so.'),
  query: text('The .asaql file, relative to this one. Without it: the query of this name, else that of the project.'),
  queryText: text('The query itself.'),
  start: text(`What +5s counts from; ${defaultStart} where it is not said.`),
  compatibility: choice('1.0', '1.1', '1.2'),
  order: choice('any', 'exact'),
  columns: {
    anyOf: [choice('all', 'named'), { type: 'array', items: { type: 'string' } }],
    description: 'all: every column; named: those that the expected row names; a list: only these.',
  },
  tolerance: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
    ],
  },
  kind: choice('stream', 'reference'),
  defaults: { type: 'object', description: 'Columns that every event has unless it says otherwise.' },
  time: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'More columns in which +5s is a time.',
  },
  rows: { type: 'array', items: { $ref: '#/$defs/event' } },
  file: text('JSON, JSON lines or CSV, gzipped or not; relative to this file.'),
  arrival: text('The column that holds the time of arrival.'),
  generate: { $ref: '#/$defs/generate' },
  seed: { type: 'integer', minimum: 0 },
  eps: { type: 'number', description: 'Events a second.' },
  duration,
  users: { type: 'integer', minimum: 1 },
  scenarios: { type: 'array', items: { type: 'string' } },
  late: duration,
  outOfOrder: duration,
  early: duration,
  action: choice('adjust', 'drop'),
  count: { type: 'integer', minimum: 0, description: 'How many rows there are.' },
  at: time,
  watermark: time,
  timestamp: time,
  input: text('The input of the event, where there are several.'),
  row: { type: 'integer', minimum: 1, description: 'The event, from 1, in the order of its input.' },
  reason: text('Such as LateInputEvent, OutOfOrderEvent, EarlyInputEvent; for adjusted events late or outOfOrder.'),
  code: text('Such as ASA0102.'),
  line: { type: 'integer', minimum: 1 },
  error: text('Part of the message with which the run fails.'),
  cases: { type: 'array', items: { $ref: '#/$defs/case' } },
  policies: { anyOf: [choice('none', 'project'), { $ref: '#/$defs/policies' }] },
  inputs: {
    type: 'object',
    additionalProperties: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/event' } }, { $ref: '#/$defs/input' }] },
  },
  compare: { $ref: '#/$defs/compare' },
  expect: { $ref: '#/$defs/expect' },
  outputs: { $ref: '#/$defs/outputs' },
  steps: { $ref: '#/$defs/outputs' },
  by: { type: 'array', items: { $ref: '#/$defs/moment' } },
  dropped: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'array', items: { $ref: '#/$defs/expectedEvent' } },
    ],
  },
  adjusted: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'array', items: { $ref: '#/$defs/expectedEvent' } },
    ],
  },
  diagnostics: { type: 'array', items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/diagnostic' }] } },
};

function object(keys: readonly string[], required: readonly string[] = [], own: Readonly<Record<string, Schema>> = {}): Schema {
  const properties = Object.fromEntries(keys.map((key) => [key, own[key] ?? descriptions[key] ?? {}]));
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }), additionalProperties: false };
}

const event = {
  type: 'object',
  description: 'An event: its columns, and with $ what is said of it.',
  properties: {
    $arrives: time,
    $partition: { type: 'integer', minimum: 0 },
    $raw: text('The exact text of the event, in place of columns.'),
    $repeat: { type: 'integer', minimum: 1 },
  } satisfies Record<(typeof rowKeys)[number], Schema>,
};

export const testFileSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Query tests of a Stream Analytics project',
  ...object(fileKeys, ['cases']),
  $defs: {
    case: object(caseKeys, ['name', 'expect']),
    policies: object(policyKeys),
    input: object(inputKeys),
    generate: object(generateKeys),
    event,
    compare: object(compareKeys),
    expect: { ...object(expectKeys), minProperties: 1 },
    outputs: { type: 'object', additionalProperties: { anyOf: [rows, { $ref: '#/$defs/rows' }] } },
    rows: object(rowsKeys, [], { rows }),
    moment: object(momentKeys, ['at']),
    expectedEvent: object(eventKeys, ['row']),
    diagnostic: object(diagnosticKeys, ['code']),
  },
};
