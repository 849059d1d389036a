/**
 * What is compiled from the Bicep sources and committed beside them: the template, the parameters and the predicted resources of
 * each environment, and a record of the sources they were compiled from. The record lets a machine without the compiler tell
 * whether the committed files are those of the committed sources.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pinnedVersion, runCompiler } from './bicep-compiler.ts';

const room = join(import.meta.dirname, '..');
const root = dirname(room);
export const bicepFolder = join(room, 'bicep');
export const environments = ['dev', 'staging', 'prod'] as const;
export type Environment = (typeof environments)[number];

/** Stands for the subscription in the predicted resources. */
export const sampleSubscription = '00000000-0000-0000-0000-000000000000';

/** Everything that the compiler reads, as paths from the root of the repository. */
export function sourceFiles(): string[] {
  const patterns = [
    'infra/bicep/**/*.{bicep,bicepparam}',
    'infra/bicep/bicepconfig.json',
    'infra/system.json',
    'infra/environments/*.json',
    'monitoring/{alerts,queries}.json',
    'monitoring/{alerts,queries}/*.kql',
    'stream-analytics/*.asaql',
    'stream-analytics/JobConfig.json',
    'stream-analytics/{Inputs,Outputs}/*.json',
  ];
  return (
    globSync(patterns, { cwd: root })
      .map((file) => file.replaceAll('\\', '/'))
      // Local inputs are for runs on this machine.
      .filter((file) => !file.includes('/Local_'))
      .sort()
  );
}

/** Path in the repository to content, of each compiled file. */
export type CompiledFiles = ReadonlyMap<string, string>;

/** Compiles everything; throws a CompilerError on the first word of complaint. */
export function compileAll(compiler: string): CompiledFiles {
  const files = new Map<string, string>();
  files.set('infra/bicep/main.json', runCompiler(compiler, ['build', join(bicepFolder, 'main.bicep'), '--stdout']));
  for (const environment of environments) {
    files.set(`infra/bicep/${environment}.parameters.json`, parametersOf(compiler, environment));
    files.set(`infra/bicep/${environment}.snapshot.json`, snapshotOf(compiler, join(bicepFolder, `${environment}.bicepparam`)));
  }
  files.set('infra/bicep/compiled.json', recordOf(files));
  return files;
}

function parametersOf(compiler: string, environment: Environment): string {
  const output = runCompiler(compiler, ['build-params', join(bicepFolder, `${environment}.bicepparam`), '--stdout']);
  const { parametersJson } = JSON.parse(output) as { parametersJson: string };
  return withFinalNewline(parametersJson);
}

/** The predicted resources of a parameters file. It stands beside `main.bicep` for as long as the compiler runs, if need be. */
export function snapshotOf(compiler: string, parametersFile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'asaql-bicep-'));
  const beside = join(
    dirname(parametersFile),
    `.${process.pid}-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`,
  );
  const [copy, written] = [`${beside}.bicepparam`, `${beside}.snapshot.json`];
  try {
    // The compiler writes its snapshot beside the parameters: beside a copy, so that nothing committed is touched.
    copyFileSync(parametersFile, copy);
    runCompiler(compiler, [
      'snapshot',
      copy,
      '--mode',
      'overwrite',
      '--subscription-id',
      sampleSubscription,
      '--location',
      'westeurope',
    ]);
    const snapshot = JSON.parse(readFileSync(written, 'utf8')) as { outputs?: Record<string, unknown> };
    // The order of the outputs differs from run to run.
    const outputs = Object.fromEntries(Object.entries(snapshot.outputs ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)));
    return withFinalNewline(JSON.stringify({ ...snapshot, outputs }, null, 2));
  } finally {
    for (const path of [copy, written, folder]) rmSync(path, { recursive: true, force: true });
  }
}

function recordOf(files: CompiledFiles): string {
  const sources = Object.fromEntries(sourceFiles().map((file) => [file, digest(readFileSync(join(root, file), 'utf8'))]));
  const compiled = Object.fromEntries([...files].map(([file, text]) => [file, digest(text)]));
  return withFinalNewline(JSON.stringify({ compiler: pinnedVersion, sources, compiled }, null, 2));
}

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const withFinalNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
