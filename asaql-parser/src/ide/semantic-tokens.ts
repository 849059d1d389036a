/** What each word is, for colours that know more than a grammar of regular expressions can. */
import { walk } from '../syntax/walk.ts';
import type { Span } from '../text/span.ts';
import { type Entity, isImplicit } from './occurrences.ts';
import type { Snapshot } from './snapshot.ts';

export const semanticTokenTypes = [
  'comment',
  'keyword',
  'string',
  'number',
  'operator',
  'function',
  'userFunction',
  'window',
  'input',
  'step',
  'output',
  'alias',
  'column',
  'patternVariable',
  'unit',
  'type',
] as const;
export type SemanticTokenType = (typeof semanticTokenTypes)[number];

export interface SemanticToken {
  readonly span: Span;
  readonly type: SemanticTokenType;
  /** The name is defined here. */
  readonly definition: boolean;
}

/** Tokens in the order of the text, without overlaps. A comment or text may span lines. */
export function semanticTokens(snapshot: Snapshot): readonly SemanticToken[] {
  const names = namesByStart(snapshot);
  const tokens: SemanticToken[] = [];
  for (const [index, token] of snapshot.parsed.tokens.entries()) {
    const { span, kind } = token;
    const name = names.get(span.start);
    if (name !== undefined) tokens.push({ span, ...name });
    else if (
      token.text.toUpperCase() === 'DURATION' &&
      !/\bLIMIT\s*$/i.test(snapshot.text.slice(Math.max(0, span.start - 20), span.start))
    )
      tokens.push({ span, type: 'window', definition: false });
    else if (kind === 'comment' || kind === 'keyword' || kind === 'string' || kind === 'number' || kind === 'operator')
      tokens.push({ span, type: kind, definition: false });
    else if (kind === 'name') {
      // Windows lose the names of their parts in the tree.
      const called = snapshot.parsed.tokens.slice(index + 1, index + 3).find(({ kind: next }) => next !== 'whitespace');
      if (called?.text === '(') tokens.push({ span, type: 'window', definition: false });
    }
  }
  return tokens;
}

function namesByStart(
  snapshot: Snapshot,
): ReadonlyMap<number, { readonly type: SemanticTokenType; readonly definition: boolean }> {
  const names = new Map<number, { type: SemanticTokenType; definition: boolean }>();
  const { occurrences, parsed, text } = snapshot;
  for (const occurrence of occurrences.all) {
    const { entity, role, name } = occurrence;
    if (name === null || (isImplicit(occurrence) && names.has(name.span.start))) continue;
    names.set(name.span.start, { type: typeOf(entity), definition: role === 'definition' });
  }
  walk(parsed.script, (node) => {
    if (node.kind === 'name') {
      if (!names.has(node.span.start)) names.set(node.span.start, { type: 'column', definition: false });
    } else if (node.kind === 'unit') names.set(node.span.start, { type: 'unit', definition: false });
    else if (node.kind === 'dataType') names.set(node.span.start, { type: 'type', definition: false });
    else if (node.kind === 'duration') {
      const unit = /^\s*(?:LIMIT\s+)?(?:\w+\s*\(\s*)?/i.exec(text.slice(node.span.start, node.span.end))?.[0].length ?? 0;
      const isShort = !text.slice(node.span.start, node.span.end).includes('(');
      const start = node.span.start + (isShort ? 0 : unit);
      if (/[A-Za-z]/.test(text[start] ?? '')) names.set(start, { type: 'unit', definition: false });
    } else if (node.kind === 'call' && node.prefix !== null) {
      const type = node.prefix === 'system' ? 'function' : 'userFunction';
      if (node.span.start !== node.name.span.start) names.set(node.span.start, { type, definition: false });
    }
    return true;
  });
  return names;
}

function typeOf(entity: Entity): SemanticTokenType {
  switch (entity.kind) {
    case 'function':
      if (entity.form === 'udf' || entity.form === 'uda') return 'userFunction';
      return entity.spec?.kind === 'window' || entity.spec?.kind === 'windowArgument' ? 'window' : 'function';
    case 'field':
      return 'column';
    default:
      return entity.kind;
  }
}
