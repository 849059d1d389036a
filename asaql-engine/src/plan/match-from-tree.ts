/** MATCH_RECOGNIZE from the tree. Rules: https://learn.microsoft.com/stream-analytics-query/match-recognize-stream-analytics */
import type { MatchRecognize, Path, Pattern, Expression as Tree } from '@asaql/parser';
import type { Expression } from '../expressions/expression.ts';
import { compileCondition, compileExpression, type Scope } from '../expressions/from-tree.ts';
import { MakeRecord, RowTimestamp } from '../expressions/references.ts';
import { boundedDurationUs } from '../time/duration.ts';
import type { Planner } from './from-tree.ts';
import type { MatchNode, MatchPattern, MatchReading } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import { ListedRelation, sameName, slotOf } from './relation.ts';
import type { Sources } from './select-from-tree.ts';
import { SourcesScope } from './sources-scope.ts';
import { isSystemCall } from './tree-walk.ts';

export function matchFromTree(sources: Sources, match: MatchRecognize, planner: Planner): Sources {
  if (match.pattern === null) throw new PlanError('MATCH_RECOGNIZE needs a PATTERN.', match.span);
  const inner = new SourcesScope(sources.named, planner.dictionary);
  const innerContext = planner.context(inner);
  const names = match.definitions.map(({ name }) => name.text);
  const node = planner.add<MatchNode>({
    kind: 'match',
    source: sources.node,
    slots: [],
    limitUs: boundedDurationUs(match.limit, 'LIMIT DURATION', match.span),
    partition: match.partitionBy.map((key) => compileExpression(key, innerContext)),
    pattern: patternFromTree(match.pattern, names),
    variables: [],
    measures: [],
  });
  const context = planner.context(new MatchScope(node, inner, names, match));
  for (const { name, condition } of match.definitions)
    node.variables.push({ name: name.text, condition: compileCondition(condition, context) });
  for (const measure of match.measures) {
    const expression = compileExpression(measure.expression, context);
    node.measures.push({ name: measure.alias?.text ?? `column${node.measures.length + 1}`, expression });
  }
  // The whole row, for whoever wants it, is one more measure; SELECT * does not list it.
  const listed = node.measures.map(({ name }, slot) => ({ name, slot: () => slot }));
  const record = () => {
    const parts = node.measures.slice(0, listed.length).map(({ name, expression }) => ({ name, value: expression }));
    node.measures.push({ name: '', expression: new MakeRecord(planner.dictionary, parts) });
    return node.measures.length - 1;
  };
  const relation = new ListedRelation(node, listed, record);
  return { node, named: [{ name: match.alias?.text ?? '', hiddenName: null, relation, timestamp: null }] };
}

function patternFromTree(pattern: Pattern, names: readonly string[]): MatchPattern {
  switch (pattern.kind) {
    case 'patternVariable': {
      const index = names.findIndex((name) => sameName(name, pattern.name.text));
      if (index === -1) throw new PlanError(`Pattern variable '${pattern.name.text}' has no definition.`, pattern.span);
      return { kind: 'variable', index };
    }
    case 'patternAny':
      return { kind: 'any' };
    case 'patternSequence':
      return { kind: 'sequence', parts: pattern.parts.map((part) => patternFromTree(part, names)) };
    case 'patternChoice':
      return { kind: 'choice', parts: pattern.parts.map((part) => patternFromTree(part, names)) };
    case 'patternRepeat':
      return { kind: 'repeat', part: patternFromTree(pattern.part, names), min: pattern.min, max: pattern.max };
  }
}

/** In DEFINE and MEASURES: `B.x` is the event being tested, `Max(A.x)` what was matched so far. */
class MatchScope implements Scope {
  readonly #node: MatchNode;
  readonly #inner: SourcesScope;
  readonly #names: readonly string[];
  readonly #match: MatchRecognize;

  constructor(node: MatchNode, inner: SourcesScope, names: readonly string[], match: MatchRecognize) {
    this.#node = node;
    this.#inner = inner;
    this.#names = names;
    this.#match = match;
  }

  replacement(node: Tree): Expression | null {
    if (node.kind !== 'call') return null;
    if (isSystemCall(node, 'timestamp')) return new RowTimestamp(this.#inner.dictionary);
    const name = node.name.text.toLowerCase();
    if (node.prefix !== null) return null;
    if (name === 'classifier') return this.#reading({ function: 'classifier', variable: -1, slot: -1 });
    if (name !== 'min' && name !== 'max' && name !== 'first' && name !== 'last') return null;
    const [argument] = node.arguments;
    const variable = argument?.kind === 'path' ? this.#variable(argument) : -1;
    if (argument?.kind !== 'path' || variable === -1)
      throw new PlanError(`${node.name.text} in MATCH_RECOGNIZE takes one field of a pattern variable.`, node.span);
    return this.#reading({ function: name, variable, slot: this.#slotBehind(argument) });
  }

  path(path: Path): Expression {
    const slot = this.#slotBehind(path);
    const { slots } = this.#node;
    return this.#inner.column(
      slotOf<MatchNode['slots'][number]>(
        slots,
        { kind: 'carried', slot },
        (known) => known.kind === 'carried' && known.slot === slot,
      ),
    );
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

  #variable(path: Path): number {
    return this.#names.findIndex((name) => sameName(name, path.parts[0]?.text ?? ''));
  }

  #slotBehind(path: Path): number {
    const parts = this.#variable(path) === -1 || path.parts.length < 2 ? path.parts : path.parts.slice(1);
    const expression = this.#inner.path({ ...path, parts });
    const slot = Number(expression.key.slice(1));
    if (!expression.key.startsWith('#') || Number.isNaN(slot))
      throw new PlanError('MATCH_RECOGNIZE reads fields of its input: put other expressions into a step.', this.#match.span);
    return slot;
  }

  #reading(reading: MatchReading): Expression {
    const key = JSON.stringify(reading);
    const { slots } = this.#node;
    return this.#inner.column(
      slotOf<MatchNode['slots'][number]>(
        slots,
        { kind: 'reading', reading },
        (known) => known.kind === 'reading' && JSON.stringify(known.reading) === key,
      ),
    );
  }
}
