/** The project on disk around a document of an editor. Must not know the protocol. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DocumentProject } from '@asaql/language-server';
import { declaredProject, isWholeJob } from '../check/check-files.ts';
import { diskPath, projectAround } from '../project/disk-project.ts';

/** null for what lies in no project, or in no folder at all. Rejects with a UsageError where a file cannot be read at all. */
export async function projectOf(uri: string): Promise<DocumentProject | null> {
  if (!uri.startsWith('file:')) return null;
  const path = fileURLToPath(uri);
  const folder = projectAround(path);
  if (folder === null) return null;
  const declared = await declaredProject(folder);
  const problems = declared.problems.map((problem) => ({
    ...problem,
    uri: pathToFileURL(diskPath(declared, problem.path)).href,
  }));
  return {
    declarations: declared.declarations,
    isWholeJob: isWholeJob(declared, path),
    folder: pathToFileURL(folder).href,
    problems,
  };
}
