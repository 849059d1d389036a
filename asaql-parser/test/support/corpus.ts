/** The queries that laws are tried on: documented examples and our own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../corpus');

export const corpus: readonly { readonly name: string; readonly text: string }[] = readdirSync(folder)
  .filter((file) => file.endsWith('.asaql'))
  .sort()
  .map((file) => ({ name: file, text: readFileSync(join(folder, file), 'utf8') }));
