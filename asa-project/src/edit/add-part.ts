/** Adds a part to a project: its files, and a line in the project's main file. Writes nothing itself. */
import { caselessPath } from '../files/caseless-path.ts';
import { type ProjectFiles, readText } from '../files/project-files.ts';
import { withConfigure } from '../formats/read-visual-studio-project.ts';
import type { Project } from '../project/project.ts';
import { JsonDocument } from '../text/json-document.ts';
import { type FileChange, ProjectEditError } from './file-change.ts';

/** As asaproj.json calls them. */
export type SubType = 'Input' | 'InputMock' | 'Output' | 'JSFunction' | 'JobConfig';

/** Throws a ProjectEditError for a name that is taken or cannot be a file's, and where a file is there already. */
export async function addPart(
  files: ProjectFiles,
  project: Project,
  part: { readonly name: string; readonly kind: 'input' | 'output' | 'function'; readonly files: readonly FileChange[] },
): Promise<readonly FileChange[]> {
  checkName(part.name);
  const named = {
    input: project.inputs.filter(({ path }) => path !== null),
    output: project.outputs,
    function: project.functions,
  }[part.kind];
  const taken = named.find(({ name }) => name.toLowerCase() === part.name.toLowerCase());
  if (taken !== undefined)
    throw new ProjectEditError(`The ${part.kind} '${taken.name}' is there already (${taken.path ?? 'without a definition'}).`);
  for (const { path } of part.files) {
    const found = await caselessPath(files, path);
    if (found !== null) throw new ProjectEditError(`${found} is there already: it is not overwritten.`);
  }
  const subType = { input: 'Input', output: 'Output', function: 'JSFunction' } as const;
  const listed = part.files
    .filter(({ path }) => path.endsWith('.json'))
    .map(({ path }) => ({ path, subType: subType[part.kind] }));
  return [...part.files, ...(await listing(files, project, listed))];
}

/** The main file with more files listed; those that it lists already are left alone. Nothing where there is no main file. */
export async function listing(
  files: ProjectFiles,
  project: Project,
  parts: readonly { readonly path: string; readonly subType: SubType }[],
): Promise<readonly FileChange[]> {
  const path = project.manifestPath;
  const before = path === null ? null : await readText(files, path);
  if (path === null || before === null) return [];
  let text = before;
  for (const part of parts) {
    if (text.toLowerCase().replaceAll(/\\+/g, '/').includes(`"${part.path.toLowerCase()}"`)) continue;
    text =
      project.layout === 'visual-studio'
        ? withConfigure(text, part.path, part.subType)
        : new JsonDocument(path, text).withItem('configurations', { filePath: part.path, subType: part.subType });
  }
  return text === before ? [] : [{ path, text }];
}

/** Names of inputs and outputs are 3 to 63 letters, digits, `-` and `_` in Azure; ours may be shorter. */
function checkName(name: string): void {
  if (!/^[\w-]{1,63}$/.test(name))
    throw new ProjectEditError(`'${name}' is no name: write 1 to 63 letters, digits, hyphens and underscores.`);
}
