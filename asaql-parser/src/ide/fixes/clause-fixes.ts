/** Fixes of clauses that other languages have, or that stand at the wrong place. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { rewriteOf } from '../../parser/written-in-vain.ts';
import { bare } from '../../semantics/expression-key.ts';
import type { QuerySpecification } from '../../syntax/nodes.ts';
import type { Span } from '../../text/span.ts';
import { nameText } from '../name-text.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing, withSpaceBefore } from './fix.ts';

function foreignForm(context: FixContext): readonly Fix[] {
  const text = rewriteOf(context.found);
  if (text === null) return [];
  if (text === '')
    return [{ title: `Remove ${context.found}`, edits: [withSpaceBefore(context, context.diagnostic.span)], preferred: true }];
  return [replacing(context, text, `Write ${text.trim()}`)];
}

/** DISTINCT rows of a stream are those of a window. */
function distinctRows(context: FixContext): readonly Fix[] {
  const removed = withSpaceBefore(context, context.diagnostic.span);
  const fixes: Fix[] = [{ title: 'Remove DISTINCT', edits: [removed] }];
  const { select } = context;
  const node = select?.node;
  const keys = node?.items.map((item) =>
    item.kind === 'item' && item.expression.kind === 'path' ? context.textOf(item.expression) : null,
  );
  if (node == null || node.groupBy !== null || node.from === null || keys === undefined || keys.includes(null)) return fixes;
  const grouping = ` GROUP BY ${[...keys, 'TumblingWindow(minute, 1)'].join(', ')}`;
  const edits = [removed, insertion((node.where ?? node.from).span.end, grouping)];
  return [{ title: 'GROUP BY the columns and a window', edits, preferred: true }, ...fixes];
}

/** From the word of a clause to its end. */
function clauseSpan(clause: string, node: QuerySpecification, text: string): Span | null {
  const part =
    { INTO: node.into, FROM: node.from, WHERE: node.where, 'GROUP BY': node.groupBy, HAVING: node.having }[clause] ?? null;
  if (part === null) return null;
  if (clause === 'FROM' || clause === 'GROUP BY') return part.span;
  const word = new RegExp(`\\b${clause}\\s*$`, 'i').exec(text.slice(0, part.span.start));
  return word === null ? null : { start: word.index, end: part.span.end };
}

const order = ['INTO', 'FROM', 'WHERE', 'GROUP BY', 'HAVING'];

/** Moves a clause before the first one that must come after it. */
function moveClause(context: FixContext): readonly Fix[] {
  const { select, snapshot } = context;
  if (select === null) return [];
  const spans = new Map(order.map((clause) => [clause, clauseSpan(clause, select.node, snapshot.text)]));
  const clause = order.find((name) => spans.get(name)?.start === context.diagnostic.span.start);
  const moved = clause === undefined ? null : (spans.get(clause) ?? null);
  if (clause === undefined || moved === null) return [];
  const later = order.slice(order.indexOf(clause) + 1).flatMap((name) => spans.get(name) ?? []);
  const before = later.filter(({ start }) => start < moved.start).sort((a, b) => a.start - b.start)[0];
  if (before === undefined) return [];
  const edits: TextEdit[] = [insertion(before.start, `${context.textOf({ span: moved })} `), withSpaceBefore(context, moved)];
  return [{ title: `Move ${clause} to its place`, edits, preferred: true }];
}

/** A second WHERE joins the first with AND. */
function andInstead(context: FixContext): readonly Fix[] {
  const word = /^(?:WHERE|HAVING)\b/i.exec(context.found)?.[0];
  const { select, diagnostic } = context;
  const first = word?.toUpperCase() === 'WHERE' ? select?.node.where : select?.node.having;
  if (word === undefined || first == null) return [];
  const condition = bare(first);
  if (condition.kind === 'binary' && condition.operator === 'or' && condition === first) return [];
  if (context.snapshot.text.slice(first.span.end, diagnostic.span.start).trim() !== '') return [];
  const span = { start: diagnostic.span.start, end: diagnostic.span.start + word.length };
  return [{ title: 'Write AND', edits: [{ span, text: 'AND' }], preferred: true }];
}

/** Writes what is missing where one sign or word is. */
function addExpected(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const word = /^Expected (\)|BY|THEN|FROM|JOIN|END)(?= |,|$)/.exec(diagnostic.message)?.[1];
  if (word === undefined) return [];
  const before = snapshot.text.slice(0, diagnostic.span.start).trimEnd().length;
  if (word === ')') return [{ title: 'Add )', edits: [insertion(before, ')')], preferred: true }];
  return [{ title: `Add ${word}`, edits: [insertion(before, ` ${word}`)], preferred: true }];
}

function removeUnexpected(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic, found } = context;
  if (diagnostic.message.endsWith('in the SELECT list.') && /^[\p{L}_[(]/u.test(found) && found.toUpperCase() !== 'AS') {
    const before = snapshot.text.slice(0, diagnostic.span.start).trimEnd().length;
    return [{ title: 'Add a comma', edits: [insertion(before, ',')], preferred: true }];
  }
  if (found !== ')') return [];
  return [{ title: 'Remove )', edits: [{ span: context.diagnostic.span, text: '' }], preferred: true }];
}

function selectFromStep(context: FixContext): readonly Fix[] {
  const step = context.around('query')?.steps.at(-1);
  if (step === undefined || step.name.text === '') return [];
  const [output] = context.snapshot.declarations.outputs ?? [];
  const into = output === undefined ? '' : `INTO ${nameText(output.name)} `;
  const text = `\nSELECT * ${into}FROM ${nameText(step.name.text)}`;
  return [{ title: 'Add a SELECT that reads the last step', edits: [insertion(step.span.end, text)], preferred: true }];
}

/** `FROM (SELECT …) AS name` becomes a step of WITH. */
function stepInstead(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const derived = context.select?.sources.find(({ node }) => node.span.start === diagnostic.span.start)?.node;
  const statement = snapshot.parsed.script.statements.find(
    ({ span }) => span.start <= diagnostic.span.start && diagnostic.span.end <= span.end,
  );
  if (derived?.kind !== 'derived' || statement?.kind !== 'query') return [];
  const taken = new Set(statement.steps.map((step) => step.name.text.toLowerCase()));
  const isFree = derived.alias !== null && !taken.has(derived.alias.text.toLowerCase());
  const name = isFree ? nameText(derived.alias.text) : freeName('step', taken);
  const alias = derived.alias === null || isFree ? '' : ` AS ${nameText(derived.alias.text)}`;
  const around = statement.steps.find(({ span }) => span.start <= derived.span.start && derived.span.end <= span.end);
  const body = `${name} AS (${context.textOf(derived.query)})`;
  const place = around ?? statement.selects[0];
  if (place === undefined) return [];
  const last = statement.steps.at(-1);
  const start = around === undefined && last !== undefined ? insertion(last.span.end, `, ${body}`) : null;
  const text = around === undefined ? `WITH ${body} ` : `${body}, `;
  const edits = [start ?? insertion(place.span.start, text), { span: derived.span, text: `${name}${alias}` }];
  return [{ title: `Make it the step ${name}`, edits, preferred: true }];
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${base}${number}`)) number++;
  return `${base}${number}`;
}

function meantWord(context: FixContext): readonly Fix[] {
  const meant = /did you mean (.*)\?$/.exec(context.diagnostic.message)?.[1];
  return meant === undefined ? [] : [replacing(context, meant, `Change to ${meant}`)];
}

/** By code. */
export const clauseFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.foreignForm.code]: foreignForm,
  [catalogue.misspelled.code]: meantWord,
  [catalogue.distinct.code]: distinctRows,
  [catalogue.top.code]: (context) => [{ title: 'Remove TOP', edits: [withSpaceBefore(context, context.diagnostic.span)] }],
  [catalogue.clauseOrder.code]: moveClause,
  [catalogue.clauseTwice.code]: andInstead,
  [catalogue.expected.code]: addExpected,
  [catalogue.unexpected.code]: removeUnexpected,
  [catalogue.withWithoutSelect.code]: selectFromStep,
  [catalogue.derivedTable.code]: stepInstead,
};
