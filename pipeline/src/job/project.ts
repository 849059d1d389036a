/**
 * What the local job needs of a Stream Analytics project: the query, its input, its outputs and its policies. Reads the
 * files of the existing tools as they are. Knows no connection.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimePolicies } from '@asaql/engine';
import { combineQueries } from '@asaql/project';

export type OutputDefinition =
  | {
      readonly kind: 'cosmos';
      readonly name: string;
      readonly database: string;
      readonly container: string;
      readonly partitionKeyField: string;
    }
  | { readonly kind: 'lake'; readonly name: string; readonly filesystem: string; readonly pathPattern: string };

export interface JobProject {
  readonly query: string;
  readonly input: { readonly name: string; readonly hub: string; readonly consumerGroup: string };
  readonly outputs: readonly OutputDefinition[];
  readonly policies: TimePolicies;
  readonly compatibilityLevel: '1.0' | '1.1' | '1.2';
}

/** A project that cannot be run: one line with the file, the key and what to write. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

export function readJobProject(folder: string): JobProject {
  const files = listed(join(folder, 'queries'), '.asaql').map((name) => ({
    name,
    text: readText(join(folder, 'queries', name)),
  }));
  const inputs = listed(join(folder, 'Inputs'), '.json').filter((name) => !name.startsWith('Local_'));
  const [inputFile] = inputs;
  if (inputs.length !== 1 || inputFile === undefined) {
    throw new ProjectError(`${join(folder, 'Inputs')} holds ${inputs.length} inputs: the local pipeline reads one Event Hub.`);
  }
  const outputFiles = listed(join(folder, 'Outputs'), '.json').map((name) => join(folder, 'Outputs', name));
  return {
    query: combineQueries(files),
    input: inputFrom(join(folder, 'Inputs', inputFile)),
    outputs: outputFiles.map(outputFrom),
    ...jobFrom(join(folder, 'JobConfig.json')),
  };
}

function inputFrom(path: string): JobProject['input'] {
  const file = new JsonFile(path);
  return {
    name: file.text('Name'),
    hub: file.text('EventHubProperties.EventHubName'),
    consumerGroup: file.text('EventHubProperties.ConsumerGroupName'),
  };
}

function outputFrom(path: string): OutputDefinition {
  const file = new JsonFile(path);
  const name = file.text('Name');
  switch (file.text('DataSourceType')) {
    case 'DocumentDB':
      return {
        kind: 'cosmos',
        name,
        database: file.text('DocumentDbProperties.Database'),
        container: file.text('DocumentDbProperties.ContainerName'),
        partitionKeyField: file.text('DocumentDbProperties.PartitionKey'),
      };
    case 'Blob Storage':
      return {
        kind: 'lake',
        name,
        filesystem: file.text('BlobStorageProperties.Container'),
        pathPattern: file.text('BlobStorageProperties.PathPattern'),
      };
    default:
      throw new ProjectError(
        `${path}: DataSourceType "${file.text('DataSourceType')}" is not run locally: use "DocumentDB" or "Blob Storage".`,
      );
  }
}

function jobFrom(path: string): Pick<JobProject, 'policies' | 'compatibilityLevel'> {
  const file = new JsonFile(path);
  const lateSeconds = file.count('EventsLateArrivalMaxDelayInSeconds');
  const level = file.text('CompatibilityLevel');
  if (level !== '1.0' && level !== '1.1' && level !== '1.2') {
    throw new ProjectError(`${path}: CompatibilityLevel is "${level}": write 1.0, 1.1 or 1.2.`);
  }
  return {
    policies: {
      // -1 accepts events however late: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics
      lateArrivalMs: lateSeconds < 0 ? Number.POSITIVE_INFINITY : lateSeconds * 1000,
      outOfOrderMs: file.count('EventsOutOfOrderMaxDelayInSeconds') * 1000,
      earlyArrivalMs: 300_000,
      action: file.text('EventsOutOfOrderPolicy') === 'Drop' ? 'drop' : 'adjust',
    },
    compatibilityLevel: level,
  };
}

/** A JSON file whose values are asked for by path; what is missing or of another type is named. */
class JsonFile {
  readonly #path: string;
  readonly #content: unknown;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#content = JSON.parse(readText(path));
    } catch (error) {
      if (error instanceof ProjectError) throw error;
      throw new ProjectError(`${path}: ${(error as Error).message}`);
    }
  }

  text(key: string): string {
    const value = this.#value(key);
    if (typeof value === 'string' && value !== '') return value;
    throw new ProjectError(`${this.#path}: ${key} is ${JSON.stringify(value) ?? 'missing'}: write a text.`);
  }

  count(key: string): number {
    const value = this.#value(key);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new ProjectError(`${this.#path}: ${key} is ${JSON.stringify(value) ?? 'missing'}: write a number.`);
  }

  #value(key: string): unknown {
    let value: unknown = this.#content;
    for (const name of key.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name];
    return value;
  }
}

function listed(folder: string, extension: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(extension))
      .sort();
  } catch (error) {
    throw new ProjectError(`${folder} cannot be read: ${(error as Error).message}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ProjectError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
