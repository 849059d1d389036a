/** Which input flows through which steps into which output, as nodes and edges for a diagram. */
import type { Relation } from '../semantics/model.ts';
import type { Column } from '../semantics/types.ts';
import type { NamedSource, QueryExpression, WindowSpecification } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';
import { durationText } from './window-words.ts';

export interface GraphNode {
  /** Unique, the same as long as kind and name are: `step:totals`. */
  readonly id: string;
  readonly kind: 'input' | 'reference' | 'step' | 'output';
  readonly name: string;
  /** Where it is defined or, of inputs and outputs, first named. */
  readonly span: Span;
  readonly columns: readonly Column[];
  /** Others may exist. */
  readonly open: boolean;
  /** What it does besides choosing columns: `filter`, `join`, `union`, `apply`, `pattern`, `tumbling 5 minutes`. */
  readonly traits: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'from' | 'join' | 'leftJoin';
  /** The name in FROM or JOIN. */
  readonly span: Span;
}

export interface StepGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** In the order of the text: inputs before what reads them. */
export function stepGraph(snapshot: Snapshot): StepGraph {
  const { model } = snapshot;
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const stepOf = new Map(model.steps.map((step) => [step.relation, step]));
  const idOf = (relation: Relation, source: NamedSource): string => {
    const step = stepOf.get(relation);
    if (step !== undefined) return stepId(step.node.name.text);
    const kind = relation.stream === 'reference' ? 'reference' : 'input';
    const id = `input:${relation.name.toLowerCase()}`;
    if (!nodes.has(id))
      nodes.set(id, {
        id,
        kind,
        name: relation.name,
        span: source.name.span,
        columns: relation.columns,
        open: relation.extent !== 'closed',
        traits: [],
      });
    return id;
  };
  const read = (body: QueryExpression, to: string): void => {
    for (const { source, kind } of sourcesIn(body)) {
      const relation = model.relationOfSource.get(source);
      if (relation !== undefined && source.name.text !== '')
        edges.push({ from: idOf(relation, source), to, kind, span: source.name.span });
    }
  };
  for (const { node, relation } of model.steps) {
    const id = stepId(node.name.text);
    read(node.body, id);
    nodes.set(id, nodeOf(id, 'step', node.name.text, node.name.span, relation, traitsOf(node.body)));
  }
  for (const { name, node, body, result } of model.outputs) {
    const id = `output:${name.toLowerCase()}`;
    read(body, id);
    const before = nodes.get(id);
    const traits = [...new Set([...(before?.traits ?? []), ...traitsOf(body)])];
    nodes.set(id, before === undefined ? nodeOf(id, 'output', name, node.span, result, traits) : { ...before, traits });
  }
  return { nodes: [...nodes.values()], edges };
}

function stepId(name: string): string {
  return `step:${name.toLowerCase()}`;
}

function nodeOf(
  id: string,
  kind: 'step' | 'output',
  name: string,
  span: Span,
  relation: Relation,
  traits: readonly string[],
): GraphNode {
  return { id, kind, name, span, columns: relation.columns, open: relation.extent !== 'closed', traits };
}

/** Everything that a query reads by name, derived tables too. */
function sourcesIn(body: QueryExpression): readonly { readonly source: NamedSource; readonly kind: GraphEdge['kind'] }[] {
  const joined = new Map<object, GraphEdge['kind']>();
  const found: { source: NamedSource; kind: GraphEdge['kind'] }[] = [];
  walk(body, (node) => {
    if (node.kind === 'join') joined.set(node.source, node.type === 'left' ? 'leftJoin' : 'join');
    else if (node.kind === 'source') found.push({ source: node, kind: joined.get(node) ?? 'from' });
    return true;
  });
  return found;
}

function traitsOf(body: QueryExpression): readonly string[] {
  const traits = new Set<string>();
  walk(body, (node) => {
    if (node.kind === 'union') traits.add('union');
    else if (node.kind === 'join') traits.add(node.type === 'left' ? 'left join' : 'join');
    else if (node.kind === 'apply') traits.add('apply');
    else if (node.kind === 'matchRecognize') traits.add('pattern');
    else if (node.kind === 'window') traits.add(windowTrait(node));
    else if (node.kind === 'select' && (node.where !== null || node.having !== null)) traits.add('filter');
    return true;
  });
  return [...traits];
}

function windowTrait(window: WindowSpecification): string {
  const size = window.size === null ? '' : ` ${durationText(window.size)}`;
  return `${window.windowKind}${size}${window.hop === null ? '' : ` every ${durationText(window.hop)}`}`;
}
