/** What helps while one types: completion, hover, signature help. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CompletionList, Hover, SignatureHelp } from 'vscode-languageserver/node';
import { Editor } from './support/editor.ts';

const uri = 'untitled:typing.asaql';
const text =
  "WITH busy AS (SELECT '😀' AS face, room FROM clicks GROUP BY room, TumblingWindow(minute, 1))\nSELECT busy. FROM busy WHERE LEN(";
const second = { line: 1, character: 0 };
let editor: Editor;

before(async () => {
  editor = await Editor.start({ capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } } });
  await editor.open(uri, text);
});
after(async () => assert.equal(await editor.end(), 0));

test('completion behind a step and a dot gives its columns', async () => {
  const position = { ...second, character: 'SELECT busy.'.length };
  const { items } = await editor.request<CompletionList>('textDocument/completion', uri, { position });
  const labels = items.map(({ label }) => label);
  assert.ok(labels.includes('face') && labels.includes('room'), labels.join());
  const edit = items.find(({ label }) => label === 'face')?.textEdit;
  assert.deepEqual(edit, { range: { start: position, end: position }, newText: 'face' });
});

test('hover tells of a window behind an astral character', async () => {
  const position = { line: 0, character: text.indexOf('TumblingWindow') + 2 };
  const found = await editor.request<Hover>('textDocument/hover', uri, { position });
  assert.match(JSON.stringify(found.contents), /1 minute/);
  assert.equal(found.range?.start.character, text.indexOf('TumblingWindow'));
});

test('signature help shows the call that is being written', async () => {
  const position = { ...second, character: text.split('\n')[1]!.length };
  const help = await editor.request<SignatureHelp>('textDocument/signatureHelp', uri, { position });
  assert.match(help.signatures[0]?.label ?? '', /^LEN/i);
  assert.equal(help.activeParameter, 0);
});

test('a document that is not open has nothing', async () => {
  for (const method of ['completion', 'hover', 'signatureHelp'])
    assert.equal(await editor.request(`textDocument/${method}`, 'untitled:never', { position: second }), null, method);
});
