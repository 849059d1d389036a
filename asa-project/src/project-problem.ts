/** What is wrong with a project's files, each at its place. Knows no format. */

export interface ProjectProblem {
  /** Tells one kind of problem from another; see `problemRules`. */
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning' | 'information';
  /** Relative to the project's folder. */
  readonly path: string;
  /** From 1 both; the end is behind the last character. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The key with those around it, such as `EventHubProperties.EventHubName`; null where it is the file as a whole. */
  readonly key: string | null;
  /** One line: what is wrong and what to do. It holds no credential. */
  readonly message: string;
}

export const problemRules = {
  PRJ0001: 'A file cannot be read as what it is.',
  PRJ0002: 'A file that is named is not there.',
  PRJ0003: 'A value is missing or not of its kind.',
  PRJ0004: 'A key is misspelt, or nothing that is known.',
  PRJ0005: 'A name is taken twice.',
  PRJ0006: 'A key or password stands in a file.',
  PRJ0007: 'A profile changes what is not there, or holds a key.',
} as const;

export type ProblemCode = keyof typeof problemRules;

/** Of a file as a whole. */
export function problemOfFile(
  code: ProblemCode,
  path: string,
  message: string,
  severity: ProjectProblem['severity'] = 'error',
): ProjectProblem {
  return { code, severity, path, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, key: null, message };
}

/** `path:line:column severity code key: message`. */
export function printedProblem(problem: ProjectProblem, path = problem.path): string {
  const { startLine, startColumn, severity, code, key, message } = problem;
  return `${path}:${startLine}:${startColumn} ${severity} ${code} ${key === null ? '' : `${key}: `}${message}`;
}
