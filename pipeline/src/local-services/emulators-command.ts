/** `asaql emulators`: the three emulators alone, for any program in any language, until stopped. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { onStopAsked } from '../cli/stop-asked.ts';
import { UsageError } from '../cli/usage-error.ts';
import { type HubDefinition, parseHub, projectHubs } from './definitions.ts';
import { freePort } from './free-port.ts';
import { type LocalServices, startLocalServices } from './start-local-services.ts';

interface EmulatorsOptions {
  readonly dataDir: string;
  readonly hubs: readonly HubDefinition[];
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly json: boolean;
}

export async function emulatorsCommand(root: string, argv: readonly string[]): Promise<number> {
  const options = parseArguments(root, argv);
  const ports = {
    eventHubs: await freePort(options.tls ? 5671 : 5672),
    cosmos: await freePort(8081),
    storage: await freePort(10000),
  };
  const services = await startLocalServices({
    dataDir: options.dataDir,
    ports,
    hubs: options.hubs,
    ...(options.tls ? { tls: options.tls } : {}),
    onError: (service, message) => process.stderr.write(`${service}: ${message}\n`),
  });
  const stopped = new Promise<void>((resolve) => onStopAsked(resolve));
  process.stdout.write(options.json ? `${JSON.stringify(description(services, options.hubs))}\n` : text(services, options));
  await stopped;
  await services.close();
  return 0;
}

function description(services: LocalServices, hubs: readonly HubDefinition[]): object {
  return {
    ...services.connectionStrings,
    hubs: Object.fromEntries(hubs.map((hub) => [hub.name, { partitions: hub.partitions, consumerGroups: hub.consumerGroups }])),
  };
}

function text(services: LocalServices, options: EmulatorsOptions): string {
  const { eventHubs, cosmos, storage } = services.connectionStrings;
  const hubs = options.hubs.map(
    (hub) => `  ${hub.name}: ${hub.partitions} partitions, consumer groups ${hub.consumerGroups.join(', ')}`,
  );
  return [
    `Event Hubs  ${eventHubs}`,
    `Cosmos DB   ${cosmos}`,
    `Storage     ${storage}`,
    'Hubs',
    ...hubs,
    `Data in ${options.dataDir}. Ctrl-C stops.`,
    '',
  ].join('\n');
}

function parseArguments(root: string, argv: readonly string[]): EmulatorsOptions {
  let dataDir = join(root, '.asaql');
  let json = false;
  let tls: EmulatorsOptions['tls'] = null;
  const hubs = new Map(projectHubs.map((hub) => [hub.name.toLowerCase(), hub]));
  const rest = [...argv];
  const value = (option: string, what: string) => {
    const next = rest.shift();
    if (next === undefined || next.startsWith('--')) throw new UsageError(`${option} needs ${what}.`);
    return next;
  };
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--json') json = true;
    else if (option === '--data') dataDir = resolve(value(option, 'a folder'));
    else if (option === '--tls') {
      const [cert, key] = [value(option, 'a certificate and a key file'), value(option, 'a certificate and a key file')];
      tls = { cert: pem(cert), key: pem(key) };
    } else if (option === '--hub') {
      const given = value(option, 'NAME:PARTITIONS[:GROUP,…]');
      const hub = parseHub(given);
      if (hub === null) throw new UsageError(`--hub ${given} is not possible: write NAME:PARTITIONS[:GROUP,…].`);
      hubs.set(hub.name.toLowerCase(), hub);
    } else throw new UsageError(`${option} is no option of asaql emulators: --data, --hub, --tls, --json.`);
  }
  return { dataDir, hubs: [...hubs.values()], tls, json };
}

function pem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
