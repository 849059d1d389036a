/** What a project's main file lists, whichever tool wrote it. Knows neither format. */

export interface ManifestEntry {
  /** Relative to the project's folder. */
  readonly path: string;
  /** JobConfig, Input, InputMock, Output, JSFunction, CSharpFunction …, as the tools call them. */
  readonly subType: string;
  /** Tells that the file is not there, at the place that names it. */
  readonly tellMissing: () => void;
}

export interface Manifest {
  readonly path: string;
  readonly layout: 'vscode' | 'visual-studio';
  readonly name: string | null;
  readonly startFile: { readonly path: string; readonly tellMissing: () => void } | null;
  readonly entries: readonly ManifestEntry[];
}
