/** Wires the operators of a job from the nodes of its plan, and finds the parts that have nothing to do with each other. */
import type { Dictionary } from '../batch/dictionary.ts';
import { Aggregate } from '../operators/aggregate.ts';
import { Analytic } from '../operators/analytic.ts';
import { Apply } from '../operators/apply.ts';
import { Filter } from '../operators/filter.ts';
import { Join } from '../operators/join.ts';
import { Match } from '../operators/match.ts';
import type { Operator } from '../operators/operator.ts';
import { Output } from '../operators/output.ts';
import { Project } from '../operators/project.ts';
import { ReferenceJoin } from '../operators/reference-join.ts';
import { Union } from '../operators/union.ts';
import { inputsOf, type PlanNode } from '../plan/nodes.ts';
import type { CompileOptions, InputOptions } from '../plan/options.ts';
import { Source } from '../time/source.ts';

/** Operators that share a time line, in order: each after those it reads. */
export interface Component {
  readonly sources: readonly Source[];
  readonly operators: readonly { readonly operator: Operator; readonly inputLagUs: number }[];
  timeUs: number;
}

export interface Wiring {
  readonly sources: readonly Source[];
  readonly outputs: readonly Output[];
  /** All operators by node. */
  readonly operators: readonly Operator[];
  readonly kinds: ReadonlyMap<Operator, PlanNode['kind']>;
  readonly components: readonly Component[];
}

export function inputOptionsOf(options: CompileOptions, input: string): InputOptions {
  const key = Object.keys(options.inputs).find((name) => name.toLowerCase() === input.toLowerCase());
  return (key === undefined ? undefined : options.inputs[key]) ?? {};
}

export function wire(allNodes: readonly PlanNode[], options: CompileOptions, dictionary: Dictionary): Wiring {
  const needed = neededNodes(allNodes);
  const nodes = allNodes.filter((node) => needed.has(node));
  const byNode = new Map<PlanNode, Operator>();
  const lags = new Map<PlanNode, { input: number; output: number }>();
  for (const node of nodes) {
    const operator = operatorFor(node, options, dictionary);
    byNode.set(node, operator);
    inputsOf(node).forEach((input, port) => {
      byNode.get(input)?.feeds(operator, port);
    });
    const input = Math.max(0, ...inputsOf(node).map((from) => lags.get(from)?.output ?? 0));
    lags.set(node, { input, output: input + operator.ownLagUs });
  }
  const operators = [...byNode.values()];
  return {
    sources: operators.filter((operator) => operator instanceof Source),
    outputs: operators.filter((operator) => operator instanceof Output),
    operators,
    kinds: new Map([...byNode].map(([node, operator]) => [operator, node.kind])),
    components: componentsOf(nodes).map((members) => ({
      sources: members.flatMap((node) => (node.kind === 'source' ? [byNode.get(node) as Source] : [])),
      operators: members.map((node) => ({ operator: byNode.get(node) as Operator, inputLagUs: lags.get(node)?.input ?? 0 })),
      timeUs: Number.NEGATIVE_INFINITY,
    })),
  };
}

/** What an output needs, directly or not. */
function neededNodes(nodes: readonly PlanNode[]): ReadonlySet<PlanNode> {
  const needed = new Set<PlanNode>();
  const visit = (node: PlanNode): void => {
    if (needed.has(node)) return;
    needed.add(node);
    inputsOf(node).forEach(visit);
  };
  for (const node of nodes) if (node.kind === 'output') visit(node);
  return needed;
}

/** Reference data moves no time, so it connects nothing. */
export function isReference(node: PlanNode): boolean {
  if (node.kind === 'source') return node.reference;
  return inputsOf(node).every(isReference);
}

function componentsOf(nodes: readonly PlanNode[]): readonly (readonly PlanNode[])[] {
  const parent = new Map<PlanNode, PlanNode>();
  const root = (node: PlanNode): PlanNode => {
    const up = parent.get(node) ?? node;
    return up === node ? node : root(up);
  };
  const timed = nodes.filter((node) => !isReference(node));
  for (const node of timed) {
    for (const input of inputsOf(node)) if (!isReference(input)) parent.set(root(input), root(node));
  }
  const members = new Map<PlanNode, PlanNode[]>();
  for (const node of timed) {
    const top = root(node);
    const known = members.get(top);
    if (known === undefined) members.set(top, [node]);
    else known.push(node);
  }
  return [...members.values()];
}

function operatorFor(node: PlanNode, options: CompileOptions, dictionary: Dictionary): Operator {
  switch (node.kind) {
    case 'source':
      return new Source(node, options.policies, inputOptionsOf(options, node.input).partitions ?? 1, dictionary);
    case 'filter':
      if (node.condition === null) throw new Error('A filter without a condition.');
      return new Filter(node.condition, node.carried, dictionary);
    case 'project':
      return new Project(node.expressions);
    case 'aggregate':
      return new Aggregate(node, dictionary);
    case 'analytic':
      return new Analytic(node, dictionary);
    case 'join':
      return node.bound === null ? new ReferenceJoin(node, dictionary) : new Join(node, dictionary);
    case 'apply':
      return new Apply(node, dictionary);
    case 'union':
      return new Union(node, isReference(node), dictionary);
    case 'match':
      return new Match(node, dictionary);
    case 'output':
      return new Output(node);
  }
}
