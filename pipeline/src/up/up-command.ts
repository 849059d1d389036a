/** `asaql up`: the whole pipeline on this machine, and the dashboard; with `--duration` it ends with the reconciliation. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import {
  aggregationsContainerName,
  databaseName,
  deadLetterHubName,
  eventHubName,
  filesystems,
  lakeFolder,
  processedContainerName,
} from '@asaql/runtime';
import { DefaultAzureCredential } from '@azure/identity';
import { onStopAsked } from '../cli/stop-asked.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { ensurePage } from '../dashboard/ensure-page.ts';
import { type DashboardServer, startDashboard } from '../dashboard/start-dashboard.ts';
import { readLedger } from '../generate/read-ledger.ts';
import type { JobMetricsMessage } from '../job/job-messages.ts';
import { readJobProject } from '../job/project.ts';
import { anyFreePort, isPortFree } from '../local-services/free-port.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { reconciliationReport } from '../reconcile/reconciliation-report.ts';
import { DataFolder } from './data-folder.ts';
import { LiveView } from './live-view.ts';
import { PipelineRun } from './pipeline-run.ts';
import { healthOf, jobLag } from './pipeline-status.ts';
import { parseUpArguments, type UpOptions } from './up-arguments.ts';

/** Within this, a second signal is the first one come by another way. */
const sameAskMs = 500;

/** Returns the exit code: 0 balanced, or stopped where nothing else was asked; 130 stopped before that; 1 not balanced or a part failed. Throws a UsageError. */
export async function upCommand(root: string, argv: readonly string[]): Promise<number> {
  const settings = loadSettings(root, process.env);
  const up = parseUpArguments(argv, settings);
  readJobProject(resolve(root, settings.projectDir));
  await assertPortFree(up.dashboardPort);
  await ensurePage();
  const data = new DataFolder(resolve(root, up.dataDir));
  await data.lock();
  try {
    return await runPipeline(root, settings, up, data);
  } finally {
    data.unlock();
  }
}

async function assertPortFree(port: number): Promise<void> {
  if (port === 0 || (await isPortFree(port))) return;
  throw new UsageError(
    `Port ${port} is in use, so the dashboard cannot have it: try --port ${await anyFreePort()}, or --port 0 for any.`,
  );
}

async function runPipeline(root: string, settings: Settings, up: UpOptions, data: DataFolder): Promise<number> {
  let view: LiveView | null = null;
  const say = (line: string) => (view ? view.say(line) : process.stdout.write(`${line}\n`));
  const run = new PipelineRun({ root, settings, up, data, say });
  const stopAsked = stopSignal();
  let dashboard: DashboardServer | null = null;
  let timer: NodeJS.Timeout | undefined;
  // A run that is to be reconciled has not balanced when it was stopped before.
  const interrupted = up.durationSeconds === null ? 0 : 130;
  try {
    const started = await Promise.race([run.start(), run.failed, stopAsked]);
    if (started === 'stopped') return interrupted;
    dashboard = await openDashboard(run, up, say);
    say(`Dashboard: ${dashboard.url}`);
    view = new LiveView(process.stdout, dashboard.url);
    timer = setInterval(() => view?.show(run.status, jobLag(run.status), Date.now()), 1000);
    const generated = await Promise.race([run.generate().then(() => 'generated' as const), run.failed, stopAsked]);
    if (generated === 'stopped') return interrupted;
    const finished = await Promise.race([finish(run, settings, root, data, say), stopAsked]);
    return typeof finished === 'number' ? finished : interrupted;
  } finally {
    clearInterval(timer);
    await dashboard?.close();
    await run.stop();
  }
}

/** The inputs end, the last windows close, and both sides are counted. */
async function finish(
  run: PipelineRun,
  settings: Settings,
  root: string,
  data: DataFolder,
  say: (line: string) => void,
): Promise<number> {
  say('All events are sent: reading to the end …');
  const { metrics, upTo, deadLettersUpTo } = await run.end();
  const { session } = run;
  const { policies } = readJobProject(resolve(root, settings.projectDir));
  const result = await reconcile({
    connections: run.connections,
    hub: eventHubName,
    deadLetterHub: deadLetterHubName,
    database: databaseName,
    processedContainer: processedContainerName,
    aggregationsContainer: aggregationsContainerName,
    rawFilesystem: filesystems.raw,
    rawFolder: lakeFolder,
    after: session.hubStart ?? {},
    upTo,
    deadLettersAfter: session.deadLetterStart ?? {},
    deadLettersUpTo,
    policies,
    acknowledged: acknowledgedBodies(data, session.firstRun, session.run),
  });
  run.closeSession();
  // What does not balance is kept for whoever looks into it.
  if (result.balanced) data.dropLedgers(session.firstRun, session.run);
  say(`${reconciliationReport(result)}\n${latenessLine(metrics)}`);
  return result.balanced ? 0 : 1;
}

async function* acknowledgedBodies(data: DataFolder, firstRun: number, lastRun: number): AsyncGenerator<Uint8Array> {
  for (let run = firstRun; run <= lastRun; run++) {
    if (existsSync(data.ledger(run))) yield* readLedger(data.ledger(run));
  }
}

function latenessLine({ lateness, latenessOfAll }: JobMetricsMessage): string {
  const [slowest] = Object.entries(lateness).sort(([, a], [, b]) => b.medianMs - a.medianMs);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  if (!slowest) return 'No window closed by itself during the run, so there is no lateness to tell.';
  const [output, { medianMs }] = slowest;
  return (
    `Window results were in Cosmos DB ${seconds(latenessOfAll.medianMs)} (median) behind their window's end and time policy; ` +
    `the slowest output is ${output} with ${seconds(medianMs)}.`
  );
}

function openDashboard(run: PipelineRun, up: UpOptions, say: (line: string) => void): Promise<DashboardServer> {
  const { endpoint, key } = run.connections.cosmos;
  return startDashboard({
    port: up.dashboardPort,
    cosmos: key === undefined ? { endpoint, credential: new DefaultAzureCredential() } : { endpoint, key },
    databaseId: databaseName,
    containerId: aggregationsContainerName,
    health: () => healthOf(run.status, Date.now()),
    onError: (error) => say(`dashboard: ${error instanceof Error ? error.message : String(error)}`),
  });
}

/** Resolves when a stop is asked for; asked a second time, it ends at once and leaves everything to the next start. */
function stopSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    let askedMs: number | null = null;
    onStopAsked(() => {
      if (askedMs === null) {
        askedMs = performance.now();
        process.stdout.write('\nStopping … (again to end at once)\n');
        resolve('stopped');
      } else if (performance.now() - askedMs > sameAskMs) process.exit(130);
    });
  });
}
