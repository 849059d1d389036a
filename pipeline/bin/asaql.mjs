#!/usr/bin/env node
// The `asaql` command. Runs under the system's Node 20 too: it then runs itself again with the project's own Node.
import { fileURLToPath } from 'node:url';
import { projectNode, runAs } from '../../scripts/node-runtime.mjs';

const own = projectNode();
if (own === process.execPath) {
  const { main } = await import('../src/cli/main.ts');
  await main(process.argv.slice(2));
} else {
  process.exitCode = await runAs(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
