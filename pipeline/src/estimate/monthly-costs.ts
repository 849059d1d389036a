/** What the sizes that a load needs cost a month. Pure. */
import type { Environment } from './environment.ts';
import type { Load } from './measure-load.ts';
import type { Price, PriceList } from './price-list.ts';
import type { Needs } from './size-services.ts';

export interface CostLine {
  readonly item: string;
  /** How it was come by, in words. */
  readonly why: string;
  readonly quantity: number;
  readonly unit: string;
  /** Null: unknown, and so is the line's cost. */
  readonly price: Price | null;
  readonly monthly: number | null;
  /** The price is one of another region. */
  readonly isForeign: boolean;
}

export interface Costs {
  readonly currency: string;
  readonly lines: readonly CostLine[];
  /** Of the lines whose price is known. */
  readonly monthly: number;
  readonly unknown: readonly string[];
}

const hours = 730;
const seconds = hours * 3600;
/** Autoscale costs half as much again for what it uses: https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale */
const autoscaleFactor = 1.5;
/** The app's host.json: a batch is taken at 100 events, or after half a second. */
const batch = { eventsMin: 100, everySeconds: 0.5 };
const partitions = 4;
const functions = 2;

export function costsOf(load: Load, needs: Needs, environment: Environment, eventsPerSecond: number, prices: PriceList): Costs {
  const gigabytesPerDay = (eventsPerSecond * load.bytesPerEvent * 86_400) / 1e9;
  const lines: CostLine[] = [];
  const add = (item: string, quantity: number, why: string) => {
    const price = prices.find(item, environment.location);
    lines.push({
      item,
      why,
      quantity,
      unit: prices.unitOf(item),
      price,
      monthly: price === null ? null : price.price * quantity,
      isForeign: price !== null && price.region !== environment.location,
    });
  };
  const { throughputUnits, streamingUnits, functionInstances } = needs;
  add('eventHubs.throughputUnitHour', throughputUnits.needs * hours, `${throughputUnits.needs} throughput units`);
  add('eventHubs.millionEvents', (eventsPerSecond * seconds) / 1e6, 'each event that is sent');
  for (const { container, needs: units } of needs.containers) {
    const scales = environment.cosmos.throughput[container]?.mode === 'autoscale';
    const why = `${container}: ${units.toLocaleString('en-US')} RU/s${scales ? ', autoscale' : ''}`;
    add('cosmos.requestUnits100Hour', (units / 100) * hours * (scales ? autoscaleFactor : 1), why);
  }
  add('cosmos.gigabyteMonth', storedGigabytes(load), 'documents of one day, then they expire');
  add('streamAnalytics.unitHour', streamingUnits.needs * hours, `${fraction(streamingUnits.needs)} streaming units (V2)`);
  const { instanceMemoryMB } = environment.functions;
  add(
    'functions.gigabyteSecond',
    functionInstances.needs * (instanceMemoryMB / 1024) * seconds,
    `${functionInstances.needs} instances of ${instanceMemoryMB} MB, busy all the time`,
  );
  const executions = executionsPerSecond(eventsPerSecond) * seconds;
  add('functions.tenExecutions', executions / 10, `${Math.round(executions / 1e6)} million executions`);
  const lakeRows = load.outputs
    .filter(({ writes }) => writes === null)
    .reduce((sum, { rowsPerSecond, bytesPerRow }) => sum + rowsPerSecond * bytesPerRow, 0);
  // The app archives each event as it came; Parquet of the processed hours takes about a fifth of that.
  const stored =
    (gigabytesPerDay + (lakeRows * 86_400) / 1e9) * environment.lake.rawDays +
    gigabytesPerDay * 0.2 * environment.lake.processedDays;
  add(
    'lake.gigabyteMonth',
    stored,
    `${environment.lake.rawDays} days of raw events, ${environment.lake.processedDays} of processed ones`,
  );
  add('lake.tenThousandWrites', ((executions / functions) * 2) / 10_000, 'two operations a batch that is archived');
  const logs = Math.min(environment.logs.dailyCapGb, 1) * (hours / 24);
  add('monitor.gigabyte', logs, `${environment.logs.dailyCapGb} GB a day at most; 1 GB a day is assumed`);
  return {
    currency: prices.currency,
    lines,
    monthly: lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0),
    unknown: lines.filter(({ price }) => price === null).map(({ item }) => item),
  };
}

/** Documents live for a day; those that are overwritten are there once. */
function storedGigabytes({ outputs, processed }: Load): number {
  const containers = [processed, ...outputs.flatMap(({ writes }) => writes ?? [])];
  const bytes = containers.reduce(
    (sum, { newDocumentsPerSecond, documents, bytesPerDocument }) =>
      sum + Math.max(documents, newDocumentsPerSecond * 86_400) * bytesPerDocument,
    0,
  );
  return bytes / 1e9;
}

/** Of processEvents and archiveRaw together. */
function executionsPerSecond(eventsPerSecond: number): number {
  const perPartition = Math.max(1 / batch.everySeconds, eventsPerSecond / partitions / batch.eventsMin);
  return functions * partitions * Math.min(perPartition, eventsPerSecond / partitions);
}

export function fraction(units: number): string {
  if (units < 0.5) return '1/3';
  return units < 1 ? '2/3' : String(units);
}
