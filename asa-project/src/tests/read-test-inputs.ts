/** The inputs of a test in YAML: rows, files and the generator. Reads no other file. */
import { isScalar, isSeq, type Node } from 'yaml';
import { joined } from '../files/project-path.ts';
import type { GenerateRequest, InputSource, TestInput, TestRow } from './test-case.ts';
import { durationMs } from './time-text.ts';
import type { YamlReader } from './yaml-reader.ts';

export const inputKeys = ['kind', 'defaults', 'time', 'rows', 'file', 'arrival', 'generate'] as const;
export const generateKeys = ['seed', 'eps', 'duration', 'users', 'scenarios'] as const;
/** Keys of a row that say something about the event; all others are its columns. */
export const rowKeys = ['$arrives', '$partition', '$raw', '$repeat'] as const;

/** What the file says of an input for all of its cases. */
export interface InputDefaults {
  readonly name: string;
  readonly kind: TestInput['kind'];
  readonly members: TestRow['members'];
  readonly timeColumns: readonly string[];
  readonly arrivalColumn: string | null;
  /** Events that every case has. */
  readonly source: InputSource | null;
  readonly node: Node | null;
}

export interface ReadInputs {
  readonly inputs: readonly TestInput[];
  /** By name in lower case. */
  readonly defaults: ReadonlyMap<string, InputDefaults>;
}

/** With `absent` the case names no inputs: it has those of the file. */
export function readInputs(
  reader: YamlReader,
  node: Node | null,
  folder: string,
  defaults: ReadonlyMap<string, InputDefaults>,
  absent = false,
): ReadInputs {
  const found = new Map<string, InputDefaults>(defaults);
  for (const { key, keyNode, value } of absent ? [] : (reader.entries(node, "'inputs'") ?? [])) {
    const known = found.get(key.toLowerCase()) ?? blank(key);
    const read = inputOf(reader, value, folder, { ...known, node: keyNode });
    found.set(key.toLowerCase(), read);
  }
  const inputs = [...found.values()].map(({ name, kind, timeColumns, arrivalColumn, source, node: at }) => ({
    ...{ name, kind, timeColumns, arrivalColumn, place: reader.placeOf(at) },
    source: source ?? { kind: 'rows' as const, rows: [] },
  }));
  return { inputs, defaults: found };
}

function blank(name: string): InputDefaults {
  return { name, kind: 'stream', members: [], timeColumns: [], arrivalColumn: null, source: null, node: null };
}

function inputOf(reader: YamlReader, node: Node | null, folder: string, known: InputDefaults): InputDefaults {
  const what = `The input '${known.name}'`;
  if (isSeq(node)) return { ...known, source: { kind: 'rows', rows: rowsOf(reader, node, known.members) } };
  const fields = reader.fields(node, what, inputKeys);
  if (fields === null) return known;
  const members = fields.defaults === undefined ? known.members : over(known.members, membersOf(reader, fields.defaults));
  const given = (['rows', 'file', 'generate'] as const).filter((key) => fields[key] !== undefined);
  if (given.length > 1) reader.problem(node, `${what} has ${given.join(' and ')}: it takes one of them.`);
  const times = fields.time === undefined ? known.timeColumns : textsOf(reader, fields.time);
  return {
    ...known,
    kind:
      fields.kind === undefined
        ? known.kind
        : (reader.oneOf(fields.kind, "'kind'", ['stream', 'reference'] as const) ?? 'stream'),
    members,
    timeColumns: times,
    arrivalColumn: fields.arrival === undefined ? known.arrivalColumn : reader.text(fields.arrival, "'arrival'"),
    source: sourceOf(reader, fields, folder, members) ?? known.source,
  };
}

type InputFields = Partial<Record<(typeof inputKeys)[number], Node | null>>;

function sourceOf(reader: YamlReader, fields: InputFields, folder: string, members: TestRow['members']): InputSource | null {
  if (fields.rows !== undefined) return { kind: 'rows', rows: rowsOf(reader, fields.rows, members) };
  if (fields.generate !== undefined) {
    const request = generateOf(reader, fields.generate);
    return request === null ? null : { kind: 'generate', request };
  }
  if (fields.file === undefined) return null;
  const path = reader.text(fields.file, "'file'");
  return path === null ? null : { kind: 'file', path: joined(folder, path), place: reader.placeOf(fields.file) };
}

function textsOf(reader: YamlReader, node: Node | null): readonly string[] {
  const nodes = isSeq(node) ? node.items.map((item) => reader.resolved(item)) : [node];
  return nodes.flatMap((each) => reader.text(each, "'time'") ?? []);
}

function generateOf(reader: YamlReader, node: Node | null): GenerateRequest | null {
  const fields = reader.fields(node, "'generate'", generateKeys);
  if (fields === null) return null;
  const number = (key: 'seed' | 'eps' | 'users', otherwise: number, least: number) =>
    fields[key] === undefined ? otherwise : (reader.number(fields[key], `'${key}'`, least, key !== 'eps') ?? otherwise);
  const { duration } = fields;
  const durationGiven = duration === undefined ? 60_000 : durationMs(isScalar(duration) ? reader.source(duration) : '');
  if (durationGiven === null) reader.problem(duration ?? node, "'duration' is a duration such as 60s.");
  const scenarios = fields.scenarios === undefined ? [] : (reader.list(fields.scenarios, "'scenarios'") ?? []);
  return {
    seed: number('seed', 1, 0),
    eventsPerSecond: number('eps', 10, 0.001),
    users: number('users', 100, 1),
    durationMs: durationGiven ?? 60_000,
    scenarios: scenarios.flatMap((each) => reader.text(each, 'A scenario') ?? []),
  };
}

function rowsOf(reader: YamlReader, node: Node | null, defaults: TestRow['members']): readonly TestRow[] {
  return (reader.list(node, "'rows'") ?? []).flatMap((item) => rowOf(reader, item, defaults));
}

function rowOf(reader: YamlReader, node: Node | null, defaults: TestRow['members']): readonly TestRow[] {
  const entries = reader.entries(node, 'An event');
  if (entries === null) return [];
  let row: TestRow = { place: reader.placeOf(node), members: [], raw: null, arrives: null, partition: 0 };
  let repeat = 1;
  for (const { key, keyNode, value } of entries) {
    if (!key.startsWith('$')) continue;
    if (key === '$arrives') row = { ...row, arrives: reader.text(value, "'$arrives'") };
    else if (key === '$partition') row = { ...row, partition: reader.number(value, "'$partition'", 0, true) ?? 0 };
    else if (key === '$raw') row = { ...row, raw: reader.text(value, "'$raw'") };
    else if (key === '$repeat') repeat = reader.number(value, "'$repeat'", 1, true) ?? 1;
    else reader.problem(keyNode, `An event has no key '${key}'. It takes ${rowKeys.join(', ')}; columns begin with no $.`);
  }
  const own = entries
    .filter(({ key }) => !key.startsWith('$'))
    .map(({ key, value }) => ({ name: key, json: reader.json(value) }));
  if (row.raw === null) row = { ...row, members: over(defaults, own) };
  else if (own.length > 0) reader.problem(node, "An event with '$raw' has no columns: the text is the event.");
  return Array.from({ length: repeat }, () => row);
}

function membersOf(reader: YamlReader, node: Node | null): TestRow['members'] {
  return (reader.entries(node, "'defaults'") ?? []).map(({ key, value }) => ({ name: key, json: reader.json(value) }));
}

/** The second's values in place of the first's; a column that is `null` in the test is null in the event. */
function over(first: TestRow['members'], second: TestRow['members']): TestRow['members'] {
  const all = new Map(first.map((member) => [member.name, member]));
  for (const member of second) all.set(member.name, member);
  return [...all.values()];
}
