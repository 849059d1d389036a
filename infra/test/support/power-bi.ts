/** Reads a Power BI project and says what in it leads nowhere: TMDL, DAX, and the visuals of the report. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Table {
  readonly name: string;
  /** By name. */
  readonly columns: ReadonlyMap<string, string>;
  /** DAX by name. */
  readonly measures: ReadonlyMap<string, string>;
  /** The M that fills it. */
  readonly source: string;
}

export interface Model {
  readonly tables: ReadonlyMap<string, Table>;
  /** `Table.column` to `Table.column`. */
  readonly relationships: readonly (readonly [from: string, to: string])[];
  readonly referenced: readonly string[];
}

/** Functions of DAX that the measures use, each with the least and the most arguments it takes: https://learn.microsoft.com/dax/dax-function-reference */
const functions: Readonly<Record<string, readonly [least: number, most: number]>> = {
  ADDCOLUMNS: [3, 9],
  ALL: [0, 9],
  AVERAGE: [1, 1],
  CALCULATE: [1, 9],
  CALCULATETABLE: [1, 9],
  CONCATENATEX: [2, 5],
  COUNTROWS: [0, 1],
  DISTINCTCOUNT: [1, 1],
  DIVIDE: [2, 3],
  HASONEVALUE: [1, 1],
  IF: [2, 3],
  ISBLANK: [1, 1],
  MAX: [1, 2],
  MEDIANX: [2, 2],
  RANKX: [2, 5],
  REMOVEFILTERS: [0, 9],
  SUM: [1, 1],
  SUMX: [2, 2],
  TIME: [3, 3],
  TOPN: [2, 9],
  VALUES: [1, 1],
};
const keywords = new Set(['VAR', 'RETURN', 'NOT', 'ASC', 'DESC', 'DENSE']);

export function readModel(folder: string): Model {
  const texts = globSync('tables/*.tmdl', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
  const tables = texts.map(parseTable);
  const relationships = readFileSync(join(folder, 'relationships.tmdl'), 'utf8');
  return {
    tables: new Map(tables.map((table) => [table.name, table])),
    relationships: [...relationships.matchAll(/fromColumn: (\S+)\s+toColumn: (\S+)/g)].map(([, from, to]) => [
      from as string,
      to as string,
    ]),
    referenced: [...readFileSync(join(folder, 'model.tmdl'), 'utf8').matchAll(/^ref table (\S+)$/gm)].map(
      ([, name]) => name as string,
    ),
  };
}

/** TMDL is indented by tabs: an object a level, its properties one deeper, an expression two. */
function parseTable(text: string): Table {
  const name = /^table (\S+)$/m.exec(text)?.[1];
  if (name === undefined) throw new Error('A file of tables/ holds no table.');
  const columns = new Map<string, string>();
  const measures = new Map<string, string>();
  let source = '';
  for (const block of text.split(/\n\n/).map((part) => part.replace(/^\t\/\/\/ .*\n/, ''))) {
    const column = /^\tcolumn (\w+)\n\t\tdataType: (\w+)\n[\s\S]*sourceColumn: \1$/m.exec(block);
    if (column) columns.set(column[1] as string, column[2] as string);
    const measure = /^\tmeasure '([^']+)' =([\s\S]*?)\n\t\t(?:formatString|displayFolder): /.exec(block);
    if (measure) measures.set(measure[1] as string, measure[2] as string);
    source ||= /^\tpartition \w+ = m\n\t\tmode: import\n\t\tsource =\n([\s\S]*)$/.exec(block)?.[1] ?? '';
  }
  return { name, columns, measures, source };
}

/** One line for each reference, function or bracket that is wrong. */
export function daxProblems(expression: string, model: Model): string[] {
  const found: string[] = [];
  const bare = expression.replace(/"[^"]*"/g, '""');
  for (const [, table = '', column = ''] of bare.matchAll(/\b(\w+)\[(\w+)\]/g)) {
    if (!model.tables.get(table)?.columns.has(column)) found.push(`There is no ${table}[${column}].`);
  }
  const own = new Set([...expression.matchAll(/"([^"]*)"/g)].map(([, text]) => text));
  for (const [, name = ''] of bare.matchAll(/(?<!\w)\[([^\]]+)\]/g)) {
    const known = [...model.tables.values()].some(({ measures }) => measures.has(name)) || own.has(name);
    if (!known) found.push(`There is no measure [${name}].`);
  }
  const variables = new Set([...bare.matchAll(/\bVAR (\w+) =/g)].map(([, name]) => name as string));
  for (const [word, call] of [...bare.replace(/\w*\[[^\]]*\]/g, 'x').matchAll(/\b([A-Za-z]\w*)\b(\s*\()?/g)].map(
    ([, name = '', open]) => [name, open !== undefined] as const,
  )) {
    if (
      call
        ? functions[word] === undefined && word !== 'NOT'
        : !(keywords.has(word) || variables.has(word) || model.tables.has(word) || word === 'x')
    )
      found.push(`${word} is no ${call ? 'function that is known' : 'table, variable or keyword'}.`);
  }
  return [...found, ...callProblems(bare)];
}

/** Brackets that do not pair, and calls with too few or too many arguments. */
function callProblems(text: string): string[] {
  const found: string[] = [];
  const open: { name: string; commas: number; start: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') open.push({ name: /(\w*)\s*$/.exec(text.slice(0, at))?.[1] ?? '', commas: 0, start: at });
    else if (text[at] === ',') (open.at(-1) ?? { commas: 0 }).commas += 1;
    else if (text[at] === ')') {
      const call = open.pop();
      if (call === undefined) return ['A bracket closes that never opened.'];
      const limits = functions[call.name];
      const count = text.slice(call.start + 1, at).trim() === '' ? 0 : call.commas + 1;
      if (limits !== undefined && (count < limits[0] || count > limits[1]))
        found.push(`${call.name} takes ${limits.join(' to ')} arguments, not ${count}.`);
    }
  }
  return open.length > 0 ? [...found, 'A bracket never closes.'] : found;
}

interface Visual {
  readonly name: string;
  readonly position: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly visual: {
    readonly visualType: string;
    readonly query: { readonly queryState: Record<string, { readonly projections: readonly Projection[] }> };
  };
}
interface Projection {
  readonly field: Record<
    string,
    { readonly Expression: { readonly SourceRef: { readonly Entity: string } }; readonly Property: string }
  >;
  readonly queryRef: string;
}

/** What each kind of visual takes. */
const roles: Readonly<Record<string, readonly string[]>> = {
  card: ['Values'],
  tableEx: ['Values'],
  lineChart: ['Category', 'Y', 'Series'],
  columnChart: ['Category', 'Y', 'Series'],
  clusteredBarChart: ['Category', 'Y', 'Series'],
  donutChart: ['Category', 'Y'],
};

/** One line for whatever a visual shows that is not in the model, or where it does not fit. */
export function visualProblems(
  visual: Visual,
  page: { readonly width: number; readonly height: number },
  model: Model,
): string[] {
  const { position, visual: shown, name } = visual;
  const found: string[] = [];
  if (position.x < 0 || position.y < 0 || position.x + position.width > page.width || position.y + position.height > page.height)
    found.push(`${name} leaves its page.`);
  for (const [role, { projections }] of Object.entries(shown.query.queryState)) {
    if (!roles[shown.visualType]?.includes(role)) found.push(`${name}: a ${shown.visualType} has no ${role}.`);
    for (const { field, queryRef } of projections) {
      const [kind, reference] = Object.entries(field)[0] ?? ['', undefined];
      const table = model.tables.get(reference?.Expression.SourceRef.Entity ?? '');
      const there =
        kind === 'Measure' ? table?.measures.has(reference?.Property ?? '') : table?.columns.has(reference?.Property ?? '');
      if (!there) found.push(`${name}: there is no ${kind.toLowerCase()} ${queryRef}.`);
      if (queryRef !== `${reference?.Expression.SourceRef.Entity}.${reference?.Property}`)
        found.push(`${name}: ${queryRef} names another field.`);
    }
  }
  return found;
}

/** Every page with its visuals, from a report's `definition` folder. */
export function readPages(folder: string) {
  const readJson = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const { pageOrder } = readJson('pages/pages.json') as { pageOrder: readonly string[] };
  return pageOrder.map((name) => ({
    folder: name,
    page: readJson(`pages/${name}/page.json`) as { name: string; displayOption: string; width: number; height: number },
    visuals: globSync(`pages/${name}/visuals/*/visual.json`, { cwd: folder }).map((file) => ({
      folder: basename(dirname(file)),
      visual: readJson(file) as Visual,
    })),
    exists: existsSync(join(folder, 'pages', name)),
  }));
}
