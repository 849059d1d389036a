/** Test files of our own format (YAML): text to cases, what is wrong with its place. Reads no other file and runs nothing. */
import type { TimePolicies } from '@asaql/engine';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { folderOf, joined } from '../files/project-path.ts';
import { readExpectations } from './read-expectations.ts';
import { type InputDefaults, readInputs } from './read-test-inputs.ts';
import type { TestCase, TestFile } from './test-case.ts';
import { durationMs, instantMs } from './time-text.ts';
import { YamlReader } from './yaml-reader.ts';

/** Cases count their times from here where the file says nothing. */
export const defaultStart = '2026-01-15T12:00:00Z';

export const fileKeys = ['description', 'query', 'start', 'policies', 'compatibility', 'inputs', 'compare', 'cases'] as const;
export const caseKeys = [
  'name',
  'description',
  'query',
  'queryText',
  'start',
  'policies',
  'compatibility',
  'inputs',
  'compare',
  'expect',
] as const;
export const policyKeys = ['late', 'outOfOrder', 'early', 'action'] as const;

/** What a policy that is not named is, as the service has it. */
const servicePolicies: TimePolicies = { lateArrivalMs: 5000, outOfOrderMs: 0, earlyArrivalMs: 300_000, action: 'adjust' };

type Fields = Partial<Record<(typeof fileKeys)[number] | (typeof caseKeys)[number], Node | null>>;

export function isTestFile(path: string): boolean {
  return /\.(test|asaql-test)\.ya?ml$/i.test(path);
}

/** Never throws: cases that cannot be understood are problems. */
export function readTestFile(path: string, text: string): TestFile {
  const reader = new YamlReader(path, text);
  const cases = reader.problems.length > 0 ? [] : casesOf(reader, path);
  return { path, format: 'yaml', cases, problems: reader.problems };
}

function casesOf(reader: YamlReader, path: string): readonly TestCase[] {
  const file = reader.fields(reader.root, 'A test file', fileKeys);
  if (file === null) return [];
  if (file.cases === undefined) {
    reader.problem(reader.root, "A test file has 'cases', a list of them: add it.");
    return [];
  }
  const shared = settingsOf(reader, path, file, null);
  const defaults = file.inputs === undefined ? new Map() : readInputs(reader, file.inputs, folderOf(path), new Map()).defaults;
  const names = new Set<string>();
  return (reader.list(file.cases, "'cases'") ?? []).flatMap((node) => {
    const test = caseOf(reader, path, node, shared, defaults, file.compare);
    if (test === null) return [];
    if (names.has(test.name)) reader.problem(node, `Two cases are called '${test.name}': give each a name of its own.`);
    names.add(test.name);
    return [test];
  });
}

type Settings = Pick<TestCase, 'query' | 'startMs' | 'policies' | 'compatibilityLevel'>;

function settingsOf(reader: YamlReader, path: string, fields: Fields, shared: Settings | null): Settings {
  return {
    query: queryOf(reader, path, fields) ?? shared?.query ?? null,
    startMs: startOf(reader, fields.start) ?? shared?.startMs ?? (instantMs(defaultStart) as number),
    policies: fields.policies === undefined ? (shared?.policies ?? 'project') : policiesOf(reader, fields.policies),
    compatibilityLevel:
      fields.compatibility === undefined
        ? (shared?.compatibilityLevel ?? null)
        : reader.oneOf(fields.compatibility, "'compatibility'", ['1.0', '1.1', '1.2'] as const),
  };
}

function queryOf(reader: YamlReader, path: string, fields: Fields): TestCase['query'] {
  if (fields.queryText !== undefined) {
    const text = reader.text(fields.queryText, "'queryText'");
    return text === null ? null : { text };
  }
  if (fields.query === undefined) return null;
  const named = reader.text(fields.query, "'query'");
  return named === null ? null : { path: joined(folderOf(path), named) };
}

function startOf(reader: YamlReader, node: Node | null | undefined): number | null {
  if (node === undefined) return null;
  const text = reader.text(node, "'start'");
  if (text === null) return null;
  return instantMs(text) ?? reader.problem(node, `'start' is an instant such as ${defaultStart}, not '${text}'.`);
}

function policiesOf(reader: YamlReader, node: Node | null): TestCase['policies'] {
  if (isScalar(node)) {
    const word = reader.oneOf(node, "'policies'", ['none', 'project'] as const);
    return word === 'none' ? null : 'project';
  }
  const fields = reader.fields(node, "'policies'", policyKeys);
  if (fields === null) return 'project';
  const { late, outOfOrder, early, action } = fields;
  const duration = (given: Node | null | undefined, name: string, otherwise: number, words: readonly string[] = []): number => {
    if (given === undefined) return otherwise;
    const text = isScalar(given) ? reader.source(given) : '';
    if (words.includes(text)) return Number.POSITIVE_INFINITY;
    const ms = durationMs(text);
    if (ms === null)
      reader.problem(given, `'${name}' is a duration such as 10s${words.length > 0 ? ` or ${words.join(', ')}` : ''}.`);
    return ms ?? otherwise;
  };
  return {
    lateArrivalMs: duration(late, 'late', servicePolicies.lateArrivalMs, ['any']),
    outOfOrderMs: duration(outOfOrder, 'outOfOrder', servicePolicies.outOfOrderMs),
    earlyArrivalMs: duration(early, 'early', servicePolicies.earlyArrivalMs, ['any']),
    action: action === undefined ? 'adjust' : (reader.oneOf(action, "'action'", ['adjust', 'drop'] as const) ?? 'adjust'),
  };
}

function caseOf(
  reader: YamlReader,
  path: string,
  node: Node | null,
  shared: Settings,
  defaults: ReadonlyMap<string, InputDefaults>,
  fileCompare: Node | null | undefined,
): TestCase | null {
  const fields = reader.fields(node, 'A case', caseKeys);
  if (fields === null) return null;
  const name =
    fields.name === undefined ? reader.problem(node, "A case has a 'name': add it.") : reader.text(fields.name, "'name'");
  const settings = settingsOf(reader, path, fields, shared);
  const { inputs } = readInputs(reader, fields.inputs ?? null, folderOf(path), defaults, fields.inputs === undefined);
  if (fields.expect === undefined || (isMap(fields.expect) && fields.expect.items.length === 0))
    return reader.problem(node, "The case expects nothing: add 'expect' with 'outputs', 'dropped', 'diagnostics' or 'error'.");
  if (isSeq(fields.expect)) return reader.problem(fields.expect, "'expect' is a map: put the rows below outputs and its name.");
  const expect = readExpectations(reader, fields.expect, {
    folder: folderOf(path),
    startMs: settings.startMs,
    compare: [fileCompare, fields.compare],
    hasPolicies: settings.policies !== null,
  });
  const description = fields.description === undefined ? null : reader.text(fields.description, "'description'");
  if (name === null || expect === null) return null;
  return { name, description, place: reader.placeOf(node), ...settings, inputs, expect };
}
