/** `asaql build`: what the deployment of a job needs, written into a folder. */
import { join } from 'node:path';
import process from 'node:process';
import { analyze, parse } from '@asaql/parser';
import { CombineError, jobTemplate, type Project, projectQuery, withProfile, writeText } from '@asaql/project';
import { checkedProject, declaredProject } from '../check/check-files.ts';
import { locate, printed } from '../check/print-diagnostics.ts';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { askedProject } from './asked-project.ts';
import { diskFiles } from './disk-files.ts';
import { type DiskProject, diskPath } from './disk-project.ts';

export const buildUsage = 'asaql build [PROJECT] --output DIR [--profile NAME]';

/** Resolves with the exit code: 1 where the project or its query has errors, and then nothing is written. */
export async function buildCommand(root: string, argv: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = readOptions(argv, { output: text, profile: text }, buildUsage);
  if (positionals.length > 1) throw new UsageError(`asaql build takes one project. Usage: ${buildUsage}`);
  if (!values.output) throw new UsageError(`asaql build needs --output DIR. Usage: ${buildUsage}`);
  const declared = await declaredProject(askedProject(root, positionals[0]));
  const query = queryOf(declared);
  const found = [
    ...checkedProject(declared),
    {
      file: diskPath(declared, query.path),
      diagnostics: locate(query.text, analyze(parse(query.text), declared.declarations).diagnostics),
    },
  ];
  const errors = found.map(({ file, diagnostics }) => ({
    file,
    diagnostics: diagnostics.filter(({ severity }) => severity === 'error'),
  }));
  if (errors.some(({ diagnostics }) => diagnostics.length > 0)) {
    for (const { file, diagnostics } of errors) process.stderr.write(printed(file, diagnostics));
    process.stderr.write('Nothing is built from a project with errors.\n');
    return 1;
  }
  const project = values.profile === undefined ? declared.project : profiled(declared, values.profile);
  await write(values.output, declared.project.name, project, query.text);
  return 0;
}

async function write(folder: string, name: string, project: Project, query: string): Promise<void> {
  const { template, parameters, secretParameters, openParameters, leftOut } = jobTemplate(project, query);
  const files = diskFiles(folder);
  for (const [file, text] of [
    [`${name}.asaql`, query],
    [`${name}.JobTemplate.json`, template],
    [`${name}.JobTemplate.parameters.json`, parameters],
  ] as const) {
    await writeText(files, file, text);
    process.stdout.write(`${join(folder, file)}\n`);
  }
  for (const line of leftOut) process.stderr.write(`Not in the template: ${line}\n`);
  if (openParameters.length > 0)
    process.stderr.write(`To be given at the deployment, or in a profile: ${openParameters.join(', ')}.\n`);
  if (secretParameters.length > 0)
    process.stderr.write(`To be given at the deployment, as they stand in no file: ${secretParameters.join(', ')}.\n`);
}

function queryOf(declared: DiskProject) {
  try {
    const query = projectQuery(declared.project);
    if (query !== null) return query;
  } catch (error) {
    if (error instanceof CombineError) throw new UsageError(error.message);
    throw error;
  }
  throw new UsageError(`${declared.folder} has no query: neither queries/*.asaql nor a startFile.`);
}

function profiled({ project, folder }: DiskProject, name: string): Project {
  const profile = project.profiles.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (profile !== undefined) return withProfile(project, profile);
  const known = project.profiles.map((each) => each.name).join(', ');
  throw new UsageError(`${folder} has no profile '${name}'. It has: ${known === '' ? 'none (profiles/NAME.yaml)' : known}.`);
}
