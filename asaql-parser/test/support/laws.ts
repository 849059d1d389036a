/** Laws that every text obeys, good or bad: of its tree, of its diagnostics, of every editor service, of its formatting. */
import assert from 'node:assert/strict';
import {
  analyze,
  applyEdits,
  codeActions,
  codeLenses,
  completion,
  createSnapshot,
  type Diagnostic,
  definition,
  documentSymbols,
  foldingRanges,
  forEachChild,
  format,
  hover,
  inlayHints,
  type JobDeclarations,
  type Node,
  parse,
  prepareRename,
  print,
  references,
  rename,
  type Span,
  selectionRanges,
  semanticTokens,
  signatureHelp,
  stepGraph,
} from '../../src/index.ts';

const job: JobDeclarations = {
  inputs: [{ name: 'input', kind: 'stream', columns: [{ name: 'a', type: { name: 'float' } }] }],
  outputs: [{ name: 'output' }],
  functions: [{ name: 'f', kind: 'scalar', parameterCount: 1 }],
  compatibilityLevel: '1.1',
};

function assertInside({ start, end }: Span, text: string, what: string): void {
  assert.ok(start >= 0 && start <= end && end <= text.length, `${what} ${start}–${end} of ${text.length}`);
}

function assertNested(node: Node): void {
  forEachChild(node, (child) => {
    const inside = child.span.start >= node.span.start && child.span.end <= node.span.end && child.span.start <= child.span.end;
    assert.ok(inside, `${child.kind} ${JSON.stringify(child.span)} in ${node.kind} ${JSON.stringify(node.span)}`);
    assertNested(child);
  });
}

function assertDiagnostics(diagnostics: readonly Diagnostic[], text: string): void {
  let before = 0;
  for (const { span, message } of diagnostics) {
    assertInside(span, text, message);
    assert.ok(span.start >= before, 'diagnostics are in the order of the text');
    before = span.start;
    assert.ok(!/[\r\n]|undefined|\[object/.test(message.replaceAll(text, '')) || /undefined|\[object/.test(text), message);
  }
}

/** A tree for any text, the text given back, spans that nest, diagnostics inside the text. */
export function assertTree(text: string): void {
  const result = parse(text);
  assert.equal(print(result), text);
  assert.deepEqual(result.script.span, { start: 0, end: text.length });
  assertNested(result.script);
  assertDiagnostics(analyze(result).diagnostics, text);
}

/** No service throws, whatever the place, and edits stay inside the text. `place` is any number from 0. */
export function assertServices(text: string, place: number): void {
  const offset = place % (text.length + 1);
  const snapshot = createSnapshot(text, place % 2 === 0 ? undefined : job);
  const { replace } = completion(snapshot, offset);
  assert.ok(replace.start <= offset && replace.end === offset);
  const found = hover(snapshot, offset, { nowMs: 1_700_000_000_000 });
  if (found !== null) assertInside(found.span, text, 'hover');
  signatureHelp(snapshot, offset);
  definition(snapshot, offset);
  for (const { span } of references(snapshot, offset)) assertInside(span, text, 'reference');
  const target = prepareRename(snapshot, offset);
  const renamed = rename(snapshot, offset, 'an other');
  if (renamed.ok) {
    assert.ok(target.ok);
    applyEdits(text, renamed.edits);
  }
  for (const span of selectionRanges(snapshot, offset)) assertInside(span, text, 'selection');
  for (const feature of [documentSymbols, foldingRanges, inlayHints, codeLenses, stepGraph]) feature(snapshot);
  let end = 0;
  for (const { span } of semanticTokens(snapshot)) {
    assertInside(span, text, 'semantic token');
    assert.ok(span.start >= end, 'semantic tokens do not overlap');
    end = span.end;
  }
}

/** Edits of code actions stay inside the text. */
export function assertActions(text: string): void {
  for (const { edits } of codeActions(createSnapshot(text, job), { start: 0, end: text.length })) {
    for (const { span } of edits) assertInside(span, text, 'edit');
    applyEdits(text, edits);
  }
}

/** Formatting settles at once and keeps every word, every comment and the tree. */
export function assertFormatting(text: string): void {
  const formatted = format(text);
  assert.equal(format(formatted), formatted);
  if (formatted === text) return;
  assert.equal(shape(parse(formatted).script).toLowerCase(), shape(parse(text).script).toLowerCase());
}

/** A tree without its spans. */
export function shape(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value));
}
