/** Each rule of the catalogue: a query that triggers it and one beside it that does not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze, catalogue, type JobDeclarations, parse } from '../../src/index.ts';
import { ruleExamples as examples } from '../support/rule-examples.ts';

function codesOf(query: string, declarations: JobDeclarations | undefined): string[] {
  return analyze(parse(query), declarations).diagnostics.map((diagnostic) => diagnostic.code);
}

describe('every rule is triggered by one query and not by another', () => {
  for (const [name, rule] of Object.entries(catalogue)) {
    test(`${rule.code} ${rule.title}`, () => {
      const { bad, good, job: declarations, goodJob } = examples[name as keyof typeof catalogue];
      assert.ok(codesOf(bad, declarations).includes(rule.code), `${rule.code} is missing: ${codesOf(bad, declarations)}`);
      assert.ok(!codesOf(good, goodJob ?? declarations).includes(rule.code), `${rule.code} is wrong`);
    });
  }
});

test('good examples without declarations have no errors at all', () => {
  for (const { good, job: declarations } of Object.values(examples)) {
    if (declarations !== undefined) continue;
    const errors = analyze(parse(good)).diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    assert.deepEqual(
      errors.map((error) => `${error.code} ${error.message} in ${good}`),
      [],
    );
  }
});

test('codes are unique, well formed, and explained', () => {
  const rules = Object.values(catalogue);
  assert.equal(new Set(rules.map((rule) => rule.code)).size, rules.length);
  for (const rule of rules) {
    assert.match(rule.code, /^ASA\d{4}$/);
    assert.ok(rule.title !== '' && rule.help.endsWith('.'), rule.code);
    assert.ok(rule.reference === null || rule.reference.startsWith('https://learn.microsoft.com/'), rule.code);
  }
});
