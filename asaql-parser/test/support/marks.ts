/** Diagnostics as marks in the text: a line `--   ^^^^ ASA0104` stands below the place that it speaks of. */
import assert from 'node:assert/strict';
import { analyze, type JobDeclarations, lineIndex, parse } from '../../src/index.ts';

const mark = /^--(\s*)(\^+) (ASA\d{4})$/;

/** Every error and warning must be marked, and every mark must be true. Hints may be left unmarked. */
export function checkMarks(text: string, declarations?: JobDeclarations): void {
  const lines = text.split('\n');
  const { positionOf } = lineIndex(text);
  const expected: string[] = [];
  let above = 0;
  for (const [index, line] of lines.entries()) {
    const found = mark.exec(line);
    if (found === null) {
      above = index;
      continue;
    }
    const column = 2 + (found[1] ?? '').length + 1;
    expected.push(`${above + 1}:${column}-${column + (found[2] ?? '').length} ${found[3]}`);
  }
  const marked = new Set(expected.map((entry) => entry.split(' ')[1]));
  const actual = analyze(parse(text), declarations)
    .diagnostics.filter(({ severity, code }) => severity === 'error' || severity === 'warning' || marked.has(code))
    .map(({ span, code }) => {
      const start = positionOf(span.start);
      return `${start.line}:${start.column}-${start.column + span.end - span.start} ${code}`;
    });
  assert.deepEqual(actual.sort(), expected.sort());
}
