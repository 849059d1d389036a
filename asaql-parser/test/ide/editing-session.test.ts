/** Whatever is typed, a session says of the newest text exactly what is said of that text from nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  codeLenses,
  createSnapshot,
  EditingSession,
  foldingRanges,
  inlayHints,
  type JobDeclarations,
  type Snapshot,
  semanticTokens,
  stepGraph,
} from '../../src/index.ts';
import { corpus } from '../support/corpus.ts';
import { fuzzRuns, fuzzSeed, words } from '../support/random-texts.ts';

const job: JobDeclarations = {
  inputs: [
    { name: 'i', kind: 'stream', columns: [{ name: 'a', type: { name: 'float' } }], partitionCount: 4 },
    { name: 'Telemetry', kind: 'stream', columns: null },
  ],
  outputs: [{ name: 'o', neededColumns: [{ name: 'a', role: 'document id' }] }],
  functions: null,
  compatibilityLevel: '1.1',
};

/** All that can be read of a snapshot, as plain data; things that are the same thing have the same number. */
function contents(snapshot: Snapshot): unknown {
  const { parsed, model, occurrences } = snapshot;
  const numbers = new Map<unknown, number>();
  const numberOf = (thing: unknown): number => {
    if (!numbers.has(thing)) numbers.set(thing, numbers.size);
    return numbers.get(thing)!;
  };
  return {
    parsed: { ...parsed, tokens: parsed.tokens },
    diagnostics: model.diagnostics,
    selects: model.selects.map(({ node, step, types, resolutions, paths, calls, ...rest }) => ({
      ...rest,
      node: node.span,
      step: step?.span,
      types: [...types].map(([expression, type]) => [expression.span, type]),
      resolutions: [...resolutions].map(([path, { kind }]) => [path.span, kind]),
      places: paths.map(({ node: path, place }) => [path.span, place]),
      calls: calls.map(({ node: call, form, type }) => [call.span, form, type]),
    })),
    steps: model.steps,
    unions: model.unions,
    outputs: model.outputs,
    inputUses: model.inputUses,
    relations: [...model.relationOfSource].map(([source, relation]) => [source.span, relation.name, numberOf(relation)]),
    stepsRead: [...model.stepsRead],
    occurrences: occurrences.all.map(({ entity, span, role }) => [span, role, entity.kind, entity.name, numberOf(entity)]),
    hints: inlayHints(snapshot),
    lenses: codeLenses(snapshot),
    folds: foldingRanges(snapshot),
    colours: semanticTokens(snapshot),
    graph: stepGraph(snapshot),
  };
}

const bodies = fc.constantFrom(...corpus.map(({ text }) => text.trim()));
const steps = fc.array(
  fc.oneof(
    bodies,
    fc.constantFrom(
      'SELECT a, b AS c, COUNT(*) FROM s0 GROUP BY a, b, TumblingWindow(second, 1)',
      'SELECT * FROM s1 UNION SELECT a FROM s0',
      'SELECT x.a, y.* FROM s0 x JOIN s2 AS y ON x.a = y.a AND DATEDIFF(second, x, y) < 3',
      "SELECT a + 'x' AS a, d FROM i TIMESTAMP BY t PARTITION BY d WHERE a > 1",
      'SELECT a FROM later MINUS',
      'SELECT LAG(*) OVER (LIMIT DURATION(minute, 1)) AS before, nvl(a, 1) FROM s3',
    ),
  ),
  { maxLength: 6 },
);

/** Steps and statements of any kind one behind the other. */
const scripts: fc.Arbitrary<string> = fc.oneof(
  bodies,
  fc
    .record({ steps, tail: fc.array(bodies, { maxLength: 2 }), table: fc.boolean() })
    .map(({ steps: all, tail, table }) =>
      [
        table ? 'CREATE TABLE i (a bigint, t datetime);\n' : '',
        all.length === 0 ? '' : `WITH ${all.map((body, index) => `s${index} AS (\n  ${body}\n)`).join(',\n')}\n`,
        `SELECT a, c INTO o FROM s${all.length - 1}\n`,
        ...tail.map((body) => `${body};\n`),
      ].join(''),
    ),
);

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  put: fc.oneof(
    fc.constantFrom(' ', '\n', "'", '(', ')', ',', 'a', '.', ';', '/*', '*/', '--', '[', ']', '"', 's0', 's1 AS (', '1'),
    fc.constantFrom(...words),
    fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => parts.join(' ')),
    fc.constant(''),
  ),
  /** Takes the edit back afterwards, as people do. */
  back: fc.boolean(),
});

test('an editing session agrees with a fresh look after every edit', () => {
  const law = fc.property(scripts, fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (script, edits, inJob) => {
    const session = new EditingSession();
    const declarations = inJob ? job : undefined;
    const check = (text: string): void => {
      assert.deepEqual(contents(session.snapshot(text, declarations)), contents(createSnapshot(text, declarations)));
    };
    let text = script;
    check(text);
    for (const { at, cut, put, back } of edits) {
      const start = Math.floor(at * text.length);
      const next = text.slice(0, start) + put + text.slice(start + cut);
      check(next);
      if (back) check(text);
      else text = next;
    }
  });
  fc.assert(law, { numRuns: Math.ceil(fuzzRuns / 30), seed: fuzzSeed });
});

test('what an edit does not touch is not worked out again', () => {
  const text = 'WITH a AS (SELECT x, y FROM i), b AS (SELECT x FROM a), c AS (SELECT x FROM b) SELECT x FROM c';
  const session = new EditingSession();
  const nodes = (): readonly unknown[] => session.snapshot(text).model.selects.map(({ types }) => types);
  const before = nodes();
  const edited = session.snapshot(text.replace('y FROM', 'y FROM   '));
  const after = edited.model.selects.map(({ types }) => types);
  assert.notEqual(after[0], before[0]);
  assert.deepEqual(
    after.slice(1).map((types, index) => types === before[index + 1]),
    [true, true, true],
  );
  const renamed = session.snapshot(text.replace('y FROM', 'z FROM'));
  assert.deepEqual(
    renamed.model.selects.map(({ types }, index) => types === after[index]),
    [false, false, true, true],
  );
});

test('only the newest snapshot of a session may be read', () => {
  const session = new EditingSession();
  const old = session.snapshot('SELECT a FROM i');
  session.snapshot('SELECT b FROM i');
  assert.throws(() => old.model, /newest/);
});
