/** Makes the suite two files that an extension host loads. */
import { join } from 'node:path';
import { build } from 'esbuild';

export async function buildSuite(outdir: string): Promise<{ readonly runner: string; readonly suite: string }> {
  const entryPoints = { run: join(import.meta.dirname, 'run.ts'), suite: join(import.meta.dirname, 'suite.ts') };
  await build({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return { runner: join(outdir, 'run.js'), suite: join(outdir, 'suite.js') };
}
