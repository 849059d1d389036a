/** Outputs/*.json. Knows no other folder. */
import type { ProjectOutput } from '../project/project.ts';
import type { JsonDocument } from '../text/json-document.ts';
import { outputSinks } from './data-sources.ts';
import { readDataSource } from './read-data-source.ts';
import { contentOf, isTaken, requiredName } from './read-inputs.ts';

export function readOutputs(definitions: readonly JsonDocument[]): readonly ProjectOutput[] {
  const found = new Map<string, ProjectOutput>();
  for (const { root, path } of definitions) {
    if (root === null) continue;
    const name = requiredName(root, path);
    if (isTaken(found, name, root, 'Name')) continue;
    found.set(name.toLowerCase(), {
      ...{ name, path, sink: readDataSource(root, outputSinks), serialization: contentOf(root.object('Serialization')) },
      ...{ minimumRows: root.number('MinimumRows'), maximumTime: root.text('MaximumTime') },
    });
  }
  return [...found.values()];
}
