/** Diagnostics as one types, of several documents, under settings, within a project. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver/node';
import { Editor, textIn } from './support/editor.ts';

const uri = 'untitled:query.asaql';
const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code);
const errors = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 1);

test('follow what is typed', async () => {
  const editor = await Editor.start();
  await editor.open(uri, 'SELECT a INTO o FROM i');
  assert.deepEqual(errors(await editor.diagnostics(uri)), []);
  const broken = await editor.type(uri, 0, 22, ' WHERE (');
  assert.notDeepEqual(errors(await editor.diagnostics(uri, broken)), []);
  const mended = await editor.type(uri, 0, 30, 'a > 1)');
  assert.deepEqual(errors(await editor.diagnostics(uri, mended)), []);
  await editor.close(uri);
  assert.deepEqual(await editor.diagnostics(uri, Number.MAX_SAFE_INTEGER), []);
  assert.equal(await editor.end(), 0);
});

test('say the code, where it is explained, and the exact place', async () => {
  const editor = await Editor.start();
  const text = 'SELECT LEN(a, 2) INTO o FROM i';
  await editor.open(uri, text);
  const [found] = errors(await editor.diagnostics(uri));
  assert.ok(found);
  assert.match(String(found.code), /^ASA\d{4}$/);
  assert.equal(found.source, 'asaql');
  assert.match(found.codeDescription?.href ?? '', /^https:\/\/learn\.microsoft\.com\//);
  assert.match(textIn(text, found.range), /LEN|2/);
  assert.equal(await editor.end(), 0);
});

test('a burst of keystrokes ends with the diagnostics of the last one', async () => {
  const editor = await Editor.start();
  await editor.open(uri, '');
  let version = 1;
  const text = 'SELECT a INTO o FROM i WHERE a = 1';
  for (const [index, character] of [...text].entries()) version = await editor.type(uri, 0, index, character);
  assert.deepEqual(errors(await editor.diagnostics(uri, version)), []);
  assert.equal(await editor.end(), 0);
});

test('documents are told apart', async () => {
  const editor = await Editor.start();
  const [good, bad] = ['untitled:good.asaql', 'untitled:bad.asaql'];
  await editor.open(good, 'SELECT a INTO o FROM i');
  await editor.open(bad, 'SELECT INTO FROM');
  assert.deepEqual(errors(await editor.diagnostics(good)), []);
  assert.notDeepEqual(errors(await editor.diagnostics(bad)), []);
  await editor.change(good, { text: 'SELECT' });
  assert.notDeepEqual(errors(await editor.diagnostics(good, 2)), []);
  assert.equal(await editor.end(), 0);
});

test('positions count UTF-16 units, in lines that end with CRLF too', async () => {
  const editor = await Editor.start();
  const text = "SELECT '😀😀' AS x,\r\n  '𝒳' AS y, LEN('😀', 1) AS z\r\nINTO o FROM i";
  await editor.open(uri, text);
  const [found] = errors(await editor.diagnostics(uri));
  assert.equal(found?.range.start.line, 1);
  assert.match(textIn(text, found.range), /^(LEN|1|LEN\('😀', 1\))$/);
  // Behind an astral character and a CRLF, an edit by UTF-16 units hits exactly the second argument.
  const start = text.split('\r\n')[1]!.indexOf(', 1');
  const version = await editor.change(uri, {
    range: { start: { line: 1, character: start }, end: { line: 1, character: start + 3 } },
    text: '',
  });
  assert.deepEqual(errors(await editor.diagnostics(uri, version)), []);
  assert.equal(await editor.end(), 0);
});

test('are answered, not sent, where the editor asks for them', async () => {
  const editor = await Editor.start({ capabilities: { textDocument: { diagnostic: {} } } });
  assert.ok(editor.initialized.capabilities.diagnosticProvider);
  await editor.open(uri, 'SELECT');
  const report = await editor.request<{ kind: string; items: Diagnostic[] }>('textDocument/diagnostic', uri);
  assert.equal(report.kind, 'full');
  assert.notDeepEqual(report.items, []);
  assert.deepEqual(await editor.request('textDocument/diagnostic', 'untitled:never'), { kind: 'full', items: [] });
  assert.equal(await editor.end(), 0);
});

test('a rule can be switched off, and what is no rule is told', async () => {
  const text = 'WITH s AS (SELECT a FROM i) SELECT a INTO o FROM i';
  let configuration: unknown = {};
  const editor = await Editor.start({ capabilities: { workspace: { configuration: true } }, configuration: () => configuration });
  await editor.open(uri, text);
  const before = codes(await editor.diagnostics(uri, 1, (found) => found.length > 0));
  assert.ok(before.includes('ASA1001') || before.length > 0);
  configuration = { disabledRules: [...new Set(before), 'ASA9999'] };
  await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await editor.diagnostics(uri, 1, (found) => found.length < before.length);
  await editor.until(() => editor.shown.length > 0);
  assert.deepEqual(editor.shown, ['asaql.disabledRules: "ASA9999" is no rule\'s code.']);
  assert.equal(await editor.end(), 0);
});

test('within a project, names are held against its files; alone they are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-lsp-'));
  try {
    mkdirSync(join(folder, 'Inputs'));
    writeFileSync(join(folder, 'asaproj.json'), JSON.stringify({ startFile: 'query.asaql' }));
    writeFileSync(join(folder, 'query.asaql'), '');
    writeFileSync(join(folder, 'Inputs', 'clicks.json'), JSON.stringify({ Name: 'clicks', Type: 'Data Stream' }));
    const file = pathToFileURL(join(folder, 'query.asaql')).href;
    const editor = await Editor.start();
    await editor.open(file, 'SELECT a INTO o FROM clikcs');
    const [unknown] = errors(await editor.diagnostics(file));
    assert.match(String(unknown?.message), /clikcs/);
    writeFileSync(join(folder, 'Inputs', 'clikcs.json'), JSON.stringify({ Name: 'clikcs', Type: 'Data Stream' }));
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    await editor.diagnostics(file, 1, (found) => errors(found).length === 0);
    rmSync(join(folder, 'Inputs', 'clikcs.json'));
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: { asaql: { checkAs: 'alone' } } });
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    await editor.diagnostics(file, 1, (found) => errors(found).length === 0);
    const manifest = pathToFileURL(join(folder, 'asaproj.json')).href;
    writeFileSync(join(folder, 'asaproj.json'), '{"startFile": ');
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    const [broken] = await editor.diagnostics(manifest, 1, (found) => found.length > 0);
    assert.equal(broken?.code, 'PRJ0001');
    writeFileSync(join(folder, 'asaproj.json'), JSON.stringify({ startFile: 'query.asaql' }));
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    await editor.diagnostics(manifest, 1, (found) => found.length === 0);
    assert.equal(await editor.end(), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('columns come from the sample of an input, as it is now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-lsp-'));
  try {
    mkdirSync(join(folder, 'Inputs'));
    writeFileSync(join(folder, 'asaproj.json'), JSON.stringify({ startFile: 'query.asaql' }));
    writeFileSync(join(folder, 'query.asaql'), '');
    const local = { InputAlias: 'plays', Type: 'Data Stream', Format: 'Json', FilePath: 'plays.ndjson', ScriptType: 'InputMock' };
    writeFileSync(join(folder, 'Inputs', 'Local_plays.json'), JSON.stringify(local));
    writeFileSync(join(folder, 'Inputs', 'plays.ndjson'), '{"title":"a","place":{"lat":1.5}}\n');
    const file = pathToFileURL(join(folder, 'query.asaql')).href;
    const editor = await Editor.start();
    await editor.open(file, 'SELECT  INTO o FROM plays');
    const labels = async (): Promise<readonly string[]> => {
      const position = { line: 0, character: 7 };
      const found = await editor.connection.sendRequest('textDocument/completion', { textDocument: { uri: file }, position });
      return (found as { readonly items: readonly { readonly label: string }[] }).items.map(({ label }) => label);
    };
    const before = await labels();
    assert.ok(before.includes('title') && before.includes('place') && !before.includes('rating'));
    writeFileSync(join(folder, 'Inputs', 'plays.ndjson'), '{"title":"a","rating":5}\n');
    await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [] });
    assert.ok((await labels()).includes('rating'));
    assert.equal(await editor.end(), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
