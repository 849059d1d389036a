// Builds the dashboard page: one script, one style sheet and the markup, into webview/dist/dashboard. Everything the page
// needs is inside; it fetches nothing from elsewhere.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const source = join(import.meta.dirname, 'src', 'dashboard');

/** Where the built page lies unless another folder is asked for. */
export const dashboardDir = join(import.meta.dirname, 'dist', 'dashboard');

export interface BuiltFile {
  name: string;
  bytes: number;
}

/** Builds into `outputDir` and tells what was written. Throws esbuild's error when the page does not compile. */
export async function buildDashboard(outputDir: string = dashboardDir): Promise<BuiltFile[]> {
  await mkdir(outputDir, { recursive: true });
  const result = await build({
    entryPoints: [
      { in: join(source, 'main.ts'), out: 'dashboard' },
      { in: join(source, 'dashboard.css'), out: 'dashboard' },
    ],
    outdir: outputDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  await copyFile(join(source, 'index.html'), join(outputDir, 'index.html'));
  return Object.entries(result.metafile.outputs).map(([path, output]) => ({
    name: path.split('/').at(-1) ?? path,
    bytes: output.bytes,
  }));
}

/** The pages of an editor, each a script and a style sheet: the editor brings the markup, with its own policy. */
const editorPages = ['dashboard', 'preview', 'diagram', 'metrics'] as const;

/** Builds the pages of an editor into `outputDir`, such as preview.js and preview.css. */
export async function buildEditorPages(outputDir: string): Promise<void> {
  const folder = (name: string) => join(import.meta.dirname, 'src', name);
  await build({
    entryPoints: editorPages.flatMap((name) => [
      { in: join(folder(name), 'main.ts'), out: name },
      { in: join(folder(name), `${name}.css`), out: name },
    ]),
    outdir: outputDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
  });
}

if (import.meta.main) {
  for (const file of await buildDashboard()) console.log(`${file.name} ${Math.round(file.bytes / 1024)} KiB`);
}
