/** Diagnostics as compilers print them, and with lines and columns from 1. Must not know where they come from. */
import { type Diagnostic, lineIndex, type Severity } from '@asaql/parser';

/** Lines and columns count from 1; the end is behind the last character. */
export interface LocatedDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function locate(text: string, diagnostics: readonly Diagnostic[]): readonly LocatedDiagnostic[] {
  const { positionOf } = lineIndex(text);
  return diagnostics.map(({ code, severity, message, span }) => {
    const [start, end] = [positionOf(span.start), positionOf(span.end)];
    return {
      ...{ code, severity, message },
      ...{ startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    };
  });
}

/** `file:line:column severity code message`, a line each. */
export function printed(file: string, diagnostics: readonly LocatedDiagnostic[]): string {
  return diagnostics
    .map(
      ({ startLine, startColumn, severity, code, message }) =>
        `${file}:${startLine}:${startColumn} ${severity} ${code} ${message}\n`,
    )
    .join('');
}
