/** Runs inside the extension host, with the packaged extension installed: what a person cannot see from outside. */
import assert from 'node:assert/strict';
import { commands, extensions, type TextDocument, type Uri, window, workspace } from 'vscode';

declare function suite(name: string, tests: () => void): void;
declare function test(name: string, run: () => Promise<void>): void;

/** Waits for a condition: what an extension host does has no end that could be awaited. */
async function until<Value>(what: string, look: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  for (let patience = 300; patience > 0; patience -= 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited in vain for ${what}.`);
}

function openQuery(content: string): Thenable<TextDocument> {
  return workspace.openTextDocument({ language: 'asaql', content });
}

suite('Asaql Studio', () => {
  const extension = extensions.getExtension('asaql-studio.asaql-studio');

  test('is the packaged one, and is activated by a query', async () => {
    await window.showTextDocument(await openQuery('SELECT a INTO o FROM i'));
    await until('activation', () => (extension?.isActive ? true : undefined));
    assert.match(extension?.extensionUri.path ?? '', /\/extensions\/asaql-studio/);
  });

  test('every command that the manifest names is there', async () => {
    const known = new Set(await commands.getCommands(true));
    const named: { readonly command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  test('the formatter, the hover and the symbols of steps answer', async () => {
    const document = await openQuery(
      'with s as (select a from i) select count(*) as n into o from s group by tumblingwindow(second, 5)',
    );
    await window.showTextDocument(document);
    const edits = await until('a format', async () => {
      const found = await commands.executeCommand<unknown[] | undefined>('vscode.executeFormatDocumentProvider', document.uri, {
        tabSize: 4,
        insertSpaces: true,
      });
      return found !== undefined && found.length > 0 ? found : undefined;
    });
    assert.ok(edits.length > 0);
    const symbols = await commands.executeCommand<{ readonly name: string }[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(symbols.some(({ name }) => name === 's'));
  });

  test('the preview opens beside the query, and a second time the same one is shown', async () => {
    await window.showTextDocument(await openQuery('SELECT user_id INTO o FROM i'));
    await commands.executeCommand('asaql.previewQuery');
    const previews = () => window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label.startsWith('Preview'));
    await until('a preview', () => (previews().length === 1 ? true : undefined));
    await commands.executeCommand('asaql.previewQuery');
    assert.equal(previews().length, 1);
  });

  test('project files are opened with the language by their ending', async () => {
    const [file] = await workspace.findFiles('queries/*.asaql', null, 1);
    const document = await workspace.openTextDocument(file as Uri);
    assert.equal(document.languageId, 'asaql');
  });
});
