/** What a rate takes of each service, what that costs, and what breaks first: the functions behind the command and the editor. */
import { resolve } from 'node:path';
import { readJobProject } from '../job/project.ts';
import type { Environment } from './environment.ts';
import { type Load, type LoadOptions, measureLoad } from './measure-load.ts';
import { type Costs, costsOf } from './monthly-costs.ts';
import type { PriceList } from './price-list.ts';
import { breaksFirst, type Need, type Needs, needsOf } from './size-services.ts';

export interface EstimateOptions extends Omit<LoadOptions, 'project'> {
  readonly projectFolder: string;
  readonly environment: Environment;
  readonly prices: PriceList;
}

export interface Estimate {
  readonly eventsPerSecond: number;
  readonly environment: Environment;
  readonly load: Load;
  readonly needs: Needs;
  readonly breaksFirst: readonly Need[];
  readonly costs: Costs;
  /** What is not measured but taken to be so. */
  readonly assumptions: readonly string[];
}

/** Throws an Error with one line where the project cannot be run. */
export function estimate(options: EstimateOptions): Estimate {
  const { environment, eventsPerSecond, prices } = options;
  const project = readJobProject(resolve(options.projectFolder));
  const load = measureLoad({ ...options, project });
  const needs = needsOf(load, environment, eventsPerSecond);
  return {
    eventsPerSecond,
    environment,
    load,
    needs,
    breaksFirst: breaksFirst(needs),
    costs: costsOf(load, needs, environment, eventsPerSecond, prices),
    assumptions: assumptionsOf(load),
  };
}

function assumptionsOf({ workRatio }: Load): string[] {
  return [
    'Request units follow the published points (writing 1 KB about 5.5 RU, overwriting twice that), every field indexed; the service may charge otherwise.',
    `Streaming units: 5,000 events/s of a query that passes events through fill one unit, as the documentation shows; this job works ${workRatio.toFixed(1)} times as much for an event in the local engine. A rough guide: watch the job's utilisation.`,
    'Functions: one instance stores or archives 2,000 events/s, and instances are billed as busy all the time. Neither is published.',
    '"To hold" is the next size that writes the busiest ten seconds in ten seconds, with a quarter to spare for what was missed in an outage. Alerts, Key Vault, traffic and what changes with use are not in the sum.',
  ];
}
