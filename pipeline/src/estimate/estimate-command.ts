/** `asaql estimate`: what a rate takes of each service, what it costs, and what breaks first. */
import { resolve } from 'node:path';
import process from 'node:process';
import { readOptions } from '../cli/read-options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadSettings } from '../config/load-settings.ts';
import { readEnvironment, writeSizes } from './environment.ts';
import { type Estimate, estimate } from './estimate.ts';
import { estimateReport } from './estimate-report.ts';
import { onlinePrices, type PriceList, priceApiUrl, shippedPrices } from './price-list.ts';
import { resourceUnits } from './size-services.ts';

export const estimateUsage =
  'asaql estimate [PROJECT] --eps N [--users N] [--minutes N] [--environment NAME] [--seed N] [--online] [--write] [--json]';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const estimateOptions = {
  eps: text,
  users: text,
  minutes: text,
  environment: text,
  seed: text,
  online: flag,
  write: flag,
  json: flag,
};

/** Windows of ten minutes are the longest of the seven queries. */
const warmUpMinutes = 10;

export async function estimateCommand(root: string, argv: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, estimateOptions, estimateUsage);
  if (positionals.length > 1)
    throw new UsageError(`asaql estimate takes one project, not ${positionals.length}. Usage: ${estimateUsage}`);
  if (values.eps === undefined)
    throw new UsageError(`--eps is missing: the events a second to estimate for. Usage: ${estimateUsage}`);
  const settings = loadSettings(root, process.env);
  const environment = readEnvironment(root, values.environment ?? 'dev');
  const told = estimate({
    projectFolder: resolve(positionals[0] ?? resolve(root, settings.projectDir)),
    environment,
    prices: await pricesFor(environment.location, values.online ?? false),
    eventsPerSecond: count('--eps', values.eps, 1_000_000),
    users: count('--users', values.users ?? String(settings.users), 10_000_000),
    seed: count('--seed', values.seed ?? '1', Number.MAX_SAFE_INTEGER),
    warmUpSeconds: warmUpMinutes * 60,
    measuredSeconds: count('--minutes', values.minutes ?? '5', 1440) * 60,
    clockMs: () => performance.now(),
    onSecond: progressOn(process.stderr),
  });
  if (values.write) {
    const path = writeSizes(root, environment, sizesOf(told));
    process.stderr.write(`The sizes that ${told.eventsPerSecond} events/s need are in ${path}.\n`);
  }
  process.stdout.write(values.json ? `${JSON.stringify(plain(told), null, 2)}\n` : `${estimateReport(told)}\n`);
  return 0;
}

async function pricesFor(region: string, isOnline: boolean): Promise<PriceList> {
  if (!isOnline) return shippedPrices();
  const { prices, notes } = await onlinePrices(region, process.env.ASAQL_PRICE_API ?? priceApiUrl);
  for (const note of notes) process.stderr.write(`${note}\n`);
  return prices;
}

function sizesOf({ eventsPerSecond, needs }: Estimate) {
  return {
    eventsPerSecond,
    throughputUnits: needs.throughputUnits.needs,
    requestUnits: Object.fromEntries(needs.containers.map(({ container, needs: units }) => [container, units])),
    streamingUnits: resourceUnits(needs.streamingUnits.needs),
  };
}

/** What a program reads: without the series. */
function plain({ load, ...rest }: Estimate): object {
  const { containers: _, ...measured } = load;
  return { ...rest, load: measured };
}

function progressOn(stream: NodeJS.WriteStream): (second: number, seconds: number) => void {
  if (!stream.isTTY) return () => undefined;
  return (second, seconds) => {
    const isLast = second === seconds - 1;
    stream.write(isLast ? '\r\u001b[K' : `\rsimulating ${Math.round((second / seconds) * 100)} % …`);
  };
}

function count(option: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new UsageError(`${option} is "${text}": write a whole number from 1 to ${max}.`);
}
