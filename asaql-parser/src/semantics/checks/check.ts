/** What a check is. Knows no rule. */
import { type Diagnostic, type DiagnosticRule, diagnose, type Severity } from '../../diagnostics/diagnostic.ts';
import type { ParseResult } from '../../parser/parse.ts';
import type { Expression } from '../../syntax/nodes.ts';
import { Places } from '../../text/places.ts';
import type { Span } from '../../text/span.ts';
import type { BoundSelect, Model } from '../model.ts';

export type BoundModel = Omit<Model, 'diagnostics'>;

/** Looks at one SELECT. */
export type SelectCheck = (select: BoundSelect, found: Findings, model: BoundModel) => void;

/** Looks at the whole script. */
export type ScriptCheck = (model: BoundModel, found: Findings) => void;

/** What could not be read, or belongs to another language. */
export function brokenPlaces({ diagnostics, lost }: ParseResult): readonly Span[] {
  return [...diagnostics.filter(({ severity }) => severity === 'error').map(({ span }) => span), ...lost];
}

/** Where checks put what they find. */
export class Findings {
  readonly diagnostics: Diagnostic[] = [];
  readonly explainedPlaces: Span[] = [];
  private readonly text: string;
  private readonly broken: Places;

  constructor(result: ParseResult) {
    this.text = result.text;
    this.broken = new Places(result.text, brokenPlaces(result), 'none');
  }

  /** Whether a place holds something that could not be read: then it says less than was meant. */
  isBroken({ span }: { readonly span: Span }): boolean {
    return this.broken.touches(span);
  }

  report<Facts extends readonly unknown[]>(rule: DiagnosticRule<Facts>, span: Span, ...facts: Facts): void {
    this.diagnostics.push(diagnose(rule, span, ...facts));
  }

  reportAs<Facts extends readonly unknown[]>(severity: Severity, rule: DiagnosticRule<Facts>, span: Span, ...facts: Facts): void {
    this.diagnostics.push({ ...diagnose(rule, span, ...facts), severity });
  }

  /** What has been said explains everything that is found inside a place. */
  explained(span: Span): void {
    this.explainedPlaces.push(span);
  }

  /** The text of an expression, on one line, for a message. */
  textOf(node: Expression | { readonly span: Span }): string {
    const written = this.text.slice(node.span.start, node.span.end).replace(/\s+/g, ' ');
    return written.length > 60 ? `${written.slice(0, 60)}…` : written;
  }
}
