/** Inputs/*.json: definitions of inputs, and the local ones beside them, in both shapes. Knows no other folder. */
import { caselessPath } from '../files/caseless-path.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { fileName, folderOf, isAbsolute, joined } from '../files/project-path.ts';
import type { LocalInput, ProjectInput } from '../project/project.ts';
import { type ContentObject, shown, withSecrets } from '../secret.ts';
import type { JsonDocument } from '../text/json-document.ts';
import type { JsonObject } from '../text/json-object.ts';
import { referenceSources, streamSources } from './data-sources.ts';
import { readDataSource } from './read-data-source.ts';

/** Local inputs without a definition are inputs too: a project may be run before anything is deployed. */
export async function readInputs(
  files: ProjectFiles,
  definitions: readonly JsonDocument[],
  locals: readonly JsonDocument[],
): Promise<readonly ProjectInput[]> {
  const found = new Map<string, ProjectInput>();
  for (const { root, path } of definitions) {
    if (root === null) continue;
    const input = inputFrom(root, path);
    if (isTaken(found, input.name, root, 'Name')) continue;
    found.set(input.name.toLowerCase(), input);
  }
  const seen = new Set<string>();
  for (const { root, path } of locals) {
    if (root === null) continue;
    const name = root.text('InputAlias') ?? root.text('Name') ?? nameOfFile(path);
    if (seen.has(name.toLowerCase())) {
      root.tell('PRJ0005', 'error', 'InputAlias', `The input '${name}' has another local input already.`);
      continue;
    }
    seen.add(name.toLowerCase());
    const local = await localFrom(files, root, path);
    const input = found.get(name.toLowerCase());
    found.set(name.toLowerCase(), input === undefined ? { ...bare(name, root), local } : { ...input, local });
  }
  return [...found.values()];
}

function inputFrom(file: JsonObject, path: string): ProjectInput {
  const name = requiredName(file, path);
  const kind = kindOf(file);
  return {
    ...bare(name, file),
    path,
    source: readDataSource(file, kind === 'reference' ? referenceSources : streamSources),
    serialization: contentOf(file.object('Serialization')),
    compression: file.text('CompressionType'),
    partitionKey: file.text('PartitionKey'),
  };
}

function bare(name: string, file: JsonObject): ProjectInput {
  return {
    ...{ name, kind: kindOf(file), path: null, source: null, serialization: contentOf(file.object('Serialization')) },
    ...{ compression: null, partitionKey: null, local: null, inlineSample: file.text('Sample') },
  };
}

async function localFrom(files: ProjectFiles, file: JsonObject, path: string): Promise<LocalInput> {
  const format = file.text('Format') ?? file.object('Serialization')?.text('Type') ?? 'Json';
  return { path, format: format.toLowerCase(), samplePath: await sampleOf(files, file, path) };
}

async function sampleOf(files: ProjectFiles, file: JsonObject, path: string): Promise<string | null> {
  const named = file.text('FilePath');
  if (named === null) {
    file.tell('PRJ0003', 'warning', 'FilePath', 'The file of events is missing: write its path, relative to this file.');
    return null;
  }
  if (isAbsolute(named)) {
    file.tell('PRJ0003', 'warning', 'FilePath', `${shown(named, '')} is a path of one machine: write it relative to this file.`);
    return null;
  }
  const sample = joined(folderOf(path), named);
  const found = await caselessPath(files, sample);
  if (found === null) file.tell('PRJ0002', 'warning', 'FilePath', `${sample} does not exist.`);
  return found;
}

export function kindOf(file: JsonObject): 'stream' | 'reference' {
  return /reference/i.test(file.text('Type') ?? '') ? 'reference' : 'stream';
}

/** A definition whose name is missing or cannot be read has that of its file, so that the rest still fits together. */
export function requiredName(file: JsonObject, path: string): string {
  const name = file.text('Name');
  if (name !== null) return name;
  if (file.any('Name') === undefined || file.any('Name') === null || file.any('Name') === '')
    file.tell('PRJ0003', 'error', 'Name', `The name is missing: it is read as '${nameOfFile(path)}'.`);
  return nameOfFile(path);
}

export function isTaken(
  found: ReadonlyMap<string, { readonly path: string | null }>,
  name: string,
  file: JsonObject,
  key: string,
): boolean {
  const other = found.get(name.toLowerCase());
  if (other === undefined) return false;
  file.tell('PRJ0005', 'error', key, `The name '${name}' is taken by ${other.path ?? 'another file'}: give it another one.`);
  return true;
}

export function contentOf(file: JsonObject | null): ContentObject | null {
  return file === null ? null : (withSecrets(file.value) as ContentObject);
}

function nameOfFile(path: string): string {
  return fileName(path)
    .replace(/(\.js)?\.json$/i, '')
    .replace(/^local_/i, '');
}
