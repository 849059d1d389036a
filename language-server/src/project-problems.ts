/** Shows what is wrong with the files of projects beside them, and takes it back when it is mended. Knows no editor. */
import { type Diagnostic, DiagnosticSeverity, type PublishDiagnosticsParams } from 'vscode-languageserver/node';
import type { DocumentProject } from './host.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

export class ProjectProblems {
  readonly #send: (params: PublishDiagnosticsParams) => void;
  /** By folder: what was sent last, by file. */
  readonly #shown = new Map<string, ReadonlyMap<string, string>>();

  constructor(send: (params: PublishDiagnosticsParams) => void) {
    this.#send = send;
  }

  /** Files that were shown and are fine now are told so. */
  show({ folder, problems }: Pick<DocumentProject, 'folder' | 'problems'>): void {
    const before = this.#shown.get(folder) ?? new Map<string, string>();
    const now = new Map<string, string>();
    for (const [uri, own] of Map.groupBy(problems, (problem) => problem.uri)) {
      const diagnostics = own.map(diagnosticOf);
      const text = JSON.stringify(diagnostics);
      now.set(uri, text);
      if (before.get(uri) !== text) this.#send({ uri, diagnostics });
    }
    for (const uri of before.keys()) if (!now.has(uri)) this.#send({ uri, diagnostics: [] });
    this.#shown.set(folder, now);
  }
}

function diagnosticOf(problem: DocumentProject['problems'][number]): Diagnostic {
  const { code, severity, key, message, startLine, startColumn, endLine, endColumn } = problem;
  return {
    ...{ code, severity: severities[severity], source: 'asaql', message: key === null ? message : `${key}: ${message}` },
    range: {
      start: { line: startLine - 1, character: startColumn - 1 },
      end: { line: endLine - 1, character: endColumn - 1 },
    },
  };
}
