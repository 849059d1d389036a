/**
 * Builds the package that is deployed: one bundle with the app and its SDKs, host.json, and a package.json that names the
 * bundle. `node runtime/build.ts [FOLDER]`; the local host runs the source or this, and cannot tell.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const room = import.meta.dirname;

/** Writes the package into the folder, made if need be, and returns the path of the bundle. */
export async function buildFunctionsApp(folder: string = join(room, 'dist', 'package')): Promise<string> {
  const manifest = JSON.parse(await readFile(join(room, 'package.json'), 'utf8')) as { version: string };
  const bundle = join(folder, 'dist', 'main.cjs');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(room, 'src', 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    // CommonJS: the worker supplies its core module to `require`, and loads a package of either kind.
    format: 'cjs',
    target: 'node22',
    // The worker's, not npm's.
    external: ['@azure/functions-core'],
    sourcemap: true,
    logLevel: 'warning',
  });
  const shipped = { name: 'asaql-functions', version: manifest.version, private: true, main: 'dist/main.cjs' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  await copyFile(join(room, 'host.json'), join(folder, 'host.json'));
  return bundle;
}

if (import.meta.main) console.log(await buildFunctionsApp(process.argv[2]));
