/**
 * The whole pipeline as a person runs it, for as short as it can be: it balances, with events that go wrong, with each of
 * its parts killed, and when it is killed as a whole or stopped and started again.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Finished, type Running, startAsaql } from '../cli/asaql-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'asaql-up-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Processes {
  readonly pid: number;
  readonly parts: Readonly<Record<string, number>>;
}

function up(data: string, ...options: string[]): Running {
  return startAsaql(['up', '--port', '0', '--data', data, '--users', '500', ...options]);
}

function processes(data: string): Processes {
  const path = join(data, 'processes.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Processes) : { pid: 0, parts: {} };
}

async function until<Value>(what: string, ask: () => Value | undefined | false, maxMs = 90_000): Promise<Value> {
  for (let waitedMs = 0; waitedMs < maxMs; waitedMs += 50) {
    const value = ask();
    if (value) return value;
    await wait(50);
  }
  throw new Error(`It never came to pass that ${what}.`);
}

/** Events that the hub has acknowledged, as the ledgers tell. */
function acknowledged(data: string, run: number): number {
  const path = join(data, 'ledger', `run-${run}.ndjson`);
  if (!existsSync(path)) return 0;
  return [...readFileSync(path, 'utf8').matchAll(/^\{"acknowledged":\[(\d+),(\d+)\]\}$/gm)].reduce(
    (sum, [, first, last]) => sum + Number(last) - Number(first) + 1,
    0,
  );
}

/** The pid that a part has when it runs anew. */
async function partAfter(data: string, name: string, before: number): Promise<number> {
  return until(`${name} runs again`, () => {
    const pid = processes(data).parts[name];
    return pid !== undefined && pid !== before ? pid : undefined;
  });
}

function assertBalanced({ code, output, errors }: Finished): void {
  assert.match(output, /It balances\./, `${output}\n${errors}`);
  assert.equal(code, 0);
}

test('malformed, doubled, late and disordered events: everything is accounted for', async () => {
  const data = join(folder, 'scenarios');
  const scenarios = ['malformed', 'duplicates', 'late', 'out-of-order'].flatMap((name) => ['--scenario', name]);
  const finished = await up(data, '--eps', '400', '--duration', '15', '--seed', '3', ...scenarios).finished;
  assertBalanced(finished);
  const deadLetters = Number(
    /dead letters\s+([\d,]+)/.exec(finished.output.slice(finished.output.indexOf('Reconciliation')))?.[1]?.replace(',', ''),
  );
  assert.ok(deadLetters > 0, finished.output);
});

test('each part is killed in mid-run and started again', async () => {
  const data = join(folder, 'parts');
  const running = up(data, '--eps', '200', '--duration', '25', '--seed', '2');
  for (const [index, name] of ['job', 'functions', 'emulators', 'generator'].entries()) {
    const goal = 600 * (index + 1);
    const pid = await until(
      `${goal} events are acknowledged`,
      () => acknowledged(data, 1) >= goal && processes(data).parts[name],
    );
    process.kill(pid, 'SIGKILL');
    await partAfter(data, name, pid);
  }
  assertBalanced(await running.finished);
});

test('killed as a whole, its parts end by themselves and the next start goes on', async () => {
  const data = join(folder, 'whole');
  const first = up(data, '--eps', '200', '--seed', '5');
  const { pid, parts } = await until('2,000 events are acknowledged', () => acknowledged(data, 1) >= 2000 && processes(data));
  process.kill(pid, 'SIGKILL');
  await first.finished;
  const second = await up(data, '--eps', '200', '--duration', '5', '--seed', '5').finished;
  for (const part of Object.values(parts)) assert.throws(() => process.kill(part, 0), { code: 'ESRCH' });
  assertBalanced(second);
  const [, sent] = /distinct of ([\d,]+) sent/.exec(second.output) ?? [];
  assert.ok(Number(sent?.replace(',', '')) >= 3000, second.output);
});

test('stopped and started again, it goes on where it stopped', async () => {
  const data = join(folder, 'stopped');
  const first = up(data, '--eps', '200', '--seed', '6');
  await until('1,500 events are acknowledged', () => acknowledged(data, 1) >= 1500);
  first.process.kill('SIGINT');
  assert.equal((await first.finished).code, 0);
  const sent = acknowledged(data, 1);
  const second = await up(data, '--eps', '200', '--duration', '5', '--seed', '6').finished;
  assertBalanced(second);
  assert.ok(second.output.includes(`distinct of ${(sent + 1000).toLocaleString('en-US')} sent`), second.output);
});
