/** What the thing under the cursor is, as Markdown: types, functions in our own words, windows with their next boundaries. */
import { catalogue } from '../diagnostics/catalogue.ts';
import type { FunctionSpec } from '../semantics/functions/function-spec.ts';
import type { BoundSource, BoundStep, Relation } from '../semantics/model.ts';
import type { Column } from '../semantics/types.ts';
import type { Expression, Node, WindowSpecification } from '../syntax/nodes.ts';
import type { Span } from '../text/span.ts';
import { nodePath } from './node-path.ts';
import type { Entity } from './occurrences.ts';
import type { Snapshot } from './snapshot.ts';
import { typeText } from './type-text.ts';
import { boundariesText, durationText, windowText } from './window-words.ts';

export interface Hover {
  readonly span: Span;
  /** Markdown. */
  readonly contents: string;
}

export interface HoverOptions {
  /** A time, in ms since 1970, from which the next boundaries of windows are told; none are told without it. */
  readonly nowMs?: number;
}

const columnsMax = 30;

export function hover(snapshot: Snapshot, offset: number, options: HoverOptions = {}): Hover | null {
  const path = nodePath(snapshot.parsed.script, offset);
  const window = path.findLast((node) => node.kind === 'window' || node.kind === 'windows');
  if (window !== undefined) return windowHover(window, path, options);
  const [found] = snapshot.occurrences.at(offset);
  if (found !== undefined) return { span: found.span, contents: entityText(found.entity, snapshot) };
  return castHover(path, offset) ?? typedHover(path, snapshot);
}

function windowHover(window: Node, path: readonly Node[], { nowMs }: HoverOptions): Hover | null {
  const inner = path.at(-1);
  if (inner?.kind === 'duration') {
    return { span: inner.span, contents: durationText(inner) };
  }
  if (window.kind === 'window') return { span: window.span, contents: oneWindow(window, nowMs) };
  if (window.kind !== 'windows') return null;
  const parts = window.windows.map(({ id, window: one }) => `${id === null ? '' : `**${id}**: `}${oneWindow(one, nowMs)}`);
  return { span: window.span, contents: parts.join('\n\n') };
}

function oneWindow(window: WindowSpecification, nowMs: number | undefined): string {
  const boundaries = nowMs === undefined ? null : boundariesText(window, nowMs);
  const page = `https://learn.microsoft.com/stream-analytics-query/${window.windowKind}-window-azure-stream-analytics`;
  return [windowText(window), boundaries, `[${window.windowKind} window](${page})`].filter((part) => part !== null).join('\n\n');
}

// ---- Entities ----------------------------------------------------------------------------------------------------

function entityText(entity: Entity, snapshot: Snapshot): string {
  switch (entity.kind) {
    case 'function':
      return entity.spec === null ? userFunctionText(entity.name, entity.form, snapshot) : functionText(entity.spec);
    case 'step':
      return stepText(entity.step, snapshot);
    case 'input':
      return inputText(entity.name, entity.relation);
    case 'output':
      return outputText(entity.name, snapshot);
    case 'alias':
      return aliasText(entity.source);
    case 'column': {
      const owner =
        entity.owner === null || entity.owner.name === '' ? '' : ` — column of ${entity.owner.kind} ${entity.owner.name}`;
      return code(`${entity.name}: ${typeText(entity.type)}`) + owner;
    }
    case 'field':
      return `${code(`${entity.name}: any`)} — its type is known only when events arrive`;
    case 'patternVariable':
      return `${code(entity.name)} — name in the pattern of MATCH_RECOGNIZE`;
  }
}

/** A function in our own words, with its signatures and the page that it follows. */
export function functionText(spec: FunctionSpec): string {
  return [code(spec.signatures.join('\n')), spec.summary, `*${spec.family}* · [reference](${spec.reference})`].join('\n\n');
}

function userFunctionText(name: string, form: string, snapshot: Snapshot): string {
  if (form !== 'udf' && form !== 'uda') return `${code(name)}\n\nThere is no such function.`;
  const own = name.split('.').at(-1)?.toLowerCase();
  const declared = snapshot.declarations.functions?.find((candidate) => candidate.name.toLowerCase() === own);
  const count = declared?.parameterCount;
  const takes = count == null ? '' : ` It takes ${count} argument${count === 1 ? '' : 's'}.`;
  return `${code(name)}\n\n${form === 'udf' ? 'A function' : 'An aggregate'} of the job.${takes}`;
}

function stepText({ node, relation }: BoundStep, snapshot: Snapshot): string {
  const readers = snapshot.occurrences.all.filter(
    ({ entity, role }) => entity.kind === 'step' && entity.step.relation === relation && role === 'reference',
  ).length;
  const traits = [relation.windowed ? 'grouped by a window' : '', relation.stream === 'reference' ? 'reference data' : ''];
  const about = [
    'step',
    ...traits.filter(Boolean),
    readers === 0 ? 'never read' : `named ${readers} time${readers === 1 ? '' : 's'}`,
  ];
  return `**${node.name.text}** — ${about.join(', ')}\n\n${columnsText(relation)}`;
}

function inputText(name: string, relation: Relation | null): string {
  const kind = relation?.stream === 'reference' ? 'reference data' : relation?.stream === 'stream' ? 'input, a stream' : 'input';
  return `**${name}** — ${kind}\n\n${relation === null ? '' : columnsText(relation)}`.trimEnd();
}

function outputText(name: string, snapshot: Snapshot): string {
  const written = snapshot.model.outputs.find((output) => output.name.toLowerCase() === name.toLowerCase());
  const declared = snapshot.declarations.outputs?.find((output) => output.name.toLowerCase() === name.toLowerCase());
  const needs = (declared?.neededColumns ?? []).map((column) => `${column.name} (${column.role})`);
  const parts = [`**${name}** — output`, needs.length > 0 ? `It needs ${needs.join(', ')}.` : ''];
  if (written !== undefined) parts.push(columnsText(written.result));
  return parts.filter(Boolean).join('\n\n');
}

function aliasText({ alias, relation, node }: BoundSource): string {
  const of =
    node.kind === 'source' ? `${relation.kind} ${node.name.text}` : relation.kind === 'apply' ? 'the result of APPLY' : 'a query';
  return `**${alias}** — alias of ${of}\n\n${columnsText(relation)}`;
}

function columnsText(relation: Relation): string {
  const shown = relation.columns.slice(0, columnsMax).map((column: Column) => `${column.name}: ${typeText(column.type)}`);
  if (relation.columns.length > columnsMax) shown.push(`… and ${relation.columns.length - columnsMax} more`);
  if (relation.extent !== 'closed') shown.push(shown.length === 0 ? '… columns are not known' : '… and whatever the events have');
  return code(shown.join('\n'));
}

function code(text: string): string {
  return `\`\`\`asaql\n${text}\n\`\`\``;
}

// ---- Other things ------------------------------------------------------------------------------------------------

function castHover(path: readonly Node[], offset: number): Hover | null {
  const cast = path.at(-1);
  if (cast?.kind !== 'cast') return null;
  const word = cast.try ? 'TRY_CAST' : 'CAST';
  if (offset > cast.span.start + word.length) return null;
  const span = { start: cast.span.start, end: cast.span.start + word.length };
  const text = cast.try
    ? `Converts to ${cast.type.typeName}; NULL if that is not possible.`
    : `Converts to ${cast.type.typeName}; the job stops if that is not possible.`;
  return {
    span,
    contents: `${code(`${word}(expression AS ${cast.type.typeName})`)}\n\n${text} [reference](${catalogue.castPayload.reference})`,
  };
}

const untyped = new Set<Expression['kind']>(['error', 'string', 'number', 'null', 'parenthesized']);

/** The type of an expression, on one of its operators or brackets. */
function typedHover(path: readonly Node[], snapshot: Snapshot): Hover | null {
  const node = path.at(-1) as Expression | undefined;
  if (node === undefined || untyped.has(node.kind)) return null;
  for (const select of snapshot.model.selects) {
    const type = select.types.get(node);
    if (type !== undefined && type.name !== 'any') return { span: node.span, contents: code(typeText(type)) };
  }
  return null;
}
