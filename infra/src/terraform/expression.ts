/**
 * Evaluates an expression of Terraform, given what its names mean. What only Azure knows (an id, a key) stays a Reference, and a
 * text with references in it keeps them as `${address}`. Knows no resource.
 */
import { getExpressionAst, type TFExpressionSyntaxTree as Tree } from '@cdktn/hcl2json';

/** An attribute that is known after the deployment only, by its address: `azurerm_eventhub.this["x"].id`. */
export class Reference {
  readonly address: string;
  constructor(address: string) {
    this.address = address;
  }
  toString(): string {
    return `\${${this.address}}`;
  }
}

export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** What names and functions mean. `resolve` gets the first name and returns a value to walk on from. */
export interface Scope {
  readonly resolve: (name: string) => Promise<unknown>;
  readonly functions: Readonly<Record<string, (...values: never[]) => unknown>>;
}

/** A value that answers for its members itself: a resource, whose unknown attributes are references. */
export interface Walkable {
  readonly member: (name: string) => Promise<unknown>;
}

/** The value of a text as it stands in a configuration: a literal, a template, or one expression. */
export async function evaluateText(text: string, scope: Scope): Promise<unknown> {
  if (!text.includes('${')) return text;
  const ast = await getExpressionAst('expression.tf', `"${text}"`);
  if (ast === null) throw new EvaluationError(`No expression: ${text}`);
  return evaluate(ast as Tree.ExpressionType, scope);
}

async function evaluate(node: Tree.ExpressionType, scope: Scope): Promise<unknown> {
  const { children } = node;
  const child = (index: number) => evaluate(children[index] as Tree.ExpressionType, scope);
  switch (node.type) {
    case 'literalValue':
      return literal(node.meta);
    case 'templateWrap':
      return child(0);
    case 'template': {
      const parts = await Promise.all(children.map((part) => evaluate(part, scope)));
      return parts.length === 1 ? parts[0] : parts.map(textOf).join('');
    }
    case 'tuple':
      return Promise.all(children.map((item) => evaluate(item, scope)));
    case 'object':
      return object(node, scope);
    case 'scopeTraversal': {
      const [first, ...rest] = node.meta.traversal;
      return walk(await scope.resolve(first?.segment ?? ''), rest);
    }
    case 'relativeTraversal':
      return walk(await child(0), node.meta.traversal);
    case 'index':
      return member(await child(0), `${await child(1)}`);
    case 'conditional':
      return (await child(0)) === true ? child(1) : child(2);
    case 'unaryOp':
      return node.meta.operator === 'logicalNot' ? !(await child(0)) : -Number(await child(0));
    case 'binaryOp':
      return binary(node.meta.operator, await child(0), await child(1));
    case 'function':
      return call(node.meta.name, await Promise.all(children.map((argument) => evaluate(argument, scope))), scope);
    case 'for':
      return loop(node, scope);
    default:
      throw new EvaluationError(`Not understood: ${node.type} ${node.meta.value}`);
  }
}

function literal({ type, value }: Tree.LiteralValueExpressionMeta): unknown {
  if (type === 'string') return value;
  return JSON.parse(value) as unknown;
}

function textOf(value: unknown): string {
  if (value === null || (typeof value === 'object' && !(value instanceof Reference)))
    throw new EvaluationError(`A template cannot hold ${JSON.stringify(value)}.`);
  return `${value}`;
}

/** Children are key, value, key, value; a bare key has no node of its own. */
async function object(node: Tree.ObjectExpression, scope: Scope): Promise<Record<string, unknown>> {
  const keys = Object.keys(node.meta.items);
  const values = await Promise.all(keys.map((_, index) => evaluate(node.children[2 * index + 1] as Tree.ExpressionType, scope)));
  return Object.fromEntries(keys.map((key, index) => [key.replace(/^"(.*)"$/, '$1'), values[index]]));
}

async function walk(start: unknown, parts: readonly Tree.TerraformTraversalPart[]): Promise<unknown> {
  let value = start;
  for (const part of parts) value = await member(value, part.segment.replace(/^"(.*)"$/, '$1'));
  return value;
}

async function member(value: unknown, name: string): Promise<unknown> {
  if (value instanceof Reference) return new Reference(`${value.address}.${name}`);
  if (typeof value !== 'object' || value === null) throw new EvaluationError(`${JSON.stringify(value)} has no member ${name}.`);
  if ('member' in value && typeof value.member === 'function') return (value as Walkable).member(name);
  if (!Object.hasOwn(value, name)) throw new EvaluationError(`There is no ${name} among ${Object.keys(value).join(', ')}.`);
  return (value as Record<string, unknown>)[name];
}

function binary(operator: string, left: unknown, right: unknown): unknown {
  switch (operator) {
    case 'equal':
      return left === right;
    case 'notEqual':
      return left !== right;
    case 'greaterThan':
      return Number(left) > Number(right);
    case 'logicalAnd':
      return left === true && right === true;
    case 'logicalOr':
      return left === true || right === true;
    default:
      throw new EvaluationError(`Not understood: ${operator}.`);
  }
}

function call(name: string, values: readonly unknown[], scope: Scope): unknown {
  const found = scope.functions[name];
  if (found === undefined) throw new EvaluationError(`Not understood: ${name}().`);
  return (found as (...given: unknown[]) => unknown)(...values);
}

async function loop(node: Tree.ForExpression, scope: Scope): Promise<unknown> {
  const { keyVar, valVar, keyExpression, conditionalExpression } = node.meta;
  const rest = [...node.children];
  const collection = (await evaluate(rest.shift() as Tree.ExpressionType, scope)) as object;
  const key = keyExpression ? (rest.shift() as Tree.ExpressionType) : null;
  const value = rest.shift() as Tree.ExpressionType;
  const condition = conditionalExpression ? (rest.shift() as Tree.ExpressionType) : null;
  const entries: [string, unknown][] = [];
  for (const [index, item] of Object.entries(collection)) {
    const inner: Scope = {
      functions: scope.functions,
      resolve: async (name) => (name === valVar ? item : name === keyVar ? index : scope.resolve(name)),
    };
    if (condition !== null && (await evaluate(condition, inner)) !== true) continue;
    entries.push([key === null ? '' : textOf(await evaluate(key, inner)), await evaluate(value, inner)]);
  }
  return key === null ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
