/** All places that name the same thing. */
import type { Span } from '../text/span.ts';
import type { Snapshot } from './snapshot.ts';

export interface Reference {
  readonly span: Span;
  readonly role: 'definition' | 'reference';
}

/** In the order of the text, the definition too; empty where nothing is named. */
export function references(snapshot: Snapshot, offset: number): readonly Reference[] {
  const [found] = snapshot.occurrences.at(offset);
  if (found === undefined) return [];
  return snapshot.occurrences.of(found.entity).map(({ span, role }) => ({ span, role }));
}
