/** Diagnostics as SARIF 2.1.0, which code hosts show beside the lines: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogue, type Severity } from '@asaql/parser';
import { problemRules } from '@asaql/project';
import type { CheckedFile } from './check-files.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** Paths are relative to `folder` where they lie below it. */
export function sarifLog(files: readonly CheckedFile[], folder: string): object {
  const ofQueries = Object.values(catalogue).sort((a, b) => (a.code < b.code ? -1 : 1));
  const rules = [
    ...ofQueries.map(({ code, title, help, severity, reference }) => ({
      id: code,
      shortDescription: { text: title },
      help: { text: help },
      defaultConfiguration: { level: levels[severity] },
      ...(reference === null ? {} : { helpUri: reference }),
    })),
    ...Object.entries(problemRules).map(([id, title]) => ({ id, shortDescription: { text: title } })),
  ];
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'asaql',
            rules,
          },
        },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(({ file, diagnostics }) =>
          diagnostics.map(({ code, severity, message, startLine, startColumn, endLine, endColumn }) => ({
            ruleId: code,
            ...(indexOf.has(code) ? { ruleIndex: indexOf.get(code) } : {}),
            level: levels[severity],
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(file, folder) },
                  region: { startLine, startColumn, endLine, endColumn },
                },
              },
            ],
          })),
        ),
      },
    ],
  };
}

function uriOf(file: string, folder: string): string {
  const path = isAbsolute(file) ? relative(folder, file) : file;
  if (isAbsolute(path) || path.startsWith('..')) return pathToFileURL(file).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}
