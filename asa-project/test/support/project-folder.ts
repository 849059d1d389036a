/** A project's folder on the disk, in memory: the room itself knows no disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type MemoryFiles, memoryFiles } from '../../src/index.ts';

const corpus = join(import.meta.dirname, '..', 'corpus');

export const projectFolders: Readonly<Record<string, string>> = {
  ours: join(import.meta.dirname, '..', '..', '..', 'stream-analytics'),
  'Visual Studio': join(corpus, 'cold-chain-vs'),
  'functions and reference data': join(corpus, 'toll-road'),
};

export function filesOf(folder: string): MemoryFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return memoryFiles(
    Object.fromEntries(
      paths.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length + 1).replaceAll(sep, '/'), readFileSync(path)];
      }),
    ),
  );
}
