/** Builds what is shipped as a bundle: the dashboard page and the Functions app (`functions`: only that). Everything else runs from its source. */
import process from 'node:process';
import { buildFunctionsApp } from '../runtime/build.ts';
import { buildDashboard } from '../webview/build.ts';

const onlyFunctions = process.argv.includes('functions');
const [page] = await Promise.all([onlyFunctions ? [] : buildDashboard(), buildFunctionsApp()]);
for (const { name, bytes } of page) console.log(`webview/dist/dashboard/${name}  ${Math.ceil(bytes / 1024)} KiB`);
console.log('runtime/dist/package: the Functions app as it is deployed');
