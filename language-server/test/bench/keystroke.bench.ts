/** What a keystroke in a query of 1,000 lines costs, through the server: until its diagnostics are there, until a completion is. */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { CompletionList } from 'vscode-languageserver/node';
import { Editor } from '../support/editor.ts';

const uri = 'untitled:long.asaql';
const warmUp = 30;
const rounds = 150;

/** Steps of five lines, each reading the one before. */
function longQuery(lineCount: number): string {
  const steps = Array.from({ length: (lineCount - 2) / 5 }, (_, index) => {
    const source = index === 0 ? 'clicks TIMESTAMP BY at' : `step${index - 1}`;
    return `step${index} AS (\n  SELECT userId, room, score + ${index} AS score,\n    CASE WHEN score > 10 THEN 'high' ELSE 'low' END AS level\n  FROM ${source}\n  WHERE userId IS NOT NULL)`;
  });
  return `WITH ${steps.join(',\n')}\nSELECT userId, score INTO results FROM step${steps.length - 1}\nWHERE `;
}

function report(name: string, costs: readonly number[]): void {
  const sorted = costs.slice(warmUp).sort((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.round((sorted.length - 1) * share)]?.toFixed(1)} ms`;
  console.log(`${name}: min ${at(0)}, median ${at(0.5)}, 95 % ${at(0.95)}, max ${at(1)} (${sorted.length} keystrokes)`);
}

const text = longQuery(1002);
const lines = text.split('\n');
console.log(`${lines.length} lines, ${text.length} characters`);
const editor = await Editor.start();
await editor.open(uri, text);
await editor.diagnostics(uri);
const line = lines.length - 1;
let character = lines.at(-1)?.length ?? 0;
const [published, completed]: [number[], number[]] = [[], []];
for (let round = 0; round < (warmUp + rounds) * 2; round += 1) {
  const key = 'score > 1 AND '[round % 14] ?? ' ';
  const start = performance.now();
  const version = await editor.type(uri, line, character, key);
  character += key.length;
  if (round % 2 === 0) {
    await editor.diagnostics(uri, version);
    published.push(performance.now() - start);
  } else {
    await editor.request<CompletionList | null>('textDocument/completion', uri, { position: { line, character } });
    completed.push(performance.now() - start);
    await editor.diagnostics(uri, version);
  }
}
report('change → diagnostics', published);
report('change → completion', completed);
process.exitCode = await editor.end();
