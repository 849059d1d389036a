/** Where the thing under the cursor is defined. Pure data: which file an input or a function stands in, others know. */
import type { Span } from '../text/span.ts';
import type { Entity } from './occurrences.ts';
import type { Snapshot } from './snapshot.ts';

export interface Definition {
  /** The name that was asked about. */
  readonly origin: Span;
  /** Places in this text; none for what is defined outside of it. */
  readonly targets: readonly Span[];
  /** What the job defines outside the query. */
  readonly external: { readonly kind: 'input' | 'output' | 'userFunction'; readonly name: string } | null;
}

export function definition(snapshot: Snapshot, offset: number): Definition | null {
  const { occurrences } = snapshot;
  for (const { entity, span } of occurrences.at(offset)) {
    const targets = occurrences
      .of(entity)
      .filter((occurrence) => occurrence.role === 'definition')
      .map((occurrence) => occurrence.span);
    const external = externalOf(entity);
    if (targets.length > 0 || external !== null) return { origin: span, targets, external };
  }
  return null;
}

function externalOf(entity: Entity): Definition['external'] {
  switch (entity.kind) {
    case 'input':
    case 'output':
      return { kind: entity.kind, name: entity.name };
    case 'function':
      return entity.form === 'udf' || entity.form === 'uda' ? { kind: 'userFunction', name: entity.name } : null;
    default:
      return null;
  }
}
