/** Builds what is shipped as a bundle: the dashboard page and the Functions app. Everything else runs from its source. */
import { buildDashboard } from '../webview/build.ts';

await buildDashboard();
