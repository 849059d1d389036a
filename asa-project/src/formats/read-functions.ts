/** Functions/NAME.js and NAME.js.json, and what files say of functions in C#. Knows no other folder. */
import { filesIn } from '../files/caseless-path.ts';
import { type ProjectFiles, readTextFile } from '../files/project-files.ts';
import { fileName } from '../files/project-path.ts';
import type { ProjectFunction } from '../project/project.ts';
import { type ContentObject, withSecrets } from '../secret.ts';
import type { JsonDocument } from '../text/json-document.ts';
import type { JsonObject } from '../text/json-object.ts';
import { isTaken } from './read-inputs.ts';

/** Code without a file that declares it is a scalar function of that name, whatever it takes. */
export async function readFunctions(
  files: ProjectFiles,
  definitions: readonly JsonDocument[],
): Promise<readonly ProjectFunction[]> {
  const found = new Map<string, ProjectFunction>();
  const code = new Set<string>();
  for (const { root, path } of definitions) {
    if (root === null) continue;
    const one = await functionFrom(files, root, path);
    if (one.code !== null) code.add(one.code.path);
    if (isTaken(found, one.name, root, 'Name')) continue;
    found.set(one.name.toLowerCase(), one);
  }
  for (const path of await filesIn(files, 'Functions', '.js')) {
    const name = fileName(path).slice(0, -'.js'.length);
    if (code.has(path) || found.has(name.toLowerCase())) continue;
    found.set(name.toLowerCase(), {
      ...{ name, kind: 'scalar', language: 'javascript', path: null, code: await readTextFile(files, path) },
      ...{ parameters: null, returnType: null, content: {} },
    });
  }
  return [...found.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

async function functionFrom(files: ProjectFiles, file: JsonObject, path: string): Promise<ProjectFunction> {
  const code = await codeOf(files, file, path);
  const base = fileName(path).replace(/(\.js)?\.json$/i, '');
  const inputs = file.any('FunctionInputs');
  return {
    name: file.text('Name') ?? base,
    kind: /aggregate/i.test(file.text('Type') ?? '') ? 'aggregate' : 'scalar',
    language: languageOf(file, code !== null),
    path,
    code,
    parameters: Array.isArray(inputs)
      ? file.objects('FunctionInputs').map((one) => ({
          type: one.text('DataType') ?? 'any',
          isConfiguration: one.flag('IsConfigurationParameter') ?? false,
        }))
      : null,
    returnType: file.text('OutputType'),
    content: withSecrets(file.value) as ContentObject,
  };
}

function languageOf(file: JsonObject, hasCode: boolean): ProjectFunction['language'] {
  const said = file.text('ScriptType') ?? '';
  if (/^js/i.test(said) || (said === '' && hasCode)) return 'javascript';
  return /csharp/i.test(said) ? 'csharp' : 'other';
}

async function codeOf(files: ProjectFiles, file: JsonObject, path: string) {
  const isCSharp = /csharp/i.test(file.text('ScriptType') ?? '');
  if (isCSharp) return null;
  const codePath = /\.js\.json$/i.test(path) ? path.slice(0, -'.json'.length) : path.replace(/\.json$/i, '.js');
  const code = await readTextFile(files, codePath);
  if (code === null && /^js/i.test(file.text('ScriptType') ?? ''))
    file.tell('PRJ0002', 'error', 'Name', `The function's code, ${codePath}, does not exist.`);
  return code;
}
