/** Types: those that exist, conditions and values, arithmetic, comparisons. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Binary, DataType, Expression } from '../../syntax/nodes.ts';
import { entryOf } from '../../text/word-entry.ts';
import { bare } from '../expression-key.ts';
import type { BoundSelect } from '../model.ts';
import { declaredType, isNumeric, type ValueType } from '../types.ts';
import type { Findings, ScriptCheck, SelectCheck } from './check.ts';

/** Types of other languages, and ours. */
const otherTypes: Readonly<Record<string, string>> = {
  int: 'bigint',
  integer: 'bigint',
  smallint: 'bigint',
  tinyint: 'bigint',
  long: 'bigint',
  real: 'float',
  double: 'float',
  decimal: 'float',
  numeric: 'float',
  money: 'float',
  number: 'float',
  varchar: 'nvarchar(max)',
  char: 'nvarchar(max)',
  nchar: 'nvarchar(max)',
  text: 'nvarchar(max)',
  string: 'nvarchar(max)',
  nvarchar: 'nvarchar(max)',
  uniqueidentifier: 'nvarchar(max)',
  date: 'datetime',
  datetime2: 'datetime',
  time: 'datetime',
  timestamp: 'datetime',
  datetimeoffset: 'datetime',
  smalldatetime: 'datetime',
  bool: 'bit',
  boolean: 'bit',
  json: 'record',
  object: 'record',
  struct: 'record',
  list: 'array',
};

function checkDataType(type: DataType, found: Findings): void {
  if (type.typeName === '' || declaredType(type.typeName, type.argument) !== null) return;
  const written = type.argument === null ? type.typeName : `${type.typeName}(${type.argument})`;
  found.report(catalogue.dataType, type.span, written, typeAdvice(type));
}

/** The type of the language that is meant by one of another language, if that can be told. */
export function typeAdvice({ typeName }: Pick<DataType, 'typeName'>): string | null {
  return declaredType(typeName, null) !== null ? typeName : (entryOf(otherTypes, typeName) ?? null);
}

export const checkTableTypes: ScriptCheck = (model, found) => {
  for (const statement of model.script.statements) {
    if (statement.kind === 'createTable') for (const column of statement.columns) checkDataType(column.type, found);
  }
};

export const checkCasts: SelectCheck = (select, found) => {
  for (const cast of select.casts) {
    checkDataType(cast.type, found);
    const inner = bare(cast.expression);
    const type = select.types.get(cast.expression);
    const exists = declaredType(cast.type.typeName, cast.type.argument) !== null;
    const mayFail = exists && !cast.try && type?.name === 'any' && inner.kind === 'path' && cast.type.typeName !== 'nvarchar';
    if (mayFail) found.report(catalogue.castPayload, cast.span, found.textOf(inner));
  }
};

export const checkConditions: SelectCheck = (select, found) => {
  const unknown = select.calls.filter(({ form }) => form === 'unknown').map(({ node }) => node.span);
  for (const { node, wanted } of select.mismatches) {
    // A function that does not exist may take and give anything.
    if (unknown.some(({ start, end }) => start <= node.span.start && node.span.end <= end)) continue;
    if (wanted === 'value') found.report(catalogue.conditionAsValue, node.span);
    else found.report(catalogue.valueAsCondition, node.span, found.textOf(node));
  }
};

const arithmetic = new Set(['+', '-', '*', '/', '%']);
const bitwise = new Set(['&', '|', '^']);
const comparison = new Set(['=', '<>', '<', '<=', '>', '>=']);

export const checkOperators: SelectCheck = (select, found) => {
  for (const { node } of select.binaries) {
    const left = select.types.get(node.left);
    const right = select.types.get(node.right);
    if (left === undefined || right === undefined) continue;
    if (comparison.has(node.operator)) {
      if (bare(node.left).kind === 'null' || bare(node.right).kind === 'null')
        found.report(catalogue.compareNull, node.span, node.operator);
      const pair = [left.name, right.name];
      const text = [node.left, node.right].find((operand) => select.types.get(operand)?.name === 'nvarchar(max)');
      const isNumberText = text !== undefined && text.kind !== 'string' && (isNumeric(left) || isNumeric(right));
      if (isNumberText) found.report(catalogue.compareNumberText, text.span, found.textOf(text));
      if (pair.includes('datetime') && pair.includes('nvarchar(max)')) found.report(catalogue.compareTimeText, node.span);
    } else if (bitwise.has(node.operator)) {
      if (left.name === 'float' || right.name === 'float') found.report(catalogue.bitwiseFloat, node.span, node.operator);
    } else if (arithmetic.has(node.operator)) {
      const wrong = [left, right].find((type) => refuses(node.operator, type));
      if (wrong !== undefined)
        found.report(catalogue.arithmeticType, node.span, node.operator, wrong.name, arithmeticAdvice(wrong));
      else if (node.operator === '+') checkSum(node, select, found);
      else if (node.operator === '/' && left.name === 'bigint' && right.name === 'bigint')
        found.report(catalogue.integerDivision, node.span);
      const divides = node.operator === '/' || node.operator === '%';
      if (divides && mayBeZero(node.right) && !isGuarded(node, select))
        found.report(catalogue.divisor, node.right.span, found.textOf(node.right));
    }
  }
};

/** A number and a text with + between them: whether they are added or joined is not documented. */
function checkSum(node: Binary, select: BoundSelect, found: Findings): void {
  const typed = [node.left, node.right].map((operand) => ({ operand, type: select.types.get(operand) }));
  const text = typed.find(({ type }) => type?.name === 'nvarchar(max)');
  if (text !== undefined && typed.some(({ type }) => type !== undefined && isNumeric(type)))
    found.report(catalogue.compareNumberText, text.operand.span, found.textOf(text.operand));
}

function arithmeticAdvice({ name }: ValueType): string {
  if (name === 'datetime') return 'move a time with DATEADD(unit, number, time), compare two with DATEDIFF(unit, start, end)';
  if (name === 'nvarchar(max)') return 'convert the text with TRY_CAST(… AS float)';
  return name === 'array' ? 'take one element with GetArrayElement(array, index)' : 'take one of its fields';
}

/** Types that an arithmetic operator surely cannot take. */
function refuses(operator: string, { name }: ValueType): boolean {
  if (name === 'record' || name === 'array' || name === 'datetime') return true;
  return name === 'nvarchar(max)' && operator !== '+';
}

/** Columns and sums of them; counts, literals and what NULLIF has looked at are left alone. */
function mayBeZero(divisor: Expression): boolean {
  const value = bare(divisor);
  return (
    value.kind === 'path' || (value.kind === 'call' && value.prefix === null && /^(?:sum|avg|min|max)$/i.test(value.name.text))
  );
}

/** Inside a CASE somebody has thought of it. */
function isGuarded({ span }: Binary, select: BoundSelect): boolean {
  for (const guard of select.types.keys())
    if (guard.kind === 'case' && guard.span.start <= span.start && span.end <= guard.span.end) return true;
  return false;
}
