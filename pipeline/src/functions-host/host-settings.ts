/** Reads what the host has to know of a Functions app besides its code: `host.json` and app settings. Starts nothing. */
import { readFileSync } from 'node:fs';

export type AppSettings = Readonly<Record<string, string | undefined>>;

/** Puts settings into the environment, where the app and the identity libraries look for them. */
export function applySettings(settings: AppSettings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** How events are gathered into batches, from `extensions.eventHubs` of host.json. */
export interface EventHubsOptions {
  readonly maxEventBatchSize: number;
  readonly minEventBatchSize: number;
  readonly maxWaitTimeMs: number;
  readonly prefetchCount: number;
  readonly batchCheckpointFrequency: number;
  readonly fromStart: boolean;
}

/** Throws one line that names the file and the entry which is wrong. */
export function readHostJson(path: string): EventHubsOptions {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const options = ((json as { extensions?: { eventHubs?: Record<string, unknown> } }).extensions?.eventHubs ?? {}) as Record<
    string,
    unknown
  >;
  const count = (name: string, otherwise: number): number => {
    const value = options[name] ?? otherwise;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      throw new Error(`${path}: extensions.eventHubs.${name} is ${JSON.stringify(value)}; it must be a whole number above 0.`);
    }
    return value;
  };
  const maxEventBatchSize = count('maxEventBatchSize', 100);
  return {
    maxEventBatchSize,
    minEventBatchSize: Math.min(count('minEventBatchSize', 1), maxEventBatchSize),
    maxWaitTimeMs: timeSpanMs(options.maxWaitTime ?? '00:01:00', path),
    prefetchCount: count('prefetchCount', 300),
    batchCheckpointFrequency: count('batchCheckpointFrequency', 1),
    fromStart: (options.initialOffsetOptions as { type?: unknown } | undefined)?.type !== 'fromEnd',
  };
}

function timeSpanMs(value: unknown, path: string): number {
  const match = /^(\d\d):(\d\d):(\d\d(?:\.\d{1,7})?)$/.exec(String(value));
  if (match === null)
    throw new Error(`${path}: extensions.eventHubs.maxWaitTime is ${JSON.stringify(value)}; it must read hh:mm:ss.`);
  return Math.round((Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])) * 1000);
}

/** Fills in `%NAME%` from the settings. Throws where a name has no value. */
export function resolveNames(text: string, settings: AppSettings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`App setting ${name} is missing (asked for by "${text}").`);
    return value;
  });
}
