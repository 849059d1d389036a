/** What a diagnostic is. The catalogue of codes stands in catalogue.ts. */
import type { Span } from '../text/span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A finding about a text: data, never thrown. `code` is stable (`ASA0001`). */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** One line: what is wrong and what to write instead. */
  readonly message: string;
  readonly span: Span;
}
