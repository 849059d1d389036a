/**
 * What is other in one query than in another, step by step and output by output, in the words of someone who decides whether to
 * put it into a running job. Comments, white space and the case of keywords make no difference. Knows no Azure.
 */
import {
  type Between,
  createSnapshot,
  type Model,
  type QueryExpression,
  type Relation,
  type Snapshot,
  timeUnitMs,
  typeText,
  type WindowSpecification,
  walk,
} from '@asaql/parser';

export interface PartDifference {
  readonly kind: 'step' | 'output';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What changed, a phrase each: windows, columns, else that conditions or expressions did. */
  readonly details: readonly string[];
}

export interface QueryDifference {
  readonly parts: readonly PartDifference[];
  /** How far back the new query looks: what a restarted job reads again to fill its windows, ms. */
  readonly looksBackMs: number;
}

interface Part {
  readonly kind: 'step' | 'output';
  readonly name: string;
  readonly tokens: string;
  readonly windows: readonly string[];
  readonly columns: ReadonlyMap<string, string> | null;
}

export function queryDifference(before: string, after: string): QueryDifference {
  const [old, fresh] = [createSnapshot(before), createSnapshot(after)];
  const [was, is] = [partsOf(old), partsOf(fresh)];
  const parts: PartDifference[] = [];
  for (const [key, part] of is) {
    const former = was.get(key);
    if (former === undefined) parts.push({ kind: part.kind, name: part.name, change: 'added', details: part.windows });
    else if (former.tokens !== part.tokens)
      parts.push({ kind: part.kind, name: part.name, change: 'changed', details: changesOf(former, part) });
  }
  for (const [key, { kind, name }] of was) if (!is.has(key)) parts.push({ kind, name, change: 'removed', details: [] });
  return { parts, looksBackMs: looksBackMs(fresh.model) };
}

function partsOf(snapshot: Snapshot): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const add = (kind: Part['kind'], name: string, body: QueryExpression, result: Relation) => {
    const key = `${kind}:${name.toLowerCase()}`;
    const before = parts.get(key);
    const tokens = tokensOf(snapshot, body);
    // Several statements may write to one output.
    parts.set(key, {
      kind,
      name,
      tokens: before === undefined ? tokens : `${before.tokens}\n${tokens}`,
      windows: [...(before?.windows ?? []), ...windowsOf(body)],
      columns: columnsOf(result),
    });
  };
  for (const { node, relation } of snapshot.model.steps) add('step', node.name.text, node.body, relation);
  for (const { name, body, result } of snapshot.model.outputs) add('output', name, body, result);
  return parts;
}

function tokensOf({ parsed }: Snapshot, { span }: QueryExpression): string {
  return parsed.tokens
    .filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment')
    .filter((token) => token.span.start >= span.start && token.span.end <= span.end)
    .map(({ kind, text }) => (kind === 'keyword' ? text.toUpperCase() : text))
    .join(' ');
}

function columnsOf({ columns, extent }: Relation): ReadonlyMap<string, string> | null {
  return extent === 'closed' ? new Map(columns.map(({ name, type }) => [name, typeText(type)])) : null;
}

function changesOf(before: Part, after: Part): string[] {
  const details: string[] = [];
  if (before.windows.join() !== after.windows.join())
    details.push(`window ${before.windows.join(', ') || 'none'} → ${after.windows.join(', ') || 'none'}`);
  if (before.columns !== null && after.columns !== null) {
    for (const [name, type] of after.columns) {
      const former = before.columns.get(name);
      if (former === undefined) details.push(`new column ${name} (${type})`);
      else if (former !== type) details.push(`column ${name}: ${former} → ${type}`);
    }
    for (const name of before.columns.keys()) if (!after.columns.has(name)) details.push(`column ${name} is gone`);
  }
  return details.length > 0 ? details : ['expressions or conditions'];
}

function windowsOf(body: QueryExpression): string[] {
  const windows: string[] = [];
  walk(body, (node) => {
    if (node.kind === 'window') windows.push(windowText(node));
    return true;
  });
  return windows;
}

function windowText({ windowKind, size, hop }: WindowSpecification): string {
  const length = (duration: WindowSpecification['size']) => (duration === null ? '' : ` ${duration.amount} ${duration.unit}`);
  return `${windowKind}${length(size)}${hop === null ? '' : ` every${length(hop)}`}`;
}

/** Windows, LIMIT DURATION and the bounds of DATEDIFF, whichever is the longest; steps add up along the way they are read. */
function looksBackMs(model: Model): number {
  const own = (body: QueryExpression): number => {
    let longest = 0;
    walk(body, (node) => {
      if (node.kind === 'duration') longest = Math.max(longest, node.amount * (timeUnitMs(node.unit) ?? 0));
      if (node.kind === 'between') longest = Math.max(longest, joinBoundMs(node));
      return true;
    });
    return longest;
  };
  const total = new Map<string, number>();
  const along = (body: QueryExpression): number => {
    let read = 0;
    walk(body, (node) => {
      if (node.kind === 'source') read = Math.max(read, total.get(node.name.text.toLowerCase()) ?? 0);
      return true;
    });
    return own(body) + read;
  };
  // A step reads steps that stand before it.
  for (const { node } of model.steps) total.set(node.name.text.toLowerCase(), along(node.body));
  return Math.max(0, ...model.outputs.map(({ body }) => along(body)));
}

/** `DATEDIFF(minute, …) BETWEEN 0 AND 5`: five minutes. */
function joinBoundMs({ operand, low, high }: Between): number {
  if (operand.kind !== 'call' || operand.name.text.toLowerCase() !== 'datediff') return 0;
  const [unit] = operand.arguments;
  const unitMs = unit?.kind === 'unit' ? (timeUnitMs(unit.unit) ?? 0) : 0;
  return Math.max(...[low, high].map((bound) => (bound.kind === 'number' ? Number(bound.text) * unitMs : 0)));
}
