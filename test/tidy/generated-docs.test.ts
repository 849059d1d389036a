/** The generated pages of docs/ are those that the catalogues give now. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { generatedDocs } from '../../scripts/generated-docs.ts';
import { constructs } from '../../scripts/language-constructs.ts';

const root = dirname(dirname(import.meta.dirname));

describe('generated pages (node scripts/generate-docs.ts writes them)', () => {
  for (const [path, text] of generatedDocs()) test(path, () => assert.equal(readFileSync(join(root, path), 'utf8'), text));
});

test('every construct is parsed, and a misuse of it is found', () => {
  const rows = (generatedDocs().get('docs/language.md') ?? '').split('\n').map((line) => line.split(' | '));
  for (const { name, bad } of constructs) {
    const row = rows.find(([first]) => first === `| ${name}`);
    assert.equal(row?.[1], 'yes', `${name} is not parsed`);
    assert.notEqual(row?.[2], bad === null ? '' : 'no', `a misuse of ${name} is not found`);
  }
});
