/** Findings as the protocol's diagnostics. Must not know when they are sent. */
import { catalogue, type Diagnostic as Finding, type Severity } from '@asaql/parser';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toRange } from './range.ts';

export const diagnosticSource = 'asaql';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const references = new Map(Object.values(catalogue).map(({ code, reference }) => [code, reference]));

/** Rules about what nothing reads: editors show it faded. */
const unnecessary: ReadonlySet<string> = new Set([catalogue.unusedStep.code]);

export function toDiagnostic(document: TextDocument, { code, severity, message, span }: Finding): Diagnostic {
  const href = references.get(code);
  return {
    range: toRange(document, span),
    severity: severities[severity],
    code,
    source: diagnosticSource,
    message,
    ...(href ? { codeDescription: { href } } : {}),
    ...(unnecessary.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}
