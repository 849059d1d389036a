/**
 * Expressions of one SELECT: paths resolved, calls found in the function catalogue, types worked out. Gathers what the
 * checks want to look at, so that the tree is walked once. Reports nothing.
 */
import type { Argument, Binary, Call, Case, Cast, Expression, Over, Path } from '../syntax/nodes.ts';
import { findFunction } from './functions/function-catalogue.ts';
import type { FunctionSpec } from './functions/function-spec.ts';
import type { BoundCall, BoundPath, ConditionMismatch, Place, Resolution } from './model.ts';
import { fieldOf, resolvePath, type Scope } from './resolve-path.ts';
import {
  anyType,
  bigint,
  bit,
  type Column,
  commonType,
  declaredType,
  float,
  isNumeric,
  nullType,
  text,
  type ValueType,
} from './types.ts';

/** The answer of a comparison: no value of the language has this type. */
const condition: ValueType = { name: 'any', fields: [] };

export class ExpressionBinder {
  readonly types = new Map<Expression, ValueType>();
  readonly resolutions = new Map<Path, Resolution>();
  readonly paths: BoundPath[] = [];
  readonly calls: BoundCall[] = [];
  readonly binaries: { node: Binary; place: Place }[] = [];
  readonly casts: Cast[] = [];
  readonly mismatches: ConditionMismatch[] = [];
  private scope: Scope;
  private place: Place = 'select';
  private within: BoundCall | null = null;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  /** Goes on with other names in scope. */
  inScope(scope: Scope): this {
    this.scope = scope;
    return this;
  }

  /** Binds a value. Gives its type. */
  value(expression: Expression, place: Place): ValueType {
    this.place = place;
    return this.operand(expression);
  }

  /** Binds a condition. */
  condition(expression: Expression, place: Place): void {
    this.place = place;
    this.test(expression);
  }

  private operand(expression: Expression): ValueType {
    const type = this.typeOf(expression);
    if (type === condition) {
      this.mismatches.push({ node: expression, wanted: 'value' });
      return anyType;
    }
    return type;
  }

  private test(expression: Expression): void {
    const type = this.typeOf(expression);
    if (type !== condition && expression.kind !== 'error') this.mismatches.push({ node: expression, wanted: 'condition' });
  }

  private typeOf(expression: Expression): ValueType {
    const type = this.find(expression);
    this.types.set(expression, type);
    return type;
  }

  private find(expression: Expression): ValueType {
    switch (expression.kind) {
      case 'number':
        return expression.numeric === 'bigint' ? bigint : float;
      case 'string':
        return text;
      case 'null':
        return nullType;
      case 'path':
        return this.path(expression);
      case 'member':
        return this.member(this.operand(expression.object), expression);
      case 'call':
        return this.call(expression);
      case 'cast':
        this.casts.push(expression);
        this.operand(expression.expression);
        return declaredType(expression.type.typeName, expression.type.argument) ?? anyType;
      case 'case':
        return this.caseOf(expression);
      case 'unary':
        return this.unary(expression);
      case 'binary':
        return this.binary(expression);
      case 'between':
        this.operand(expression.operand);
        this.operand(expression.low);
        this.operand(expression.high);
        return condition;
      case 'in':
        this.operand(expression.operand);
        for (const value of expression.values) this.operand(value);
        return condition;
      case 'like':
        this.operand(expression.operand);
        this.operand(expression.pattern);
        return condition;
      case 'isNull':
        this.operand(expression.operand);
        return condition;
      case 'parenthesized':
        return this.typeOf(expression.expression);
      case 'error':
        for (const part of expression.parts) if (part.kind === 'path') this.path(part);
        return anyType;
    }
  }

  private path(path: Path): ValueType {
    const resolution = resolvePath(path, this.scope);
    this.resolutions.set(path, resolution);
    this.paths.push({ node: path, resolution, place: this.place, within: this.within });
    if (resolution.kind === 'column' || resolution.kind === 'alias') return resolution.type;
    if (resolution.kind === 'event')
      return eventType(resolution.source.relation.columns, resolution.source.relation.extent !== 'closed');
    return anyType;
  }

  private member(object: ValueType, expression: Extract<Expression, { kind: 'member' }>): ValueType {
    return fieldOf(object, expression.name) ?? anyType;
  }

  private unary(expression: Extract<Expression, { kind: 'unary' }>): ValueType {
    if (expression.operator === 'not') {
      this.test(expression.operand);
      return condition;
    }
    return this.operand(expression.operand);
  }

  private binary(expression: Binary): ValueType {
    this.binaries.push({ node: expression, place: this.place });
    const { operator } = expression;
    if (operator === 'and' || operator === 'or') {
      this.test(expression.left);
      this.test(expression.right);
      return condition;
    }
    const left = this.operand(expression.left);
    const right = this.operand(expression.right);
    switch (operator) {
      case '=':
      case '<>':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return condition;
      case '&':
      case '|':
      case '^':
        return left.name === 'bit' && right.name === 'bit' ? bit : bigint;
      case '+':
        if (left.name === 'nvarchar(max)' && right.name === 'nvarchar(max)') return text;
        return isNumeric(left) && isNumeric(right) ? commonType(left, right) : anyType;
      default:
        return isNumeric(left) && isNumeric(right) ? commonType(left, right) : anyType;
    }
  }

  private caseOf(expression: Case): ValueType {
    const { operand } = expression;
    if (operand !== null) this.operand(operand);
    let type: ValueType = nullType;
    for (const branch of expression.branches) {
      if (operand === null) this.test(branch.when);
      else this.operand(branch.when);
      type = commonType(type, this.operand(branch.then));
    }
    return expression.otherwise === null ? type : commonType(type, this.operand(expression.otherwise));
  }

  // ---- Calls -----------------------------------------------------------------------------------------------------

  private call(node: Call): ValueType {
    const inMatch = this.place === 'measures' || this.place === 'define';
    const spec = node.prefix === 'udf' || node.prefix === 'uda' ? null : findFunction(node.prefix, node.name.text, inMatch);
    const bound: BoundCall = {
      node,
      spec,
      form: formOf(node, spec),
      place: this.place,
      within: this.within,
      argumentTypes: [],
      type: anyType,
    };
    this.calls.push(bound);
    const outer = this.within;
    this.within = bound;
    for (const argument of node.arguments) bound.argumentTypes.push(this.argument(argument));
    if (node.over !== null) this.over(node.over);
    this.within = outer;
    bound.type = this.resultOf(bound);
    return bound.type;
  }

  private argument(argument: Argument): ValueType | null {
    return argument.kind === 'unit' || argument.kind === 'starArgument' ? null : this.operand(argument);
  }

  private over(over: Over): void {
    for (const key of over.partitionBy) this.operand(key);
    for (const item of over.orderBy) this.operand(item.expression);
    if (over.when !== null) this.test(over.when);
  }

  private resultOf({ node, spec, argumentTypes }: BoundCall): ValueType {
    if (spec === null) return anyType;
    const values = argumentTypes.filter((type) => type !== null);
    const name = spec.name.toLowerCase();
    if (name === 'topone' && values.length === 0) return this.wholeEvent();
    if ((name === 'lag' || name === 'last') && node.arguments[0]?.kind === 'starArgument') return this.wholeEvent();
    if (name === 'percentile_disc') return (node.over?.orderBy[0] && this.types.get(node.over.orderBy[0].expression)) || anyType;
    return typeof spec.returns === 'function' ? spec.returns(values) : spec.returns;
  }

  /** The record of all columns in scope. */
  private wholeEvent(): ValueType {
    const columns = this.scope.sources.flatMap((source) => source.relation.columns);
    return eventType(
      columns,
      this.scope.sources.some((source) => source.relation.extent !== 'closed'),
    );
  }
}

function eventType(fields: readonly Column[], open: boolean): ValueType {
  return { name: 'record', fields, open };
}

function formOf(node: Call, spec: FunctionSpec | null): BoundCall['form'] {
  if (node.prefix === 'udf') return 'udf';
  if (node.prefix === 'uda') return 'uda';
  switch (spec?.kind) {
    case undefined:
      return 'unknown';
    case 'aggregate': {
      const { over } = node;
      const aggregateForm = over === null || (spec.over?.orderBy === 'required' && over.limit === null);
      return aggregateForm ? 'aggregate' : 'analytic';
    }
    case 'windowArgument':
      return 'window';
    case 'matchRecognize':
      return 'match';
    default:
      return spec?.kind ?? 'unknown';
  }
}
