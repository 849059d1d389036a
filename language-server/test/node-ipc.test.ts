/** The server over the channel to the Node program that started it, as an extension starts it. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProtocolConnection, type InitializeResult, IPCMessageReader, IPCMessageWriter } from 'vscode-languageserver/node';

test('speaks over the channel and ends with 0', async () => {
  const server = fork(join(import.meta.dirname, '../../pipeline/bin/asaql.mjs'), ['lsp', '--node-ipc']);
  const exit = once(server, 'exit');
  const connection = createProtocolConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
  connection.listen();
  const result = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
  });
  assert.equal(result.serverInfo?.name, 'asaql');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  assert.equal((await exit)[0], 0);
  connection.dispose();
});
