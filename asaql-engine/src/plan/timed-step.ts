/**
 * TIMESTAMP BY on a step, as the UNION page of the reference writes it: the time is given to the events of the input behind
 * the step, by what the step makes of their fields. Only a step that gives one row an event, from one input, has such a time.
 */
import type { NamedSource, Path, QueryExpression, QuerySpecification, SelectItem, Step, Expression as Tree } from '@asaql/parser';
import type { Expression } from '../expressions/expression.ts';
import { compileExpression, type Scope } from '../expressions/from-tree.ts';
import { MemberAccess } from '../expressions/references.ts';
import type { Planner } from './from-tree.ts';
import { PlanError } from './plan-error.ts';
import { type Relation, type SourceRelation, sameName } from './relation.ts';
import { defaultName, selectFromTree } from './select-from-tree.ts';
import { SourcesScope } from './sources-scope.ts';
import { isAnalyticCall, isSystemCall, someCall } from './tree-walk.ts';

interface PlainSelect {
  readonly select: QuerySpecification;
  readonly source: NamedSource;
}

/** `stepOf`: the step of a name; null for an input. `open`: a reading of an input of its own, yet without a time. */
export function timedStepFromTree(
  source: NamedSource,
  stepOf: (name: string) => Step | null,
  open: (source: NamedSource) => SourceRelation,
  planner: Planner,
): Relation {
  const { timestampBy } = source;
  if (timestampBy === null) throw new Error('A step without TIMESTAMP BY.');
  const chain: PlainSelect[] = [];
  let reading: NamedSource = source;
  for (let step = stepOf(reading.name.text); step !== null; step = stepOf(reading.name.text)) {
    const plain = plainSelect(step, source);
    chain.unshift(plain);
    reading = plain.source;
  }
  const input = open(reading);
  const { node } = input;
  let scope: Scope = new SourcesScope(
    [{ name: nameOf(reading), hiddenName: null, relation: input, timestamp: null }],
    planner.dictionary,
  );
  chain.forEach(({ select, source: inner }, index) => {
    const outer = chain[index + 1]?.source ?? source;
    scope = new StepColumnsScope(nameOf(outer), nameOf(inner), select.items, scope, planner);
  });
  const context = planner.context(scope);
  node.timestamp = compileExpression(timestampBy.expression, context);
  node.over = timestampBy.over.map((key) => compileExpression(key, context));
  return chain.reduce<Relation>((relation, { select }) => selectFromTree(select, planner, relation), input);
}

function nameOf(source: NamedSource): string {
  return source.alias?.text ?? source.name.text;
}

function plainSelect(step: Step, place: NamedSource): PlainSelect {
  const select = withoutParentheses(step.body);
  const refuse = (why: string): never => {
    throw new PlanError(
      `TIMESTAMP BY on step '${step.name.text}' has no meaning: ${why}. Put it on the input that the step reads.`,
      place.timestampBy?.span ?? place.span,
    );
  };
  if (select.kind !== 'select') return refuse('it joins branches of several times');
  const { from } = select;
  if (from === null || from.source.kind !== 'source') return refuse('it reads no input');
  if (from.joins.length > 0 || from.matchRecognize !== null) return refuse('its rows are not those of one input');
  if (select.groupBy !== null) return refuse('a window gives its rows their time');
  if (from.source.timestampBy !== null) return refuse('its input has a TIMESTAMP BY of its own');
  const used = [select.where, select.having, ...select.items.map((item) => (item.kind === 'item' ? item.expression : null))];
  if (used.some((tree) => someCall(tree, (call) => isAnalyticCall(call) || isSystemCall(call, 'timestamp'))))
    return refuse('it uses the time itself, by an analytic function or System.Timestamp()');
  return { select, source: from.source };
}

function withoutParentheses(query: QueryExpression): QueryExpression {
  return query.kind === 'parenthesizedQuery' ? withoutParentheses(query.query) : query;
}

/** The columns of a step as expressions over the events of its input. */
class StepColumnsScope implements Scope {
  readonly #name: string;
  readonly #innerName: string;
  readonly #items: readonly SelectItem[];
  readonly #inner: Scope;
  readonly #planner: Planner;

  constructor(name: string, innerName: string, items: readonly SelectItem[], inner: Scope, planner: Planner) {
    this.#name = name;
    this.#innerName = innerName;
    this.#items = items;
    this.#inner = inner;
    this.#planner = planner;
  }

  replacement(node: Tree): null {
    if (isSystemCall(node, 'timestamp')) throw new PlanError('System.Timestamp() cannot be used in TIMESTAMP BY.', node.span);
    return null;
  }

  path(path: Path): Expression {
    const qualified = path.parts.length > 1 && sameName(path.parts[0]?.text ?? '', this.#name);
    const parts = qualified ? path.parts.slice(1) : path.parts;
    const [first, ...rest] = parts;
    const wanted = first?.text ?? '';
    const follow = (tree: Tree, names: readonly { readonly text: string }[]) =>
      names.reduce<Expression>(
        (expression, { text }) => new MemberAccess(expression, text),
        compileExpression(tree, this.#planner.context(this.#inner)),
      );
    for (const [index, item] of this.#items.entries()) {
      if (item.kind !== 'item') continue;
      if (sameName(item.alias?.text ?? defaultName(item.expression, index), wanted)) return follow(item.expression, rest);
    }
    for (const item of this.#items) {
      if (item.kind !== 'star') continue;
      const { qualifier } = item;
      const whole =
        qualifier === null || (qualifier.parts.length === 1 && sameName(qualifier.parts[0]?.text ?? '', this.#innerName));
      return whole ? this.#inner.path({ ...path, parts }) : follow(qualifier, parts);
    }
    throw new PlanError(`Column '${wanted}' does not exist in ${this.#name}.`, path.span);
  }

  presence(path: Path): Expression {
    return this.path(path);
  }

  part(): null {
    return null;
  }

  sourceTimestamp(): null {
    return null;
  }
}
