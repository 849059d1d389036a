/** The server's life: the handshake, the end with its exit codes, and whatever is no message of the protocol. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Editor, spawnServer } from './support/editor.ts';

const uri = 'untitled:query.asaql';

test('says what it can do', async () => {
  const editor = await Editor.start();
  const { capabilities, serverInfo } = editor.initialized;
  assert.equal(serverInfo?.name, 'asaql');
  assert.equal(capabilities.positionEncoding, 'utf-16');
  assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2, save: true });
  for (const provider of ['definitionProvider', 'documentFormattingProvider', 'referencesProvider'] as const)
    assert.equal(capabilities[provider], true, provider);
  assert.equal(await editor.end(), 0);
});

test('exit without shutdown ends with 1', async () => {
  const editor = await Editor.start();
  const exit = once(editor.server, 'exit');
  await editor.connection.sendNotification('exit');
  assert.equal((await exit)[0], 1);
});

test('ends with 1 when the editor is gone', async () => {
  const editor = await Editor.start();
  const exit = once(editor.server, 'exit');
  editor.server.stdin?.end();
  assert.equal((await exit)[0], 1);
});

test('after shutdown the end of the channel is no failure', async () => {
  const editor = await Editor.start();
  const exit = once(editor.server, 'exit');
  await editor.connection.sendRequest('shutdown');
  editor.server.stdin?.end();
  assert.equal((await exit)[0], 0);
});

test('a request before initialize is refused', async () => {
  const editor = new Editor(spawnServer('--stdio'));
  editor.connection.listen();
  await assert.rejects(editor.request('textDocument/hover', uri, { position: { line: 0, character: 0 } }), { code: -32002 });
  const exit = once(editor.server, 'exit');
  await editor.connection.sendNotification('exit');
  assert.equal((await exit)[0], 1);
});

test('what is no message does not end it', async () => {
  const editor = await Editor.start();
  const write = (body: string): void => {
    editor.server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  write('{"jsonrpc": "2.0", "method": ');
  write('[]');
  write('{"jsonrpc":"2.0","method":"textDocument/didOpen"}');
  write('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:never"}}}');
  await editor.open(uri, 'SELECT a FROM b');
  assert.deepEqual(await editor.diagnostics(uri, 1, () => true), await editor.diagnostics(uri));
  await assert.rejects(editor.connection.sendRequest('textDocument/unheardOf', {}), { code: -32601 });
  await assert.rejects(editor.connection.sendRequest('textDocument/definition', {}), { code: -32603 });
  assert.equal(await editor.end(), 0);
});

for (const [options, complaint] of [
  [[], /one way to speak/],
  [['--stdio', '--node-ipc'], /one way to speak/],
  [['--socket=1'], /--socket/],
  [['--node-ipc'], /use --stdio/],
] as const) {
  test(`asaql lsp ${options.join(' ')} is wrong usage`, async () => {
    const server = spawnServer(...options);
    let told = '';
    server.stderr?.on('data', (chunk) => {
      told += chunk;
    });
    const [code] = await once(server, 'close');
    assert.equal(code, 2);
    assert.match(told, complaint);
    assert.equal(told.trim().split('\n').length, 1);
  });
}
