/** The door of projects and query tests. */
export { type MemoryFiles, memoryFiles } from './files/memory-files.ts';
export {
  type ListedFile,
  type ProjectFiles,
  readText,
  readTextFile,
  type TextFile,
  withoutMark,
  writeText,
} from './files/project-files.ts';
export { fileName, folderOf, joined, relativePath } from './files/project-path.ts';
export { CombineError, combineQueries, projectQuery } from './project/combined-query.ts';
export { isProject, type OpenedProject, openProject } from './project/open-project.ts';
export type * from './project/project.ts';
export { type ProblemCode, type ProjectProblem, printedProblem, problemRules } from './project-problem.ts';
export { type Content, type ContentObject, Secret } from './secret.ts';
