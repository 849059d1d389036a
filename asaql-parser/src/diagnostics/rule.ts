/** The short way to write a rule of the catalogue. Knows no rule. */
import type { DiagnosticRule, Severity } from './diagnostic.ts';

/** Pages of the language reference and of the product documentation, by the last part of their address. */
export const languageReference = (page: string): string => `https://learn.microsoft.com/stream-analytics-query/${page}`;
export const productArticle = (page: string): string => `https://learn.microsoft.com/azure/stream-analytics/${page}`;

function ruleOf(severity: Severity) {
  return <Facts extends readonly unknown[]>(
    code: string,
    title: string,
    message: (...facts: Facts) => string,
    help: string,
    reference: string | null = null,
  ): DiagnosticRule<Facts> => ({ code, severity, title, message, help, reference });
}

/** A rule about a job as a whole. */
export function ofJob<Facts extends readonly unknown[]>(rule: DiagnosticRule<Facts>): DiagnosticRule<Facts> {
  return { ...rule, ofJob: true };
}

export const error = ruleOf('error');
export const warning = ruleOf('warning');
export const information = ruleOf('information');
export const hint = ruleOf('hint');
