/** The sizes of an environment, `infra/environments/NAME.json`: what the deployment gives each service. Read and, on request, written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { UsageError } from '../cli/usage-error.ts';

export interface ContainerThroughput {
  readonly mode: 'manual' | 'autoscale';
  /** RU/s; with autoscale the highest. */
  readonly requestUnits: number;
}

export interface Environment {
  readonly environment: string;
  readonly location: string;
  readonly eventsPerSecond: number;
  readonly eventHubs: { readonly throughputUnits: number; readonly maximumThroughputUnits: number };
  readonly cosmos: { readonly throughput: Readonly<Record<string, ContainerThroughput>> };
  readonly lake: { readonly rawDays: number; readonly processedDays: number; readonly curatedDays: number };
  /** As the resource takes it: 3 is a third of a unit, 7 two thirds, 10 one, 20 two. */
  readonly streamAnalytics: { readonly streamingUnits: number };
  readonly functions: { readonly instanceMemoryMB: number; readonly maximumInstances: number };
  readonly logs: { readonly dailyCapGb: number };
}

const folder = 'infra/environments';

/** Throws a UsageError that lists the environments there are. */
export function readEnvironment(root: string, name: string): Environment {
  const path = environmentPath(root, name);
  if (!existsSync(path)) {
    const known = existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((file) => file.endsWith('.json'))
          .map((file) => basename(file, '.json'))
      : [];
    throw new UsageError(`There is no environment '${name}' in ${folder}. There are: ${known.join(', ') || 'none'}.`);
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Environment;
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

export interface Sizes {
  readonly eventsPerSecond: number;
  readonly throughputUnits: number;
  readonly requestUnits: Readonly<Record<string, number>>;
  readonly streamingUnits: number;
}

/** Writes sizes into the environment's file; everything else in it stays as it is. Returns the path. */
export function writeSizes(root: string, environment: Environment, sizes: Sizes): string {
  const path = environmentPath(root, environment.environment);
  let text = readFileSync(path, 'utf8');
  const set = (keys: string[], value: number) => {
    text = applyEdits(text, modify(text, keys, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
  };
  set(['eventsPerSecond'], sizes.eventsPerSecond);
  const scales = environment.eventHubs.maximumThroughputUnits > 0;
  set(['eventHubs', scales ? 'maximumThroughputUnits' : 'throughputUnits'], sizes.throughputUnits);
  set(['streamAnalytics', 'streamingUnits'], sizes.streamingUnits);
  for (const [container, units] of Object.entries(sizes.requestUnits)) {
    set(['cosmos', 'throughput', container, 'requestUnits'], units);
  }
  writeFileSync(path, text);
  return path;
}

function environmentPath(root: string, name: string): string {
  return join(root, folder, `${name}.json`);
}
