/** Writes the generated pages of docs/. Run it after a change of the catalogues: a test compares. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';

const root = dirname(import.meta.dirname);
for (const [path, text] of generatedDocs()) {
  writeFileSync(join(root, path), text);
  console.log(path);
}
