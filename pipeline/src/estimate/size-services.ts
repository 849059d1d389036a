/**
 * From a measured load to what each service must be given, and what of it an environment does not have. Pure.
 * Limits and steps are those of the services' pages, named at each.
 */
import { busiestAverage } from './document-writes.ts';
import type { Environment } from './environment.ts';
import type { Load } from './measure-load.ts';

export interface Need {
  readonly resource: string;
  readonly unit: string;
  /** What the load takes in the long run: with less, what waits grows without end. */
  readonly sustained: number;
  /** What it takes in its busiest ten seconds: with less, results are late at the end of each window. */
  readonly busiest: number;
  /** The next size that can be bought, with a quarter to spare. */
  readonly needs: number;
  readonly has: number;
}

export interface Needs {
  readonly throughputUnits: Need;
  readonly containers: readonly (Need & { readonly container: string })[];
  /** In units of a node: a third is the smallest. */
  readonly streamingUnits: Need;
  /** GB that the fullest logical partition comes to hold. */
  readonly partition: Need;
  readonly functionInstances: Need;
}

/** Readers of the hub: the job, processEvents, archiveRaw. */
const readers = 3;
/** A throughput unit: https://learn.microsoft.com/azure/event-hubs/event-hubs-scalability */
const unitIn = { eventsPerSecond: 1000, bytesPerSecond: 1_000_000 };
const unitOut = { eventsPerSecond: 4096, bytesPerSecond: 2_000_000 };
/** Left free, so that what was missed in an outage can be made up for. */
const headroom = 1.25;
/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits */
const partitionGbMax = 20;
const manualMin = 400;
const autoscaleMin = 1000;
/**
 * 5,000 events/s of a query that passes events through keep 6 V1 units, one node, busy:
 * https://learn.microsoft.com/azure/stream-analytics/stream-analytics-parallelization#achieving-higher-throughputs-at-scale
 */
const passedThroughPerUnit = 5000;
/** What one instance of the app stores and archives a second. An assumption: no figure is published. */
const eventsPerInstance = 2000;
const secondsPerDay = 86_400;

export function needsOf(load: Load, environment: Environment, eventsPerSecond: number): Needs {
  const bytesPerSecond = eventsPerSecond * load.bytesPerEvent;
  const { eventHubs, streamAnalytics, functions } = environment;
  const hub = Math.max(
    eventsPerSecond / unitIn.eventsPerSecond,
    bytesPerSecond / unitIn.bytesPerSecond,
    (readers * eventsPerSecond) / unitOut.eventsPerSecond,
    (readers * bytesPerSecond) / unitOut.bytesPerSecond,
  );
  const node = (eventsPerSecond / passedThroughPerUnit) * load.workRatio;
  const { processed } = load;
  const partitionGb =
    (processed.newDocumentsPerSecond * secondsPerDay * processed.bytesPerDocument) / Math.max(1, processed.partitionKeys) / 1e9;
  const instances = (2 * eventsPerSecond) / eventsPerInstance;
  return {
    throughputUnits: {
      resource: 'Event Hubs namespace',
      unit: 'throughput units',
      ...steady(hub),
      needs: Math.max(1, Math.ceil(hub * headroom)),
      has: Math.max(eventHubs.throughputUnits, eventHubs.maximumThroughputUnits),
    },
    containers: containerNeeds(load, environment),
    streamingUnits: {
      resource: 'Stream Analytics job',
      unit: 'streaming units (V2)',
      ...steady(node),
      needs: unitsFromNodes(node * headroom),
      has: unitsFromResource(streamAnalytics.streamingUnits),
    },
    partition: {
      resource: 'fullest partition of processed-events after a day',
      unit: 'GB',
      ...steady(partitionGb),
      needs: partitionGb,
      has: partitionGbMax,
    },
    functionInstances: {
      resource: 'Functions app',
      unit: 'instances',
      ...steady(instances),
      needs: Math.max(2, Math.ceil(instances * headroom)),
      has: functions.maximumInstances,
    },
  };
}

const steady = (takes: number) => ({ sustained: takes, busiest: takes });

function containerNeeds(load: Load, { cosmos }: Environment): Needs['containers'] {
  const { averageRequestUnits, busiestRequestUnits } = load.processed;
  const loads = [{ container: 'processed-events', sustained: averageRequestUnits, busiest: busiestRequestUnits }];
  for (const [container, series] of Object.entries(load.containers)) {
    const measured = series.subarray(load.simulatedSeconds - load.measuredSeconds);
    const sustained = measured.reduce((sum, units) => sum + units, 0) / load.measuredSeconds;
    loads.push({ container, sustained, busiest: busiestAverage(measured) });
  }
  return loads.map(({ container, sustained, busiest }) => {
    const throughput = cosmos.throughput[container];
    const [least, step] = throughput?.mode === 'autoscale' ? [autoscaleMin, 1000] : [manualMin, 100];
    return {
      container,
      resource: `container ${container}`,
      unit: 'RU/s',
      sustained,
      busiest,
      needs: Math.max(least, Math.ceil((busiest * headroom) / step) * step),
      has: throughput?.requestUnits ?? 0,
    };
  });
}

export function allNeeds(needs: Needs): readonly Need[] {
  return [needs.throughputUnits, ...needs.containers, needs.streamingUnits, needs.partition, needs.functionInstances];
}

/** What does not hold, the worst first. */
export function breaksFirst(needs: Needs): readonly Need[] {
  return allNeeds(needs)
    .filter(({ sustained, has }) => sustained > has)
    .sort((a, b) => b.sustained / Math.max(b.has, 0.001) - a.sustained / Math.max(a.has, 0.001));
}

/** What holds in the long run, but not at once when a window ends. */
export function isLateInBursts({ sustained, busiest, has }: Need): boolean {
  return sustained <= has && busiest > has;
}

/** A third, two thirds, or whole nodes. */
function unitsFromNodes(nodes: number): number {
  if (nodes <= 1 / 3) return 1 / 3;
  return nodes <= 2 / 3 ? 2 / 3 : Math.ceil(nodes);
}

function unitsFromResource(units: number): number {
  if (units === 3) return 1 / 3;
  return units === 7 ? 2 / 3 : units / 10;
}

/** As the resource takes it: https://learn.microsoft.com/azure/stream-analytics/stream-analytics-streaming-unit-consumption */
export function resourceUnits(units: number): number {
  if (units < 0.5) return 3;
  return units < 1 ? 7 : Math.round(units * 10);
}
