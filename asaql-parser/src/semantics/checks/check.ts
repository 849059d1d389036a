/** What a check is. Knows no rule. */
import { type Diagnostic, type DiagnosticRule, diagnose, type Severity } from '../../diagnostics/diagnostic.ts';
import type { ParseResult } from '../../parser/parse.ts';
import type { Expression } from '../../syntax/nodes.ts';
import type { Places } from '../../text/places.ts';
import type { Span } from '../../text/span.ts';
import type { BoundSelect, Model } from '../model.ts';

export type BoundModel = Omit<Model, 'diagnostics'>;

/**
 * Looks at one SELECT and at nothing of the script besides: what it finds is kept for as long as the SELECT and what it
 * reads stay the same.
 */
export type SelectCheck = (select: BoundSelect, found: Findings, job: Pick<BoundModel, 'declarations'>) => void;

/** Looks at the whole script. */
export type ScriptCheck = (model: BoundModel, found: Findings) => void;

/** The SELECT that each step begins with, by the name of the step in lower case. */
export function firstSelectOfSteps({ selects }: BoundModel): ReadonlyMap<string, BoundSelect> {
  const found = new Map<string, BoundSelect>();
  for (const select of selects) {
    const key = select.step?.name.text.toLowerCase();
    if (key !== undefined && !found.has(key)) found.set(key, select);
  }
  return found;
}

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

  constructor(text: string, broken: Places) {
    this.text = text;
    this.broken = broken;
  }

  addAll({ diagnostics, explainedPlaces }: Pick<Findings, 'diagnostics' | 'explainedPlaces'>): void {
    for (const diagnostic of diagnostics) this.diagnostics.push(diagnostic);
    for (const place of explainedPlaces) this.explainedPlaces.push(place);
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

  /** Whether a place lies inside one that is explained. */
  isExplained({ start, end }: Span): boolean {
    return this.explainedPlaces.some((place) => place.start <= start && end <= place.end);
  }

  /** What stands behind a place. Only the next three words may matter: a change further on does not call for another look. */
  textBehind({ end }: Span): string {
    return this.text.slice(end);
  }

  /** The text of an expression, on one line, for a message. */
  textOf(node: Expression | { readonly span: Span }): string {
    const written = this.text.slice(node.span.start, node.span.end).replace(/\s+/g, ' ');
    return written.length > 60 ? `${written.slice(0, 60)}…` : written;
  }
}
