/**
 * What a keystroke in a query of a thousand lines costs through the server, a process of its own spoken to over its
 * standard input and output: until the diagnostics of the change are published and a request that was sent right after
 * it is answered. Measured quietly, and with all the requests that editors send after a change sent together.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { Editor } from '../../../language-server/test/support/editor.ts';
import { type Figure, printTable } from '../figures.ts';
import { longQuery, sharedStep } from './long-query.ts';

const uri = 'untitled:long.asaql';
const warmUp = 60;
const rounds = 300;

/** What is typed and taken back, character by character, and the text behind which it is typed. */
interface Typing {
  readonly name: string;
  readonly behind: string;
  readonly last?: boolean;
  readonly keys: string;
}

const typings: readonly Typing[] = [
  { name: 'top, a step that all read', behind: `${sharedStep} AS (\n        SELECT\n`, keys: 'TRY_CAST(age AS float) AS age,\n' },
  { name: 'top, what breaks the rest', behind: `${sharedStep} AS (\n        SELECT\n`, keys: "'(/* CASE" },
  { name: 'middle', behind: 'duration_seconds > 0', keys: " AND user_id LIKE 'a%' OR COUNT(*) > 1" },
  { name: 'end', behind: 'FROM ', last: true, keys: 'x JOIN y ON DATEDIFF(second, x, y) < 5 ' },
];

/** What editors ask for after a change, beside completion and hover. */
const furtherMethods = ['semanticTokens/full', 'inlayHint', 'codeLens', 'foldingRange', 'documentSymbol', 'codeAction'];

export async function measureKeystrokes(): Promise<void> {
  const text = longQuery(1000);
  for (const withFurther of [false, true]) {
    const figures: Figure[] = [];
    const settled: Figure[] = [];
    const cpu: string[] = [];
    for (const typing of typings) {
      const { answeredMs, allMs, cpuMs } = await measured(text, typing, withFurther);
      cpu.push(`${typing.name} ${cpuMs.toFixed(1)}`);
      figures.push({ name: typing.name, values: answeredMs, target: 'max < 30' });
      settled.push({ name: typing.name, values: allMs });
    }
    const title = `change → diagnostics and completion or hover, ${text.split('\n').length} lines`;
    printTable(withFurther ? `${title}, with ${furtherMethods.length} more requests` : title, 'ms', figures);
    console.log(`\nProcessor time of the server for each of these keystrokes (ms): ${cpu.join(', ')}.`);
    if (withFurther) printTable('… until all are answered', 'ms', settled);
  }
}

async function measured(text: string, { behind, last, keys }: Typing, withFurther: boolean) {
  const editor = await Editor.start();
  await editor.open(uri, text);
  await editor.diagnostics(uri);
  const found = last === true ? text.lastIndexOf(behind) : text.indexOf(behind, text.length / 2);
  const offset = (found === -1 ? text.indexOf(behind) : found) + behind.length;
  let typed = '';
  const answeredMs: number[] = [];
  const allMs: number[] = [];
  let cpuBefore = 0;
  for (let round = 0; round < warmUp + rounds; round++) {
    if (round === warmUp) cpuBefore = processorMsOf(editor.server.pid ?? 0);
    const step = round % (keys.length * 2);
    const before = placeOf(text.slice(0, offset) + typed);
    const [inserted, kept] = step < keys.length ? [keys.charAt(step), typed] : ['', typed.slice(0, -1)];
    const from = placeOf(text.slice(0, offset) + kept);
    typed = kept + inserted;
    const position = placeOf(text.slice(0, offset) + typed);
    const start = performance.now();
    const version = await editor.change(uri, { range: { start: from, end: before }, text: inserted });
    const answered = editor.request(`textDocument/${round % 2 === 0 ? 'completion' : 'hover'}`, uri, { position });
    const further = withFurther ? furtherMethods.map((method) => ask(editor, method, text)) : [];
    await Promise.all([answered, editor.diagnostics(uri, version)]);
    const answeredAt = performance.now();
    await Promise.all(further);
    if (round < warmUp) continue;
    answeredMs.push(answeredAt - start);
    allMs.push(performance.now() - start);
  }
  const cpuMs = (processorMsOf(editor.server.pid ?? 0) - cpuBefore) / rounds;
  const code = await editor.end();
  if (code !== 0) throw new Error(`The server ended with ${code}.`);
  process.stderr.write('.');
  return { answeredMs, allMs, cpuMs };
}

/** Of all threads, the collector's too. Linux tells it in ticks of 10 ms; elsewhere there is no figure. */
function processorMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function ask(editor: Editor, method: string, text: string): Promise<unknown> {
  const range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
  return editor.request(`textDocument/${method}`, uri, { range, context: { diagnostics: [], triggerKind: 2 } });
}

function placeOf(before: string): { readonly line: number; readonly character: number } {
  const lines = before.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
