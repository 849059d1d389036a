/** What the server asks of the program that runs it: the project around a document. Must not know how projects are kept. */
import type { JobDeclarations } from '@asaql/parser';
import type { ProjectProblem } from '@asaql/project';

/** The project that a document lies in. */
export interface DocumentProject {
  /** The URI of its folder. */
  readonly folder: string;
  readonly declarations: JobDeclarations;
  /** Whether the document is the job's whole query, or one of the files that it is combined from. */
  readonly isWholeJob: boolean;
  /** What is wrong with its files, each with the URI of its file. */
  readonly problems: readonly (ProjectProblem & { readonly uri: string })[];
}

export interface LanguageServerHost {
  /**
   * The project around a document, read anew with each call; null where there is none. Rejects with an error of one line
   * where it cannot be read at all: the document is then checked on its own and the line shown.
   */
  readonly projectOf: (uri: string) => Promise<DocumentProject | null>;
}

/** For programs that know no projects: each document is checked on its own. */
export const hostWithoutProjects: LanguageServerHost = { projectOf: () => Promise.resolve(null) };
