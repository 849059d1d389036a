/** Wires the operators of a job from the nodes of its plan, and finds the parts that have nothing to do with each other. */
import type { Batch } from '../batch/batch.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { Aggregate } from '../operators/aggregate.ts';
import { Analytic } from '../operators/analytic.ts';
import { Apply } from '../operators/apply.ts';
import { Receiver, Sender } from '../operators/border.ts';
import { Filter } from '../operators/filter.ts';
import { Join } from '../operators/join.ts';
import { Match } from '../operators/match.ts';
import type { Operator } from '../operators/operator.ts';
import { Output } from '../operators/output.ts';
import { Project } from '../operators/project.ts';
import { ReferenceJoin } from '../operators/reference-join.ts';
import { Union } from '../operators/union.ts';
import { frontHalf } from '../plan/front-half.ts';
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
  /** Of a back half: where the rows of a node of the front half come in, by the node's position. */
  readonly receivers: ReadonlyMap<number, Operator>;
}

export function inputOptionsOf(options: CompileOptions, input: string): InputOptions {
  const key = Object.keys(options.inputs).find((name) => name.toLowerCase() === input.toLowerCase());
  return (key === undefined ? undefined : options.inputs[key]) ?? {};
}

/** Which half of a job is wired. What the front half hands over goes to `send`, with the position of its node. */
export type Half = { readonly kind: 'front'; readonly send: (node: number, batch: Batch) => void } | { readonly kind: 'back' };

/** `half`: null for a job that is not cut in two. */
export function wire(
  allNodes: readonly PlanNode[],
  options: CompileOptions,
  dictionary: Dictionary,
  half: Half | null = null,
): Wiring {
  const needed = neededNodes(allNodes);
  const nodes = allNodes.filter((node) => needed.has(node));
  const front = half === null ? null : frontHalf(nodes);
  const isHere = (node: PlanNode) => half === null || front?.has(node) === (half.kind === 'front');
  const byNode = new Map<PlanNode, Operator>();
  const receivers = new Map<number, Operator>();
  const lags = new Map<PlanNode, { input: number; output: number }>();
  nodes.forEach((node, position) => {
    if (!isHere(node)) {
      // The front half has no lags: what it hands over is as far as its time.
      lags.set(node, { input: 0, output: 0 });
      if (half?.kind !== 'back') return;
      const receiver = new Receiver();
      receivers.set(position, receiver);
      byNode.set(node, receiver);
      return;
    }
    const operator = operatorFor(node, options, dictionary);
    byNode.set(node, operator);
    inputsOf(node).forEach((input, port) => {
      byNode.get(input)?.feeds(operator, port);
    });
    const isRead = nodes.some((reader) => !isHere(reader) && inputsOf(reader).includes(node));
    if (half?.kind === 'front' && isRead) operator.feeds(new Sender((batch) => half.send(position, batch)), 0);
    const input = Math.max(0, ...inputsOf(node).map((from) => lags.get(from)?.output ?? 0));
    lags.set(node, { input, output: input + operator.ownLagUs });
  });
  const operators = [...byNode.values()];
  return {
    receivers,
    sources: operators.filter((operator) => operator instanceof Source),
    outputs: operators.filter((operator) => operator instanceof Output),
    operators,
    kinds: new Map([...byNode].map(([node, operator]) => [operator, node.kind])),
    components: componentsOf(nodes).map((members) => ({
      sources: members.flatMap((node) => (node.kind === 'source' && isHere(node) ? [byNode.get(node) as Source] : [])),
      operators: members
        .filter(isHere)
        .map((node) => ({ operator: byNode.get(node) as Operator, inputLagUs: lags.get(node)?.input ?? 0 })),
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

function hasSnapshots(node: PlanNode): boolean {
  return node.kind === 'source' ? node.snapshots : inputsOf(node).some(hasSnapshots);
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
      return node.bound === null ? new ReferenceJoin(node, hasSnapshots(node.right), dictionary) : new Join(node, dictionary);
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
