/** What a diagnostic is and how one is made from a rule. The rules stand in catalogue.ts. */
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

/** A kind of finding. `Facts` are what its message is built from. */
export interface DiagnosticRule<Facts extends readonly unknown[] = readonly never[]> {
  /** Stable for ever: people switch rules off by it. */
  readonly code: string;
  readonly severity: Severity;
  /** The rule in a few words, for lists. */
  readonly title: string;
  readonly message: (...facts: Facts) => string;
  /** Why it matters and what to do, for people who want more than the message. */
  readonly help: string;
  /** The reference page that the rule follows; null where it is about the form of the text alone. */
  readonly reference: string | null;
  /** Said of a job as a whole, so not of one of several files that its query is combined from. */
  readonly ofJob?: true;
}

const lineBreak = /[\r\n\u2028\u2029]/;

function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}

export function diagnose<Facts extends readonly unknown[]>(rule: DiagnosticRule<Facts>, span: Span, ...facts: Facts): Diagnostic {
  const message = rule.message(...facts);
  // Facts are often pieces of the text.
  return { code: rule.code, severity: rule.severity, message: lineBreak.test(message) ? onOneLine(message) : message, span };
}

/** The same finding with another severity, where circumstances make it milder. */
export function withSeverity(diagnostic: Diagnostic, severity: Severity): Diagnostic {
  return { ...diagnostic, severity };
}
