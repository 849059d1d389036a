/** The committed schema is what the bindings of the provider say. They are 267 MB, so that only a server checks it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { extractSchema, schemaFile } from '../terraform-schema/extract-schema.ts';

test('the schema is the one of the provider that the lockfile names', () => {
  assert.equal(extractSchema(), readFileSync(schemaFile, 'utf8'), 'run: node infra/terraform-schema/extract-schema.ts');
});
