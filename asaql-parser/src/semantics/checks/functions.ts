/** Calls: functions that exist, the number and the types of their arguments. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Argument, Expression } from '../../syntax/nodes.ts';
import { isWindowUnit } from '../../syntax/time-units.ts';
import { nearest } from '../../text/nearest.ts';
import { functionAdvice, isForeignFunction } from '../functions/function-catalogue.ts';
import { type ArgumentKind, arity, type FunctionSpec, type Parameter } from '../functions/function-spec.ts';
import type { BoundCall } from '../model.ts';
import type { ValueType } from '../types.ts';
import type { BoundModel, Findings, SelectCheck } from './check.ts';

export const checkCalls: SelectCheck = (select, found, model) => {
  for (const call of select.calls) {
    if (call.form === 'udf' || call.form === 'uda') checkUserFunction(call, found, model);
    else if (call.spec === null) reportUnknown(call, found);
    else if (call.node.distinct && call.spec.name === 'COUNT' && call.node.arguments.length > 1)
      found.report(
        catalogue.distinctSeveral,
        call.node.span,
        call.node.arguments.map((argument) => found.textOf(argument)),
      );
    else if (call.form !== 'window') checkArguments(call, found);
    if (call.node.distinct && call.spec?.name !== 'COUNT')
      found.report(catalogue.distinctArgument, call.node.name.span, call.node.name.text);
  }
};

function reportUnknown({ node }: BoundCall, found: Findings): void {
  const { prefix, name } = node;
  if (name.text === '') return;
  if (prefix !== null && prefix !== 'system') found.report(catalogue.unknownPrefix, node.span, prefix, name.text);
  else {
    const isForeign = prefix === null && isForeignFunction(name.text);
    // A subquery in it has been told: EXISTS (SELECT …).
    if (!isForeign && node.arguments.some((argument) => argument.kind === 'error')) return;
    const shown = prefix === null ? name.text : `System.${name.text}`;
    found.report(
      catalogue.unknownFunction,
      name.span,
      shown,
      prefix === null ? functionAdvice(name.text) : 'System.Timestamp() or System.Window()',
    );
    if (isForeign) found.explained({ start: name.span.end, end: node.span.end });
  }
}

function checkUserFunction({ node, form }: BoundCall, found: Findings, model: Pick<BoundModel, 'declarations'>): void {
  const { functions } = model.declarations;
  if (functions === null) return;
  const wanted = form === 'udf' ? 'scalar' : 'aggregate';
  const declared = functions.find(
    (candidate) => candidate.name.toLowerCase() === node.name.text.toLowerCase() && candidate.kind === wanted,
  );
  if (declared === undefined) {
    const near = nearest(
      node.name.text,
      functions.filter((candidate) => candidate.kind === wanted).map((candidate) => candidate.name),
    );
    found.report(
      catalogue.unknownUserFunction,
      node.name.span,
      `${form}.${node.name.text}`,
      near === null ? null : `${form}.${near}`,
    );
  } else if (declared.parameterCount != null && declared.parameterCount !== node.arguments.length) {
    found.report(catalogue.argumentCount, node.span, declared.name, `it takes ${declared.parameterCount}`);
  }
}

function checkArguments(call: BoundCall, found: Findings): void {
  const { node, spec } = call;
  if (spec === null) return;
  if (node.arguments.some((argument) => argument.kind === 'error')) return;
  const [first] = node.arguments;
  if (spec.unitFirst && first?.kind !== 'unit') {
    // A word that is no unit has been reported by the parser.
    if (first === undefined) found.report(catalogue.unitMissing, node.span, spec.name);
    return;
  }
  if (spec.name === 'ISFIRST' && first?.kind === 'unit' && !isWindowUnit(first.unit))
    found.report(catalogue.argumentValue, first.span, spec.name, 'timeunit', 'day or smaller', first.text);
  const star = node.arguments.find((argument) => argument.kind === 'starArgument');
  if (star !== undefined) {
    if (!spec.star) found.report(catalogue.starArgument, star.span, node.name.text);
    if (!spec.star || spec.name === 'COUNT') return;
  }
  const { min, max } = arity(spec);
  const count = node.arguments.length - (spec.unitFirst ? 1 : 0);
  if (count < min || count > max) {
    found.report(catalogue.argumentCount, node.span, spec.name, signaturesText(spec));
    return;
  }
  for (let index = 0; index < count; index++) checkArgument(call, index, found);
}

function checkArgument(call: BoundCall, index: number, found: Findings): void {
  const { node, spec } = call;
  const parameter: Parameter | undefined = spec?.parameters[Math.min(index, spec.parameters.length - 1)];
  const at = index + (spec?.unitFirst === true ? 1 : 0);
  const argument = node.arguments[at];
  const type = call.argumentTypes[at];
  if (spec === null || parameter === undefined || argument === undefined || type == null) return;
  if (parameter.kind === 'integerLiteral') {
    checkDomain(spec.name, parameter, argument, found);
    if (argument.kind !== 'number' || argument.numeric !== 'bigint')
      found.report(catalogue.literalArgument, argument.span, spec.name, parameter.name, 'a whole number');
    return;
  }
  if (parameter.kind === 'numberLiteral') {
    const value = argument.kind === 'number' ? Number(argument.text) : Number.NaN;
    if (!(value >= 0 && value <= 1)) found.report(catalogue.percentile, argument.span, spec.name);
    return;
  }
  const isNumber = parameter.kind === 'number' || parameter.kind === 'integer';
  if (isNumber && type.name === 'nvarchar(max)') {
    const literal = argument.kind === 'string' && (argument.value.trim() === '' || Number.isNaN(Number(argument.value)));
    if (literal)
      found.report(catalogue.argumentType, argument.span, spec.name, parameter.name, wording[parameter.kind], 'a text');
    else found.report(catalogue.textAsNumber, argument.span, spec.name, parameter.name);
    return;
  }
  const isFraction = parameter.kind === 'integer' && argument.kind === 'number' && !Number.isInteger(Number(argument.text));
  if (isFraction) {
    found.report(catalogue.argumentType, argument.span, spec.name, parameter.name, 'a whole number', argument.text);
    return;
  }
  checkDomain(spec.name, parameter, argument, found);
  if (!fits(parameter.kind, type))
    found.report(catalogue.argumentType, argument.span, spec.name, parameter.name, wording[parameter.kind], type.name);
}

/** How a function is called, without its forms with OVER where there are others. */
function signaturesText({ signatures }: FunctionSpec): string {
  const plain = signatures.filter((signature) => !signature.includes(' OVER '));
  return (plain.length === 0 ? signatures : plain).join(' or ');
}

/** A value that is written in the query, against what the function takes. */
function checkDomain(name: string, { name: parameter, domain }: Parameter, argument: Argument, found: Findings): void {
  if (domain === undefined) return;
  const value = argument.kind === 'unit' || argument.kind === 'starArgument' ? null : literalIn(argument);
  if (value === null) return;
  const { min, max, oneOf } = domain;
  const outside =
    typeof value === 'number'
      ? (min !== undefined && value < min) || (max !== undefined && value > max)
      : oneOf !== undefined && !oneOf.includes(value.toLowerCase());
  if (!outside) return;
  const wanted =
    oneOf !== undefined
      ? oneOf.map((one) => `'${one}'`).join(', ')
      : max === undefined
        ? `${min} or more`
        : `from ${min} to ${max}`;
  found.report(catalogue.argumentValue, argument.span, name, parameter, wanted, found.textOf(argument));
}

function literalIn(expression: Expression): number | string | null {
  if (expression.kind === 'number') return Number(expression.text);
  if (expression.kind === 'string') return expression.value;
  if (expression.kind === 'parenthesized') return literalIn(expression.expression);
  if (expression.kind !== 'unary' || expression.operator !== '-') return null;
  const value = literalIn(expression.operand);
  return typeof value === 'number' ? -value : null;
}

const wording: Record<ArgumentKind, string> = {
  value: 'a value',
  number: 'a number',
  integer: 'a whole number',
  text: 'a text',
  datetime: 'a datetime',
  record: 'a record',
  array: 'an array',
  numberLiteral: 'a number',
  integerLiteral: 'a whole number',
  source: 'an input',
  comparable: 'a value that has an order',
  geography: 'a GeoJSON record or a text such as POINT(11.5 48.1)',
};

/** Whether a value of a type can stand for a parameter, perhaps after the conversions that happen by themselves. */
function fits(kind: ArgumentKind, { name }: ValueType): boolean {
  if (name === 'any' || name === 'null') return true;
  switch (kind) {
    case 'number':
    case 'integer':
      return name === 'bigint' || name === 'float' || name === 'bit' || name === 'nvarchar(max)';
    case 'text':
      return name !== 'record' && name !== 'array';
    case 'datetime':
      // The whole event stands for its time: DATEDIFF(minute, input1, input2).
      return name === 'datetime' || name === 'nvarchar(max)' || name === 'record';
    case 'record':
      return name === 'record';
    case 'array':
      return name === 'array';
    case 'comparable':
      return name !== 'record' && name !== 'array';
    case 'geography':
      return name === 'record' || name === 'nvarchar(max)';
    default:
      return true;
  }
}
