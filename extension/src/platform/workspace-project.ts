/** Stream Analytics projects of the workspace, on any file system that the editor has. Knows no feature. */
import { isProject, type OpenedProject, openProject, type ProjectFiles } from '@asaql/project';
import { FileSystemError, FileType, Uri, workspace } from 'vscode';

export interface FoundProject extends OpenedProject {
  readonly folder: Uri;
}

/** The project that a file lies in, read anew; null where there is none. Rejects with an error of one line. */
export async function projectAround(file: Uri): Promise<FoundProject | null> {
  const root = workspace.getWorkspaceFolder(file)?.uri;
  for (let folder = Uri.joinPath(file, '..'); ; folder = Uri.joinPath(folder, '..')) {
    const files = projectFiles(folder);
    if (await isProject(files)) return { folder, ...(await openProject(files)) };
    if (root === undefined || folder.path === root.path || folder.path.length <= root.path.length || folder.path === '/')
      return null;
  }
}

/** Folders of the workspace that hold a project. */
export async function projectsOfWorkspace(): Promise<readonly FoundProject[]> {
  const manifests = await workspace.findFiles('**/asaproj.json', '**/{node_modules,dist}/**', 50);
  const folders = [...new Set(manifests.map((file) => Uri.joinPath(file, '..').toString()))].sort();
  return Promise.all(
    folders.map(async (text) => {
      const folder = Uri.parse(text);
      return { folder, ...(await openProject(projectFiles(folder))) };
    }),
  );
}

export function projectFiles(folder: Uri): ProjectFiles {
  const at = (path: string) => Uri.joinPath(folder, path);
  return {
    read: (path) => orNull(workspace.fs.readFile(at(path))),
    exists: async (path) => (await orNull(workspace.fs.stat(at(path)))) !== null,
    sizeBytes: async (path) => (await workspace.fs.stat(at(path))).size,
    list: async (path) => {
      const entries = (await orNull(workspace.fs.readDirectory(at(path)))) ?? [];
      return entries
        .map(([name, type]) => ({ name, kind: (type & FileType.Directory) !== 0 ? ('folder' as const) : ('file' as const) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    write: (path, content) => Promise.resolve(workspace.fs.writeFile(at(path), content)),
  };
}

/** What is not there is null; what cannot be read is an error of one line. */
async function orNull<Value>(asked: Thenable<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}
