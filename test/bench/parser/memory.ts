/** Whether the server grows: a query of a thousand lines is edited two thousand times, with the requests of an editor. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Editor } from '../../../language-server/test/support/editor.ts';
import { longQuery } from './long-query.ts';

const uri = 'untitled:long.asaql';
const edits = 2000;

export async function measureMemory(): Promise<void> {
  const text = longQuery(1000);
  const lines = text.split('\n');
  const editor = await Editor.start();
  await editor.open(uri, text);
  await editor.diagnostics(uri);
  const residentMb: number[] = [];
  let version = 1;
  for (let edit = 0; edit < edits; edit++) {
    // Every edit leaves another text behind, all over the document.
    const line = (edit * 37) % lines.length;
    version = await editor.change(uri, {
      range: { start: { line, character: 0 }, end: { line, character: edit % 2 } },
      text: ' ',
    });
    const position = { line, character: 1 };
    await Promise.all([
      editor.request('textDocument/completion', uri, { position }),
      editor.request('textDocument/semanticTokens/full', uri),
      editor.diagnostics(uri, version),
    ]);
    if ((edit + 1) % (edits / 10) === 0) residentMb.push(residentMbOf(editor.server.pid ?? 0));
  }
  console.log(
    `\nResident memory of the server after each ${edits / 10} of ${edits} edits (MB): ${residentMb.map(Math.round).join(', ')}`,
  );
  const code = await editor.end();
  if (code !== 0) throw new Error(`The server ended with ${code}.`);
  process.stderr.write('.');
}

/** Linux tells it in /proc; elsewhere there is no figure. */
function residentMbOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
