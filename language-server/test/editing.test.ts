/** Navigation and edits: definition, references, rename, formatting; cancellation; documents that are not open. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CancellationTokenSource,
  type Location,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor, textIn } from './support/editor.ts';

const text = `WITH busy AS (
  SELECT '😀' AS face, room, COUNT(*) AS n FROM clicks TIMESTAMP BY at GROUP BY room, TumblingWindow(minute, 1)
)
SELECT room, n INTO o FROM busy WHERE busy.n > 3
`;
const uri = 'untitled:editing.asaql';
let editor: Editor;

before(async () => {
  editor = await Editor.start();
  await editor.open(uri, text);
});
after(async () => assert.equal(await editor.end(), 0));

/** The place of a text's last or n-th occurrence, a little into it. */
function placeOf(part: string, from = 0): { position: { line: number; character: number } } {
  const document = TextDocument.create(uri, 'asaql', 1, text);
  return { position: document.positionAt(text.indexOf(part, from) + 1) };
}

test('definition leads from a use to its step', async () => {
  const found = await editor.request<Location[]>('textDocument/definition', uri, placeOf('busy WHERE'));
  assert.deepEqual(
    found.map(({ range }) => range),
    [{ start: { line: 0, character: 5 }, end: { line: 0, character: 9 } }],
  );
});

test('references are all uses, with the definition where that is asked for', async () => {
  for (const [includeDeclaration, count] of [
    [true, 3],
    [false, 2],
  ] as const) {
    const found = await editor.request<Location[]>('textDocument/references', uri, {
      ...placeOf('busy AS'),
      context: { includeDeclaration },
    });
    assert.equal(found.length, count);
    for (const { range } of found) assert.equal(textIn(text, range), 'busy');
  }
  const shown = await editor.request<{ range: Range }[]>('textDocument/documentHighlight', uri, placeOf('n FROM clicks'));
  assert.deepEqual(
    shown.map(({ range }) => textIn(text, range)),
    ['n', 'n', 'n'],
  );
});

test('rename changes every use and nothing else', async () => {
  const place = placeOf('busy AS');
  const target = await editor.request<{ placeholder: string }>('textDocument/prepareRename', uri, place);
  assert.equal(target.placeholder, 'busy');
  const edit = await editor.request<WorkspaceEdit>('textDocument/rename', uri, { ...place, newName: 'crowded' });
  const renamed = TextDocument.applyEdits(TextDocument.create(uri, 'asaql', 1, text), edit.changes![uri]!);
  assert.equal(renamed, text.replaceAll('busy', 'crowded'));
});

test('what the query does not name is not renamed, and why is said', async () => {
  await assert.rejects(editor.request('textDocument/rename', uri, { ...placeOf('clicks'), newName: 'x' }), {
    code: -32803,
    message: /clicks|input/i,
  });
});

for (const [name, lineEnd] of [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
] as const) {
  test(`formatting a document with ${name} keeps its ends of lines and what is formatted already`, async () => {
    const messy = ['select   a,b', 'into o', 'from   i', '', 'SELECT', "  '😀' AS x", ''].join(lineEnd);
    const other = `untitled:${name}.asaql`;
    await editor.open(other, messy);
    const options = { options: { tabSize: 2, insertSpaces: true } };
    const edits = await editor.request<TextEdit[]>('textDocument/formatting', other, options);
    const formatted = TextDocument.applyEdits(TextDocument.create(other, 'asaql', 1, messy), edits);
    assert.notEqual(formatted, messy);
    assert.equal(formatted.replaceAll(lineEnd, '').match(/[\r\n]/), null);
    const version = await editor.change(other, { text: formatted });
    assert.equal(version, 2);
    assert.deepEqual(await editor.request('textDocument/formatting', other, options), []);
  });
}

test('a document that is not open has nothing', async () => {
  const place = { position: { line: 0, character: 0 }, context: { includeDeclaration: true }, newName: 'x' };
  for (const method of ['definition', 'references', 'documentHighlight', 'prepareRename', 'rename', 'formatting'])
    assert.equal(await editor.request(`textDocument/${method}`, 'untitled:never', place), null, method);
});

test('a request that is taken back is answered so, and the next is answered', async () => {
  const source = new CancellationTokenSource();
  const params = { textDocument: { uri }, ...placeOf('busy AS') };
  let refused: Promise<void> = Promise.resolve();
  await editor.together(() => {
    const asked = editor.connection.sendRequest('textDocument/definition', params, source.token);
    refused = assert.rejects(asked, { code: -32800 });
    source.cancel();
  });
  await refused;
  assert.notEqual(await editor.request('textDocument/definition', uri, placeOf('busy AS')), null);
});
