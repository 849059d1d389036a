/**
 * From the syntax tree of an expression to a compiled one. Knows names only through a `Scope`, no plan and no operators.
 */
import type { Argument, Binary, Call, Case, Cast, InList, Path, Script, Span, Expression as Tree } from '@asaql/parser';
import type { Dictionary } from '../batch/dictionary.ts';
import { PlanError } from '../plan/plan-error.ts';
import { Both, Comparison, Either, InValues, IsNullTest, LikeTest, Not, Truth } from './conditions.ts';
import { Condition, type Expression } from './expression.ts';
import { scalarFunctions } from './functions/index.ts';
import type { FunctionContext } from './functions/signature.ts';
import { Constant, MemberAccess } from './references.ts';
import { Arithmetic, CaseChoice, Coalesce, Conversion, FunctionCall, Negation } from './scalars.ts';
import type { UserFunctions } from './user-functions.ts';
import { checkedInt64, type TypeName, type Value } from './value.ts';
import { type QueryWatch, WatchedCase } from './watched.ts';

/** What names and special calls mean where an expression stands. */
export interface Scope {
  /** An expression that stands for a whole sub-tree (a group key, an aggregate, an analytic function); null when there is none. */
  replacement(node: Tree): Expression | null;
  path(path: Path): Expression;
  /** As `path`, when only whether the value is NULL counts. */
  presence(path: Path): Expression;
  /** A property of what a sub-tree stands for, where it is a column of its own; else null. */
  part(node: Tree, property: string): Expression | null;
  /** The timestamp of a source, when the path is a source's alias (`DATEDIFF(minute, a, b)` in ON); else null. */
  sourceTimestamp(path: Path): Expression | null;
}

export interface CompileContext extends FunctionContext {
  readonly dictionary: Dictionary;
  readonly scope: Scope;
  readonly functions: UserFunctions;
  /** The text of the script, to name expressions in messages. */
  readonly source: SourceText;
  /** Is told which branch of a CASE is taken; null: nobody watches. */
  readonly watch: QueryWatch | null;
  /** Compiled expressions by key: equal ones are worked out once a batch. */
  readonly shared: Map<string, Expression>;
}

export interface SourceText {
  readonly text: string;
  readonly script: Script;
}

export function compileExpression(node: Tree, context: CompileContext): Expression {
  const replaced = context.scope.replacement(node);
  if (replaced !== null) return replaced;
  return share(compileFresh(node, context), context);
}

function share<E extends Expression>(expression: E, context: CompileContext): E {
  const known = context.shared.get(expression.key);
  if (known !== undefined && known.constructor === expression.constructor) return known as E;
  context.shared.set(expression.key, expression);
  return expression;
}

function compileFresh(node: Tree, context: CompileContext): Expression {
  const constant = (value: Value) => new Constant(context.dictionary, value);
  switch (node.kind) {
    case 'number':
      return constant(node.numeric === 'bigint' ? integerLiteral(node.text, node.span) : Number(node.text));
    case 'string':
      return constant(node.value);
    case 'null':
      return constant(null);
    case 'path':
      return context.scope.path(node);
    case 'member':
      return new MemberAccess(compileExpression(node.object, context), node.name.text);
    case 'call':
      return compileCall(node, context);
    case 'cast':
      return compileCast(node, context);
    case 'case':
      return compileCase(node, context);
    case 'parenthesized':
      return compileExpression(node.expression, context);
    case 'unary':
      if (node.operator === 'not') return compileCondition(node, context);
      if (node.operator === '+') return compileExpression(node.operand, context);
      if (node.operator === '-' && node.operand.kind === 'number')
        return negativeLiteral(node.operand.text, node.operand.numeric, node.span, context);
      return new Negation(node.operator, compileExpression(node.operand, context));
    case 'binary':
      return compileBinary(node, context);
    case 'error':
      throw new PlanError('This expression could not be understood.', node.span);
    default:
      throw new PlanError('A condition is no value: use CASE WHEN … THEN 1 ELSE 0 END.', node.span);
  }
}

function integerLiteral(text: string, span: Span): bigint {
  try {
    return checkedInt64(BigInt(text));
  } catch {
    throw new PlanError(`${text} does not fit into a bigint.`, span);
  }
}

function negativeLiteral(text: string, numeric: 'bigint' | 'float', span: Span, context: CompileContext): Expression {
  return new Constant(context.dictionary, numeric === 'bigint' ? integerLiteral(`-${text}`, span) : -Number(text));
}

function compileBinary(node: Binary, context: CompileContext): Expression {
  switch (node.operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '&':
    case '|':
    case '^':
      return new Arithmetic(node.operator, compileExpression(node.left, context), compileExpression(node.right, context));
    default:
      throw new PlanError('A condition is no value: use CASE WHEN … THEN 1 ELSE 0 END.', node.span);
  }
}

const typeNames: { readonly [name: string]: TypeName } = {
  bigint: 'bigint',
  float: 'float',
  nvarchar: 'nvarchar(max)',
  datetime: 'datetime',
  bit: 'bit',
  record: 'record',
  array: 'array',
};

export function typeNameOf(typeName: string, span: Span): TypeName {
  const type = typeNames[typeName];
  if (type === undefined)
    throw new PlanError(`Type '${typeName}' does not exist: use ${Object.values(typeNames).join(', ')}.`, span);
  return type;
}

function compileCast(node: Cast, context: CompileContext): Expression {
  const type = typeNameOf(node.type.typeName, node.type.span);
  const written = context.source.text.slice(node.span.start, node.span.end);
  return new Conversion(compileExpression(node.expression, context), type, node.try, written);
}

function compileCase(node: Case, context: CompileContext): Expression {
  const operand = node.operand === null ? null : compileExpression(node.operand, context);
  const branches = node.branches.map(({ when, then }) => ({
    when:
      operand === null
        ? compileCondition(when, context)
        : share(new Comparison('=', operand, compileExpression(when, context)), context),
    result: compileExpression(then, context),
  }));
  const otherwise = node.otherwise === null ? new Constant(context.dictionary, null) : compileExpression(node.otherwise, context);
  if (context.watch !== null) return new WatchedCase(branches, otherwise, node.span.start, context.watch);
  return new CaseChoice(branches, otherwise);
}

export function compileCondition(node: Tree, context: CompileContext): Condition {
  const replaced = context.scope.replacement(node);
  if (replaced !== null) return replaced instanceof Condition ? replaced : new Truth(replaced);
  return share(conditionFresh(node, context), context);
}

function conditionFresh(node: Tree, context: CompileContext): Condition {
  const value = (part: Tree) => compileExpression(part, context);
  switch (node.kind) {
    case 'parenthesized':
      return compileCondition(node.expression, context);
    case 'unary':
      if (node.operator === 'not') return new Not(compileCondition(node.operand, context));
      break;
    case 'binary':
      if (node.operator === 'and') return new Both(flatten(node, 'and').map((part) => compileCondition(part, context)));
      if (node.operator === 'or') return new Either(flatten(node, 'or').map((part) => compileCondition(part, context)));
      if (isComparison(node.operator)) return new Comparison(node.operator, value(node.left), value(node.right));
      break;
    case 'between': {
      const operand = value(node.operand);
      const { low, high } = { low: value(node.low), high: value(node.high) };
      return node.negated
        ? new Either([new Comparison('<', operand, low), new Comparison('>', operand, high)])
        : new Both([new Comparison('>=', operand, low), new Comparison('<=', operand, high)]);
    }
    case 'in':
      return compileIn(node, context);
    case 'like':
      return new LikeTest(value(node.operand), value(node.pattern), node.negated);
    case 'isNull': {
      const { operand } = node;
      const replaced = context.scope.replacement(operand);
      if (replaced !== null) return new IsNullTest(replaced, node.negated);
      return new IsNullTest(operand.kind === 'path' ? context.scope.presence(operand) : value(operand), node.negated);
    }
    case 'path':
    case 'member':
    case 'call':
    case 'cast':
      return new Truth(value(node));
    default:
      break;
  }
  throw new PlanError('A condition is needed here, not a value: compare it with something.', node.span);
}

function compileIn(node: InList, context: CompileContext): Condition {
  const texts = node.values.map((value) => (value.kind === 'string' ? value.value : null));
  const constantTexts = texts.every((text) => text !== null) ? (texts as string[]) : null;
  const values = node.values.map((value) => compileExpression(value, context));
  return new InValues(compileExpression(node.operand, context), values, node.negated, constantTexts);
}

function isComparison(operator: Binary['operator']): operator is '=' | '<>' | '<' | '<=' | '>' | '>=' {
  return ['=', '<>', '<', '<=', '>', '>='].includes(operator);
}

/** The parts of a chain of AND or OR. */
export function flatten(node: Tree, operator: 'and' | 'or'): readonly Tree[] {
  if (node.kind === 'parenthesized') return flatten(node.expression, operator);
  if (node.kind !== 'binary' || node.operator !== operator) return [node];
  return [...flatten(node.left, operator), ...flatten(node.right, operator)];
}

function compileCall(call: Call, context: CompileContext): Expression {
  const name = call.name.text.toLowerCase();
  const place = `At ${placeOf(call.span, context)}.`;
  if (call.prefix === 'udf') {
    const evaluate = context.functions.scalar(call.name.text);
    if (evaluate === null) throw new PlanError(`Function 'udf.${call.name.text}' is unknown.`, call.span);
    return new FunctionCall(
      context.dictionary,
      `udf.${name}`,
      call.arguments.map((part) => compileArgument(part, context)),
      place,
      evaluate,
    );
  }
  if (call.prefix !== null) throw new PlanError(`'${call.prefix}.${call.name.text}' cannot be used here.`, call.span);
  if (call.over !== null) throw new PlanError(`Function '${call.name.text}' takes no OVER clause.`, call.span);
  if (name === 'coalesce') return new Coalesce(call.arguments.map((part) => compileArgument(part, context)));
  const known = scalarFunctions.get(name);
  if (known === undefined) {
    throw new PlanError(
      `Function '${call.name.text}' is either not supported or not usable in this context. User defined function calls must start with "udf." prefix. Aggregate functions must be used together with a GROUP BY clause.`,
      call.span,
    );
  }
  const rest = known.unitFirst ? call.arguments.slice(1) : call.arguments;
  if (rest.length < known.minArguments || rest.length > known.maxArguments) {
    throw new PlanError(`Function '${known.name}' does not take ${call.arguments.length} arguments.`, call.span);
  }
  if (!known.unitFirst) {
    const parts = rest.map((part) => compileArgument(part, context));
    return new FunctionCall(context.dictionary, name, parts, place, (args) => known.evaluate(args, context));
  }
  const unit = call.arguments[0];
  if (unit?.kind !== 'unit')
    throw new PlanError(`The first argument of '${known.name}' must be a date part such as minute.`, call.span);
  const parts = rest.map(
    (part) => (part.kind === 'path' ? context.scope.sourceTimestamp(part) : null) ?? compileArgument(part, context),
  );
  return new FunctionCall(context.dictionary, `${name}:${unit.unit}`, parts, place, (args) =>
    known.evaluate(unit.unit, args, context),
  );
}

function compileArgument(argument: Argument, context: CompileContext): Expression {
  if (argument.kind === 'starArgument') throw new PlanError("'*' cannot be an argument of this function.", argument.span);
  if (argument.kind === 'unit') {
    // A date part that stands where a value is wanted is a column of that name (`day`, `hour`).
    const name = { kind: 'name', text: argument.text, quoting: 'none', span: argument.span } as const;
    return compileExpression({ kind: 'path', parts: [name], span: argument.span }, context);
  }
  return compileExpression(argument, context);
}

/** `line 3, column 7`, from 1. */
export function placeOf(span: Span, context: { readonly source: SourceText }): string {
  const before = context.source.text.slice(0, span.start).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
