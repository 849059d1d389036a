/** The project on disk around a document of an editor. Must not know the protocol. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentProject } from '@asaql/language-server';
import { declaredIn } from '../check/check-files.ts';
import { projectAround, readQueryProject } from '../check/query-project.ts';

/** null for what lies in no project, or in no folder at all. Rejects with a UsageError where a file cannot be read. */
export async function projectOf(uri: string): Promise<DocumentProject | null> {
  if (!uri.startsWith('file:')) return null;
  const path = fileURLToPath(uri);
  const folder = projectAround(path);
  if (folder === null) return null;
  const { project, declarations } = await declaredIn(readQueryProject(folder));
  return { declarations, isWholeJob: project.startFile === null || resolve(project.startFile.path) === resolve(path) };
}
