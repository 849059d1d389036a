/** The compact live view in the terminal: redrawn in place on a terminal, a line every ten seconds elsewhere. */
import type { PipelineStatus } from './pipeline-status.ts';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const plainEverySeconds = 10;

export interface LiveViewTarget {
  readonly isTTY: boolean;
  write(text: string): void;
}

export class LiveView {
  readonly #target: LiveViewTarget;
  readonly #dashboardUrl: string;
  #drawnLines = 0;
  #ticks = 0;

  constructor(target: LiveViewTarget, dashboardUrl: string) {
    this.#target = target;
    this.#dashboardUrl = dashboardUrl;
  }

  /** Once a second. */
  show(status: PipelineStatus, lagEvents: number | null, nowMs: number): void {
    this.#ticks++;
    if (this.#target.isTTY) {
      const lines = viewLines(status, lagEvents, nowMs, this.#dashboardUrl);
      this.#target.write(`${this.#erase()}${lines.join('\n')}\n`);
      this.#drawnLines = lines.length;
    } else if (this.#ticks % plainEverySeconds === 0) {
      this.#target.write(`${plainLine(status, lagEvents, nowMs)}\n`);
    }
  }

  /** A line that stays. */
  say(line: string): void {
    this.#target.write(`${this.#erase()}${line}\n`);
    this.#drawnLines = 0;
  }

  #erase(): string {
    return this.#drawnLines === 0 ? '' : `\u001b[${this.#drawnLines}A\u001b[0J`;
  }
}

function viewLines(status: PipelineStatus, lagEvents: number | null, nowMs: number, url: string): string[] {
  const { job, functions } = status;
  const rows = Object.entries(job?.writtenRows ?? {})
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([output, count]) => `    ${output.padEnd(28)} ${number.format(count).padStart(12)} rows${lateness(job?.lateness[output])}`,
    );
  return [
    `  Dashboard  ${url}     ${parts(status)}`,
    `  events     ${rate(status.generatedPerSecond)} sent   ${rate(status.eventsReadPerSecond)} read   ${number.format(status.acknowledged)} acknowledged   lag ${lag(lagEvents)}`,
    `  watermark  ${watermark(job?.watermarkMs ?? null, nowMs)}   late or out of order ${number.format(job?.adjustedEvents ?? 0)}   unreadable ${number.format(job?.rejectedEvents ?? 0)}`,
    `  functions  ${number.format(functions?.processed ?? 0)} processed   ${number.format(functions?.archived ?? 0)} archived   ${number.format(functions?.deadLettered ?? 0)} dead letters   lag ${number.format(functions?.lag ?? 0)}`,
    ...rows,
  ];
}

function plainLine(status: PipelineStatus, lagEvents: number | null, nowMs: number): string {
  const { job, functions } = status;
  return [
    `${rate(status.generatedPerSecond)} sent`,
    `${rate(status.eventsReadPerSecond)} read`,
    `lag ${lag(lagEvents)}`,
    `watermark ${watermark(job?.watermarkMs ?? null, nowMs)}`,
    `${rate(status.rowsPerSecond)} rows`,
    `${number.format(functions?.processed ?? 0)} processed`,
    `${number.format(functions?.archived ?? 0)} archived`,
    `${number.format(functions?.deadLettered ?? 0)} dead letters`,
  ].join(' · ');
}

function rate(perSecond: number): string {
  return `${number.format(perSecond)}/s`;
}

function lag(events: number | null): string {
  return events === null ? '–' : number.format(events);
}

function watermark(watermarkMs: number | null, nowMs: number): string {
  return watermarkMs === null ? 'not yet known' : `${((nowMs - watermarkMs) / 1000).toFixed(1)} s behind`;
}

function lateness(measured: { readonly medianMs: number } | undefined): string {
  return measured === undefined ? '' : `   ${(measured.medianMs / 1000).toFixed(1)} s after their time`;
}

function parts(status: PipelineStatus): string {
  return [...status.parts]
    .map(([name, part]) => `${name} ${part.state}${part.restarts > 0 ? ` (${part.restarts} restarts)` : ''}`)
    .join(', ');
}
