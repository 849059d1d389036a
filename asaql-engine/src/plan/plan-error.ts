/** A query that cannot be run as it is written: refused when it is compiled, with the construct and its place. */
import type { Span } from '@asaql/parser';

export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}
