/** A plan in words: what each operator does, what it reads, what it keeps. Knows no running job. */
import { Dictionary } from '../batch/dictionary.ts';
import { type AggregateNode, inputsOf, type PlanNode, type SourceSlot, type WindowPlan } from './nodes.ts';
import { nodesFor, type Plan } from './plan.ts';

export interface ExplainedOperator {
  readonly id: number;
  readonly operator: PlanNode['kind'];
  /** Ids of the operators it reads. */
  readonly reads: readonly number[];
  readonly does: string;
  /** What it keeps between batches; null: nothing. */
  readonly keeps: string | null;
}

/** In order: every operator after those it reads. */
export function explain(plan: Plan): readonly ExplainedOperator[] {
  const nodes = nodesFor(plan, new Dictionary());
  return nodes.map((node) => ({
    id: node.id,
    operator: node.kind,
    reads: inputsOf(node).map((input) => input.id),
    does: doesOf(node),
    keeps: keepsOf(node),
  }));
}

function doesOf(node: PlanNode): string {
  switch (node.kind) {
    case 'source': {
      const time =
        node.timestamp === null ? 'by arrival' : `by ${node.over.length > 0 ? 'the time of each substream' : 'event time'}`;
      return `${node.reference ? 'reference data' : 'stream'} '${node.input}'${node.reference ? '' : ` ${time}`}; decodes ${node.slots.map(slotText).join(', ') || 'nothing'}`;
    }
    case 'filter':
      return `rows where ${node.condition?.key ?? 'true'}`;
    case 'project':
      return `${node.expressions.length} columns`;
    case 'aggregate':
      return `${node.windows.map(windowText).join(', ')}; ${node.keys.length} keys; ${node.aggregates.map(({ kind }) => kind).join(', ') || 'no aggregates'}`;
    case 'analytic':
      return node.analytics.map(({ kind, key }) => `${kind} ${key}`).join('; ');
    case 'join':
      return `${node.outer ? 'left' : 'inner'} join ${node.bound === null ? 'with reference data' : `within ${node.bound.lowUs / 1e6} to ${node.bound.highUs / 1e6} s`} on ${node.leftKeys.length} keys`;
    case 'apply':
      return `${node.outer ? 'outer' : 'cross'} apply of ${node.function === 'elements' ? 'array elements' : 'record properties'}`;
    case 'union':
      return `union of ${node.branches.length} branches in order of time`;
    case 'match':
      return `pattern over ${node.variables.map(({ name }) => name).join(', ')} within ${node.limitUs / 1e6} s`;
    case 'output':
      return `output '${node.output}': ${node.columns.map(({ name }) => name ?? '*').join(', ')}`;
  }
}

function slotText(slot: SourceSlot): string {
  if (slot.kind === 'record') return 'the whole event';
  if (slot.kind === 'metadata') return slot.name;
  const path = slot.path.join('.');
  return slot.kind === 'presence' ? `whether there is ${path}` : path;
}

function windowText(window: WindowPlan): string {
  const seconds = (us: number) => `${us / 1e6} s`;
  switch (window.kind) {
    case 'hopping':
      return window.hopUs === window.sizeUs
        ? `tumbling ${seconds(window.sizeUs)}`
        : `hopping ${seconds(window.sizeUs)} every ${seconds(window.hopUs)}`;
    case 'sliding':
      return `sliding ${seconds(window.sizeUs)}${window.thinUs > 0 ? `, only the newest result in each ${seconds(window.thinUs)}` : ''}`;
    case 'session':
      return `session, timeout ${seconds(window.sizeUs)}, at most ${seconds(window.maxDurationUs)}`;
    default:
      return 'snapshot';
  }
}

function keepsOf(node: PlanNode): string | null {
  switch (node.kind) {
    case 'source':
      return node.reference ? null : 'rows that wait to be in order, and how far each partition has come';
    case 'aggregate':
      return stateOfWindows(node);
    case 'analytic':
      return 'the history of each partition within LIMIT DURATION';
    case 'join':
      return node.bound === null ? 'the reference data' : 'rows of both sides within the bound';
    case 'union':
      return 'rows that another branch may still precede';
    case 'match':
      return 'rows that may still belong to a match';
    default:
      return null;
  }
}

function stateOfWindows(node: AggregateNode): string {
  if (node.windows.some((window) => window.kind === 'sliding'))
    return 'the arguments of every row in the window, and what each group comes to';
  return 'what each group comes to, for each open window';
}
