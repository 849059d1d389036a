/** Fixes of types, groups, joins and times. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { typeAdvice } from '../../semantics/checks/types.ts';
import { conjuncts } from '../../semantics/expression-key.ts';
import type { BoundSource } from '../../semantics/model.ts';
import type { Expression } from '../../syntax/nodes.ts';
import { nameText } from '../name-text.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';
import { withSpaceBefore } from './form-fixes.ts';

const added = (title: string, offset: number, text: string, preferred = true): Fix => ({
  title,
  edits: [insertion(offset, text)],
  preferred,
});

// ---- Groups ------------------------------------------------------------------------------------------------------

function addToGroupBy(context: FixContext): readonly Fix[] {
  const groupBy = context.select?.node.groupBy;
  if (groupBy == null) return [];
  const { found } = context;
  const first = groupBy.items[0]?.span.start ?? groupBy.span.end;
  return [
    added(`Add ${found} to GROUP BY`, first, `${found}, `),
    replacing(context, `MAX(${found})`, `Write MAX(${found})`, false),
  ];
}

function addWindow(context: FixContext): readonly Fix[] {
  const groupBy = context.select?.node.groupBy;
  if (groupBy == null) return [];
  return ['TumblingWindow(minute, 1)', 'HoppingWindow(minute, 10, 5)', 'System.Timestamp()'].map((window, index) =>
    added(`Add ${window}`, groupBy.span.end, `, ${window}`, index === 0),
  );
}

function severalWindows(context: FixContext): readonly Fix[] {
  const windows = (context.select?.node.groupBy?.items ?? []).filter(({ kind }) => kind === 'window');
  const [first, ...others] = windows;
  if (first === undefined || others.length === 0) return [];
  const edits: TextEdit[] = [
    { span: first.span, text: `Windows(${windows.map((window) => context.textOf(window)).join(', ')})` },
  ];
  for (const { span } of others) {
    const comma = /,\s*$/.exec(context.snapshot.text.slice(0, span.start));
    if (comma === null) return [];
    edits.push({ span: { start: comma.index, end: span.end }, text: '' });
  }
  return [{ title: 'Put the windows into Windows(…)', edits, preferred: true }];
}

/** Keys are what the list names outside of aggregates. */
function groupTheQuery(context: FixContext): readonly Fix[] {
  const { select } = context;
  const fixes: Fix[] = [];
  const call = select?.calls.find(({ node }) => node.span.start === context.diagnostic.span.start);
  if (call?.spec?.over?.orderBy === 'none' && call.node.over === null && !call.node.distinct)
    fixes.push(
      added(
        'Look back from each event: OVER (LIMIT DURATION(…))',
        call.node.span.end,
        ' OVER (LIMIT DURATION(minute, 10))',
        false,
      ),
    );
  if (select == null || select.node.having !== null || select.node.from === null) return fixes;
  const keys = select.items.flatMap(({ node }) =>
    node.kind === 'item' && node.expression.kind === 'path' ? [context.textOf(node.expression)] : [],
  );
  const end = (select.node.where ?? select.node.from).span.end;
  fixes.push(added('Add GROUP BY with a window', end, ` GROUP BY ${[...keys, 'TumblingWindow(minute, 1)'].join(', ')}`));
  return fixes;
}

function overWith(context: FixContext): readonly Fix[] {
  const call = context.select?.calls.find(
    ({ node }) => node.span.start === context.diagnostic.span.start && node.span.end === context.diagnostic.span.end,
  );
  if (call?.spec?.over?.limit !== 'required') return [];
  return [added('Add OVER (LIMIT DURATION(…))', context.diagnostic.span.end, ' OVER (LIMIT DURATION(minute, 10))')];
}

// ---- Joins -------------------------------------------------------------------------------------------------------

/** The left and the right side of the join whose source a diagnostic marks. */
function joinSides(context: FixContext): { left: BoundSource; right: BoundSource; on: Expression } | null {
  const { select } = context;
  const { start } = context.diagnostic.span;
  const join = select?.node.from?.joins.find((candidate) => candidate.kind === 'join' && candidate.source.span.start === start);
  const [left] = select?.sources ?? [];
  if (join?.kind !== 'join' || join.on === null || left === undefined) return null;
  const right = select?.sources.find(({ node }) => node === join.source);
  return right === undefined ? null : { left, right, on: join.on };
}

function boundJoin(context: FixContext): readonly Fix[] {
  const sides = joinSides(context);
  if (sides === null) return [];
  const { left, right, on } = sides;
  const bound = ` AND DATEDIFF(minute, ${nameText(left.alias)}, ${nameText(right.alias)}) BETWEEN 0 AND 10`;
  const isOr = conjuncts(on).length === 1 && on.kind === 'binary' && on.operator === 'or';
  const edits = isOr ? [insertion(on.span.start, '('), insertion(on.span.end, `)${bound}`)] : [insertion(on.span.end, bound)];
  return [{ title: 'Add a bound in time with DATEDIFF', edits, preferred: true }];
}

function starsOfJoin(context: FixContext): readonly Fix[] {
  const sources = (context.select?.sources ?? []).filter(({ alias, relation }) => alias !== '' && relation.kind !== 'apply');
  if (sources.length === 0) return [];
  const text = sources.map(({ alias }) => `${nameText(alias)}.*`).join(', ');
  return [replacing(context, text, `Write ${text}`)];
}

// ---- Types -------------------------------------------------------------------------------------------------------

function typeInstead(context: FixContext): readonly Fix[] {
  const type = context.exactly('dataType');
  const advice = type === null ? null : typeAdvice(type);
  return advice === null ? [] : [replacing(context, advice, `Change to ${advice}`)];
}

const asValue: FixMaker = (context) => {
  const inner = context.found.replace(/^\((.*)\)$/s, '$1');
  const isWhole = context.exactly('parenthesized') !== null;
  return [
    replacing(context, `CASE WHEN ${isWhole ? inner : context.found} THEN 1 ELSE 0 END`, 'Write CASE WHEN … THEN 1 ELSE 0 END'),
  ];
};

function percentile(context: FixContext): readonly Fix[] {
  const value = Number(context.found);
  if (!(value > 1 && value <= 100)) return [];
  const text = String(value / 100);
  return [replacing(context, text.includes('.') ? text : `${text}.0`, `Write ${text}`)];
}

function withoutTimestampBy(context: FixContext): readonly Fix[] {
  const clause = context.around('timestampBy');
  return clause === null ? [] : [{ title: 'Remove TIMESTAMP BY', edits: [withSpaceBefore(context, clause.span)] }];
}

/** By code. */
export const meaningFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.dataType.code]: typeInstead,
  [catalogue.conditionAsValue.code]: asValue,
  [catalogue.valueAsCondition.code]: (context) => [added('Compare with 1', context.diagnostic.span.end, ' = 1')],
  [catalogue.missingWindow.code]: addWindow,
  [catalogue.severalWindows.code]: severalWindows,
  [catalogue.notGrouped.code]: addToGroupBy,
  [catalogue.aggregateWithoutGroup.code]: groupTheQuery,
  [catalogue.overMissing.code]: overWith,
  [catalogue.percentile.code]: percentile,
  [catalogue.unboundedJoin.code]: boundJoin,
  [catalogue.halfBoundedJoin.code]: boundJoin,
  [catalogue.joinUnbounded.code]: boundJoin,
  [catalogue.starInJoin.code]: starsOfJoin,
  [catalogue.timestampOfStep.code]: withoutTimestampBy,
  [catalogue.timestampSystem.code]: withoutTimestampBy,
};
