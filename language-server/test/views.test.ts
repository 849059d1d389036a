/** What an editor shows around the text: symbols, folds, tokens, hints, lenses, actions, the graph of steps. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type {
  CodeAction,
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  SelectionRange,
  SemanticTokens,
} from 'vscode-languageserver/node';
import type { StepGraphAnswer } from '../src/index.ts';
import { Editor, textIn } from './support/editor.ts';

const uri = 'untitled:views.asaql';
const text =
  "/* 😀\r\n two lines */\r\nWITH busy AS (\r\n  SELECT '😀' AS face, LEN(room) AS n FROM clicks\r\n),\r\nidle AS (SELECT face FROM busy)\r\nSELECT face INTO o FROM busy\r\n";
const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
let editor: Editor;

before(async () => {
  editor = await Editor.start();
  await editor.open(uri, text);
});
after(async () => assert.equal(await editor.end(), 0));

test('symbols', async () => {
  const found = await editor.request<DocumentSymbol[]>('textDocument/documentSymbol', uri);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['busy', 'idle', 'o'],
  );
  assert.equal(textIn(text, found[0]!.selectionRange), 'busy');
});

test('folds and selections', async () => {
  const folds = await editor.request<FoldingRange[]>('textDocument/foldingRange', uri);
  assert.ok(folds.some(({ startLine, endLine, kind }) => startLine === 0 && endLine === 1 && kind === 'comment'));
  const position = { line: 3, character: 11 };
  const [selection] = await editor.request<SelectionRange[]>('textDocument/selectionRange', uri, { positions: [position] });
  assert.equal(textIn(text, selection!.range), "'😀'");
  assert.ok(selection!.parent);
});

test('semantic tokens lie within their lines and do not go back', async () => {
  const { data } = await editor.request<SemanticTokens>('textDocument/semanticTokens/full', uri);
  assert.ok(data.length > 50 && data.length % 5 === 0);
  const lines = text.split('\r\n');
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [down, right, length] = [data[at]!, data[at + 1]!, data[at + 2]!];
    [line, character] = down > 0 ? [line + down, right] : [line, character + right];
    assert.ok(down >= 0 && right >= 0 && character + length <= lines[line]!.length);
  }
});

test('hints and lenses', async () => {
  const hints = await editor.request<InlayHint[]>('textDocument/inlayHint', uri, { range: all });
  assert.ok(
    hints.some(({ label }) => String(label).includes('bigint')),
    JSON.stringify(hints),
  );
  const lenses = await editor.request<CodeLens[]>('textDocument/codeLens', uri);
  assert.ok(lenses.some(({ command }) => command?.title.includes('never read')));
});

test('an action removes what nothing reads', async () => {
  const found = await editor.request<CodeAction[]>('textDocument/codeAction', uri, { range: all, context: { diagnostics: [] } });
  assert.ok(found.length > 0);
  for (const { edit, diagnostics } of found) assert.ok(edit?.changes?.[uri] && diagnostics?.length === 1);
});

test('the graph of steps', async () => {
  const graph = await editor.request<StepGraphAnswer>('asaql/stepGraph', uri);
  assert.ok(graph.nodes.some(({ id }) => id === 'step:busy') && graph.edges.length >= 3);
  assert.equal(await editor.request('asaql/stepGraph', 'untitled:never'), null);
});

test('symbols of all open documents, by a part of their names', async () => {
  const found = await editor.connection.sendRequest<{ name: string }[]>('workspace/symbol', { query: 'BUS' });
  assert.deepEqual(
    found.map(({ name }) => name),
    ['busy'],
  );
});
