/** asaproj.json, as the tools for Visual Studio Code write it. Knows no other file. */
import { joined } from '../files/project-path.ts';
import type { JsonDocument } from '../text/json-document.ts';
import type { JsonObject } from '../text/json-object.ts';
import type { Manifest } from './manifest.ts';

export function readAsaprojJson(document: JsonDocument): Manifest {
  const file = document.root;
  const startFile = file?.text('startFile') ?? null;
  return {
    path: document.path,
    layout: 'vscode',
    name: file?.text('name') ?? null,
    startFile: file === null || startFile === null ? null : named(file, 'startFile', startFile),
    entries: (file?.objects('configurations') ?? []).flatMap((entry) => {
      const [path, subType] = [entry.text('filePath'), entry.text('subType')];
      if (path === null || subType === null) {
        const missing = path === null ? 'filePath' : 'subType';
        if (entry.any(missing) === undefined) entry.tell('PRJ0003', 'error', missing, `${missing} is missing.`);
        return [];
      }
      return [{ ...named(entry, 'filePath', path), subType }];
    }),
  };
}

function named(file: JsonObject, key: string, path: string) {
  return { path: joined('', path), tellMissing: () => file.tell('PRJ0002', 'error', key, `${joined('', path)} does not exist.`) };
}
