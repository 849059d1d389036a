/** docs/testing.md shows what its commands print, and the steps for build servers call commands that there are. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { parse } from 'yaml';
import { executedPage, withoutTimes } from '../../../scripts/executed-page.ts';
import { commandFolder } from '../run/command-folder.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const program = join(root, 'pipeline', 'bin', 'asaql.mjs');
const folder = commandFolder();

test('the page on testing (node scripts/execute-page.ts writes it)', () => {
  const page = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
  assert.equal(withoutTimes(executedPage(page)), withoutTimes(page));
});

interface Step {
  readonly run?: string;
  readonly script?: string;
}

/** The lines of a build that call our command, with the server's variables filled in. */
function commandsOf(file: string, values: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  const build = parse(readFileSync(join(root, 'docs', 'ci', file), 'utf8')) as {
    jobs?: { queries: { steps: Step[] } };
    steps?: Step[];
  };
  const steps = build.jobs?.queries.steps ?? build.steps ?? [];
  return steps
    .flatMap(({ run, script }) => (run ?? script ?? '').split('\n'))
    .filter((line) => line.startsWith('npx asaql '))
    .map((line) => line.replace(/\$\(?([\w.]+)\)?/g, (_, name: string) => values[name] ?? assert.fail(`no value for ${name}`)))
    .map((line) =>
      line
        .slice('npx asaql '.length)
        .split(' ')
        .map((part) => part.replaceAll('"', '')),
    );
}

for (const [file, values] of [
  ['github-actions.yml', { PROJECT: 'stream-analytics' }],
  [
    'azure-pipelines.yml',
    { project: 'stream-analytics', 'Build.ArtifactStagingDirectory': '.', 'Common.TestResultsDirectory': '.' },
  ],
] as const) {
  test(`the steps of docs/ci/${file} check, format and test our own project`, () => {
    cpSync(join(root, 'stream-analytics'), join(folder.path, 'stream-analytics'), { recursive: true });
    const commands = commandsOf(file, values);
    assert.deepEqual(
      commands.map(([name]) => name),
      ['check', 'format', 'test'],
    );
    for (const argv of commands) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
        cwd: folder.path,
        encoding: 'utf8',
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      });
      assert.equal(status, 0, `${argv.join(' ')}: ${stdout}${stderr}`);
    }
    assert.ok(JSON.parse(folder.read('asaql.sarif')).runs);
    assert.match(folder.read('asaql-tests.xml'), /<testsuites tests="\d+" failures="0" errors="0"/);
    assert.ok(existsSync(join(folder.path, 'asaql-tests.xml')));
  });
}
