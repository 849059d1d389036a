/**
 * Expressions to closures over an environment: an array with a slot for each alias. Values that an expression cannot have are `undefined`.
 * It must not know the clauses of a query; subqueries are compiled through the function that is passed in.
 */
import { badRequest, notSupported } from '../cosmos-error.ts';
import { type Json, type JsonObject, setMember } from '../json.ts';
import { aggregates } from './aggregates.ts';
import { arrayFunctions } from './functions/array-functions.ts';
import type { Family, FunctionContext } from './functions/built-in.ts';
import { dateFunctions } from './functions/date-functions.ts';
import { numberFunctions } from './functions/number-functions.ts';
import { stringFunctions } from './functions/string-functions.ts';
import { typeFunctions } from './functions/type-functions.ts';
import { likePattern } from './like-pattern.ts';
import type { Query, Scalar } from './nodes.ts';
import { compareAlike, equals, memberOf, same, type Value } from './values.ts';

export type Env = Value[];
export type Evaluate = (env: Env) => Value;
/** Slots of the aliases that can be seen. */
export type Scope = ReadonlyMap<string, number>;

export type ScalarContext = {
  parameters: ReadonlyMap<string, Json>;
  functions: FunctionContext;
  /** The rows of a subquery, in the environment of the row around it. */
  subquery: (query: Query, scope: Scope) => (env: Env) => Json[];
  /** Takes over single nodes (grouping keys and aggregates); undefined leaves them to the compiler. */
  override?: ((node: Scalar, scope: Scope) => Evaluate | undefined) | undefined;
};

const builtIns: Family = { ...numberFunctions, ...stringFunctions, ...typeFunctions, ...arrayFunctions, ...dateFunctions };

export function compileScalar(node: Scalar, scope: Scope, context: ScalarContext): Evaluate {
  const taken = context.override?.(node, scope);
  if (taken !== undefined) return taken;
  const compile = (part: Scalar): Evaluate => compileScalar(part, scope, context);
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'parameter': {
      const value = parameterValue(node.name, context.parameters);
      return () => value;
    }
    case 'alias': {
      const slot = scope.get(node.name);
      if (slot === undefined) throw badRequest(`Identifier '${node.name}' could not be resolved.`);
      return (env) => env[slot];
    }
    case 'member':
      return compileMember(compile(node.of), node.key.kind === 'literal' ? node.key.value : compile(node.key));
    case 'unary':
      return compileUnary(node.operator, compile(node.operand));
    case 'binary':
      return compileBinary(node.operator, compile(node.left), compile(node.right));
    case 'between': {
      const [value, low, high] = [compile(node.value), compile(node.low), compile(node.high)];
      return (env) => {
        const tested = value(env);
        return and(inequality('>=', tested, low(env)), inequality('<=', tested, high(env)));
      };
    }
    case 'in': {
      const [value, choices] = [compile(node.value), node.choices.map(compile)];
      return (env) => {
        const tested = value(env);
        return tested === undefined ? undefined : choices.some((choice) => same(tested, choice(env)));
      };
    }
    case 'like':
      return compileLike(compile(node.value), compile(node.pattern), node.escape === undefined ? () => '' : compile(node.escape));
    case 'conditional': {
      const [condition, then, otherwise] = [compile(node.condition), compile(node.then), compile(node.otherwise)];
      return (env) => (condition(env) === true ? then(env) : otherwise(env));
    }
    case 'call':
      return compileCall(node.name, node.args.map(compile), context.functions);
    case 'object':
      return compileObject(node.members.map(({ name, value }) => ({ name, value: compile(value) })));
    case 'array': {
      const items = node.items.map(compile);
      return (env) => items.map((item) => item(env)).filter((item) => item !== undefined);
    }
    case 'subquery':
      return compileSubquery(node.use, context.subquery(node.query, scope));
  }
}

export function parameterValue(name: string, parameters: ReadonlyMap<string, Json>): Json {
  const value = parameters.get(name);
  if (value === undefined) throw badRequest(`The query names the parameter '${name}', which is not given.`);
  return value;
}

function compileMember(of: Evaluate, key: Value | Evaluate): Evaluate {
  if (typeof key === 'function') return (env) => memberOf(of(env), key(env));
  return (env) => memberOf(of(env), key);
}

function compileObject(members: { name: string; value: Evaluate }[]): Evaluate {
  return (env) => {
    const object: JsonObject = {};
    for (const { name, value } of members) {
      const member = value(env);
      if (member !== undefined) setMember(object, name, member);
    }
    return object;
  };
}

function compileUnary(operator: string, operand: Evaluate): Evaluate {
  if (operator === 'NOT') {
    return (env) => {
      const value = operand(env);
      return typeof value === 'boolean' ? !value : undefined;
    };
  }
  return (env) => {
    const value = operand(env);
    if (typeof value !== 'number') return undefined;
    return operator === '-' ? -value : operator === '~' ? ~value : value;
  };
}

const arithmetic: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >> right,
  '>>>': (left, right) => left >>> right,
};

function compileBinary(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case 'AND':
      return (env) => {
        const value = left(env);
        return value === false ? false : and(value, right(env));
      };
    case 'OR':
      return (env) => {
        const value = left(env);
        return value === true ? true : or(value, right(env));
      };
    case '??':
      // Gives way for undefined only: null is a value.
      return (env) => {
        const value = left(env);
        return value === undefined ? right(env) : value;
      };
    case '=':
      return (env) => equals(left(env), right(env));
    case '!=':
      return (env) => {
        const equal = equals(left(env), right(env));
        return equal === undefined ? undefined : !equal;
      };
    case '||':
      return (env) => {
        const [a, b] = [left(env), right(env)];
        return typeof a === 'string' && typeof b === 'string' ? a + b : undefined;
      };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (env) => inequality(operator, left(env), right(env));
  }
  const compute = arithmetic[operator];
  if (compute === undefined) throw notSupported(`The operator '${operator}'`);
  return (env) => {
    const [a, b] = [left(env), right(env)];
    if (typeof a !== 'number' || typeof b !== 'number') return undefined;
    const result = compute(a, b);
    return Number.isFinite(result) ? result : undefined;
  };
}

function and(left: Value, right: Value): Value {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : undefined;
}

function or(left: Value, right: Value): Value {
  if (left === true || right === true) return true;
  return left === false && right === false ? false : undefined;
}

function inequality(operator: string, left: Value, right: Value): Value {
  const order = compareAlike(left, right);
  if (order === undefined) return undefined;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function compileLike(value: Evaluate, pattern: Evaluate, escaping: Evaluate): Evaluate {
  let last: { key: string; expression: RegExp } | undefined;
  return (env) => {
    const [text, like, mark] = [value(env), pattern(env), escaping(env)];
    if (typeof text !== 'string' || typeof like !== 'string' || typeof mark !== 'string') return undefined;
    const key = mark + like;
    if (last?.key !== key) last = { key, expression: likePattern(like, mark) };
    return last.expression.test(text);
  };
}

function compileCall(name: string, args: Evaluate[], functions: FunctionContext): Evaluate {
  if (Object.hasOwn(aggregates, name)) throw badRequest(`The aggregate '${name}' can only stand in the SELECT clause.`);
  const found = Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
  if (found === undefined) throw notSupported(`The function '${name}'`);
  if (args.length < found.argsMin || args.length > found.argsMax) {
    throw badRequest(`The function '${name}' cannot be called with ${args.length} argument(s).`);
  }
  const { run } = found;
  return (env) =>
    run(
      args.map((arg) => arg(env)),
      functions,
    );
}

function compileSubquery(use: 'exists' | 'array' | 'scalar', rows: (env: Env) => Json[]): Evaluate {
  if (use === 'exists') return (env) => rows(env).length > 0;
  if (use === 'array') return rows;
  return (env) => {
    const [first, ...more] = rows(env);
    if (more.length > 0) throw badRequest('The cardinality of a scalar subquery result set cannot be greater than one.');
    return first;
  };
}
