/** Fixes of types, groups, joins and times. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { typeAdvice } from '../../semantics/checks/types.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing, withSpaceBefore } from './fix.ts';

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

/** The keys of GROUP BY in the place of the star. */
function keysInstead(context: FixContext): readonly Fix[] {
  const keys = (context.select?.node.groupBy?.items ?? [])
    .filter(({ kind }) => kind === 'path')
    .map((key) => context.textOf(key));
  const text = [...keys, 'COUNT(*) AS count'].join(', ');
  return [replacing(context, text, `Write ${text}`)];
}

function addKey(context: FixContext): readonly Fix[] {
  const groupBy = context.select?.node.groupBy;
  const first = groupBy?.items[0];
  const { found } = context;
  return first === undefined ? [] : [added(`Add ${found} to GROUP BY`, first.span.start, `${found}, `)];
}

function addPartitionKey(context: FixContext): readonly Fix[] {
  const key = /lacks the partition key (.*)\.$/.exec(context.diagnostic.message)?.[1];
  const first = context.select?.node.groupBy?.items[0];
  if (key === undefined || first === undefined) return [];
  return [added(`Add ${key} to GROUP BY`, first.span.start, `${key}, `)];
}

// ---- OVER --------------------------------------------------------------------------------------------------------

/** OVER with the parts that the function can have; what it must have is added. */
function overRebuilt(context: FixContext): readonly Fix[] {
  const call = context.select?.calls.find(({ node }) => node.over?.span.start === context.diagnostic.span.start);
  const over = call?.node.over;
  const rules = call?.spec?.over;
  if (over == null) return [];
  if (rules == null) return [{ title: 'Remove OVER', edits: [withSpaceBefore(context, over.span)] }];
  const texts = (nodes: readonly { readonly span: { readonly start: number; readonly end: number } }[]): string =>
    nodes.map((node) => context.textOf(node)).join(', ');
  const parts: string[] = [];
  const limited = rules.limit === 'required' || over.limit !== null;
  if (rules.partitionBy && over.partitionBy.length > 0 && (limited || rules.limit === 'none'))
    parts.push(`PARTITION BY ${texts(over.partitionBy)}`);
  if (rules.orderBy === 'required') {
    if (over.orderBy.length === 0) return [];
    parts.push(`ORDER BY ${texts(over.orderBy.slice(0, rules.limit === 'none' ? 1 : undefined))}`);
  }
  if (rules.limit !== 'none' && limited)
    parts.push(over.limit === null ? 'LIMIT DURATION(minute, 10)' : context.textOf(over.limit));
  if (rules.when && over.when !== null && (limited || rules.limit === 'none')) parts.push(`WHEN ${context.textOf(over.when)}`);
  const text = `OVER (${parts.join(' ')})`;
  return [{ title: `Write ${text}`, edits: [{ span: over.span, text }], preferred: true }];
}

function lastInstead(context: FixContext): readonly Fix[] {
  const call = context.around('call');
  const [value, offset] = call?.arguments ?? [];
  if (call == null || value === undefined || offset === undefined || context.textOf(offset) !== '0') return [];
  const edits = [
    { span: call.name.span, text: 'LAST' },
    { span: { start: value.span.end, end: offset.span.end }, text: '' },
  ];
  return [{ title: 'Write LAST', edits, preferred: true }];
}

function orderByValue(context: FixContext): readonly Fix[] {
  const item = context.select?.calls
    .flatMap(({ node }) => node.over?.orderBy ?? [])
    .find(({ span }) => span.start === context.diagnostic.span.start);
  if (item === undefined) return [];
  const inner = item.expression.kind === 'cast' ? item.expression.expression : item.expression;
  return ['datetime', 'float'].map((type) => {
    const text = `CAST(${context.textOf(inner)} AS ${type})`;
    return { title: `Order by ${text}`, edits: [{ span: item.expression.span, text }], preferred: type === 'datetime' };
  });
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

function withoutDistinct(context: FixContext): readonly Fix[] {
  const call = context.around('call');
  const word = call == null ? null : /\(\s*(DISTINCT\s+)/i.exec(context.textOf(call));
  if (call == null || word === null) return [];
  const start = call.span.start + word.index + word[0].length - (word[1] ?? '').length;
  return [{ title: 'Remove DISTINCT', edits: [{ span: { start, end: start + (word[1] ?? '').length }, text: '' }] }];
}

function oneDistinct(context: FixContext): readonly Fix[] {
  const call = context.exactly('call');
  const args = call?.arguments.map((argument) => context.textOf(argument)) ?? [];
  if (args.length < 2) return [];
  return [replacing(context, `COUNT(DISTINCT CONCAT(${args.join(", '|', ")}))`, 'Count distinct values of CONCAT(…)')];
}

/** The operands of an operator that have a type, converted to another. */
const converted =
  (type: string, to: string, word: string): FixMaker =>
  (context) => {
    const node = context.exactly('binary');
    const types = context.select?.types;
    if (node === null || types === undefined) return [];
    const operands = [node.left, node.right].filter((operand) => types.get(operand)?.name === type);
    if (operands.length === 0) return [];
    const edits = operands.map(({ span }) => ({ span, text: `${word}(${context.textOf({ span })} AS ${to})` }));
    return [{ title: `Convert with ${word}(… AS ${to})`, edits, preferred: true }];
  };

/** Times are moved with DATEADD and compared with DATEDIFF. */
function timeArithmetic(context: FixContext): readonly Fix[] {
  const node = context.exactly('binary');
  const types = context.select?.types;
  if (node === null || types === undefined || (node.operator !== '+' && node.operator !== '-')) return [];
  const [left, right] = [context.textOf(node.left), context.textOf(node.right)];
  const [leftType, rightType] = [types.get(node.left)?.name, types.get(node.right)?.name];
  if (leftType !== 'datetime') return [];
  if (rightType === 'datetime' && node.operator === '-')
    return [replacing(context, `DATEDIFF(second, ${right}, ${left})`, 'Write DATEDIFF')];
  if (node.right.kind !== 'number') return [];
  return [replacing(context, `DATEADD(day, ${node.operator === '-' ? '-' : ''}${right}, ${left})`, 'Write DATEADD')];
}

/** Arguments that other languages let one leave out. */
function missingArguments(context: FixContext): readonly Fix[] {
  const call = context.exactly('call');
  const [first, ...others] = call?.arguments ?? [];
  if (call === null || first === undefined) return [];
  const name = call.name.text.toLowerCase();
  const extra =
    name === 'substring' && others.length === 1
      ? `LEN(${context.textOf(first)})`
      : name === 'round' && others.length === 0
        ? '0'
        : null;
  const last = call.arguments.at(-1);
  if (extra === null || last === undefined) return [];
  return [added(`Add ${extra}`, last.span.end, `, ${extra}`)];
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
  [catalogue.argumentCount.code]: missingArguments,
  [catalogue.distinctArgument.code]: withoutDistinct,
  [catalogue.distinctSeveral.code]: oneDistinct,
  [catalogue.bitwiseFloat.code]: converted('float', 'bigint', 'CAST'),
  [catalogue.arithmeticType.code]: (context) => {
    const moved = timeArithmetic(context);
    return moved.length > 0 ? moved : converted('nvarchar(max)', 'float', 'TRY_CAST')(context);
  },
  [catalogue.missingWindow.code]: addWindow,
  [catalogue.starWithGroup.code]: keysInstead,
  [catalogue.timestampOverKeys.code]: addKey,
  [catalogue.partitioning.code]: addPartitionKey,
  [catalogue.overPart.code]: overRebuilt,
  [catalogue.lagOffset.code]: lastInstead,
  [catalogue.orderByText.code]: orderByValue,
  [catalogue.severalWindows.code]: severalWindows,
  [catalogue.notGrouped.code]: addToGroupBy,
  [catalogue.aggregateWithoutGroup.code]: groupTheQuery,
  [catalogue.overMissing.code]: overWith,
  [catalogue.percentile.code]: percentile,
  [catalogue.timestampOfStep.code]: withoutTimestampBy,
  [catalogue.timestampSystem.code]: withoutTimestampBy,
};
