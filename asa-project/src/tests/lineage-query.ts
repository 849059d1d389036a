/**
 * A query rewritten so that each row carries the numbers of the events it was made of: the language itself collects them. Only
 * for explaining: whoever uses it holds its rows against those of the query as it is. Knows no run.
 */
import {
  applyEdits,
  type Call,
  type CreateTable,
  type FromClause,
  type Node,
  parse,
  type QueryExpression,
  type QuerySpecification,
  type Source,
  type TextEdit,
  walk,
} from '@asaql/parser';

/** The column that carries them: digits with anything in between. */
export const lineageColumn = '__asaql_events';

/** null: the query holds something through which events are not followed (MATCH_RECOGNIZE). */
export function withLineage(text: string): string | null {
  const { script } = parse(text);
  const edits: TextEdit[] = [];
  let followed = true;
  for (const statement of script.statements) {
    if (statement.kind === 'createTable') edits.push(declared(statement));
    if (statement.kind !== 'query') continue;
    const bodies = [...statement.steps.map(({ body }) => body), ...statement.selects.map(({ body }) => body)];
    for (const body of bodies) followed = addTo(body, text, edits) && followed;
  }
  return followed ? applyEdits(text, edits) : null;
}

/** The events that a row names. */
export function eventsIn(value: unknown): readonly number[] {
  const numbers = String(value ?? '').match(/\d+/g) ?? [];
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}

function declared({ columns }: CreateTable): TextEdit {
  const at = columns.at(-1)?.span.end ?? 0;
  return { span: { start: at, end: at }, text: `, ${lineageColumn} nvarchar(max)` };
}

function addTo(body: QueryExpression, text: string, edits: TextEdit[]): boolean {
  switch (body.kind) {
    case 'union':
      return [addTo(body.left, text, edits), addTo(body.right, text, edits)].every(Boolean);
    case 'parenthesizedQuery':
      return addTo(body.query, text, edits);
    case 'stepReference':
      return true;
    default:
      return addToSelect(body, text, edits);
  }
}

function addToSelect(select: QuerySpecification, text: string, edits: TextEdit[]): boolean {
  const { from, items } = select;
  const last = items.at(-1);
  if (from === null || last === undefined || from.matchRecognize !== null) return false;
  const sources = sourcesOf(from);
  for (const source of sources) if (source.kind === 'derived' && !addTo(source.query, text, edits)) return false;
  const names = sources.map(nameOf);
  if (names.some((name) => name === null)) return false;
  const columns = names.map((name) =>
    sources.length === 1 && from.joins.length === 0 ? lineageColumn : `[${name}].${lineageColumn}`,
  );
  // A star carries it along.
  if (select.groupBy === null && items.some((item) => item.kind === 'star') && columns.length === 1) return true;
  const carried = columns.length === 1 ? (columns[0] as string) : `CONCAT(${columns.map(textOf).join(", ',', ")})`;
  const newest = select.groupBy === null ? null : soleTopOne(select);
  const expression =
    select.groupBy === null
      ? textOf(carried)
      : newest !== null
        ? `${text.slice(newest.span.start, newest.span.end)}.${lineageColumn}`
        : textOf(`Collect(${carried})`);
  edits.push({ span: { start: last.span.end, end: last.span.end }, text: `, ${expression} AS ${lineageColumn}` });
  return true;
}

const textOf = (expression: string) => `CAST(${expression} AS nvarchar(max))`;

function sourcesOf(from: FromClause): readonly Source[] {
  return [from.source, ...from.joins.flatMap((clause) => (clause.kind === 'join' ? [clause.source] : []))];
}

function nameOf(source: Source): string | null {
  return source.alias?.text ?? (source.kind === 'source' ? source.name.text : null);
}

/** `TopOne() OVER (…)`, where the row is that of one event or result alone. */
function soleTopOne(select: QuerySpecification): Call | null {
  const aggregates: Call[] = [];
  for (const item of select.items)
    walk(item, (node: Node) => {
      if (
        node.kind === 'call' &&
        /^(topone|collect|collecttop|count|sum|avg|min|max|stdevp?|varp?|percentile_(cont|disc))$/i.test(node.name.text)
      )
        aggregates.push(node);
      return true;
    });
  const [only] = aggregates;
  return aggregates.length === 1 && only?.name.text.toLowerCase() === 'topone' && only.arguments.length === 0 ? only : null;
}
