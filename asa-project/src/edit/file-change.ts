/** What a command would write into a project. Knows no disk. */

export interface FileChange {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** JSON as the tools write it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

/** What cannot be done to a project: one line that says why and what to do. */
export class ProjectEditError extends Error {
  override readonly name = 'ProjectEditError';
}
