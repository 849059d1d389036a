/** Starts the emulators that are asked for, in this process, over one data folder. */
import { join } from 'node:path';
import { startCosmos, startEventHubs, startStorage } from '@asaql/emulators';
import type { HubDefinition } from './definitions.ts';
import { projectDatabases, projectFilesystems } from './definitions.ts';

export type ServiceName = 'eventHubs' | 'cosmos' | 'storage';

export interface LocalServicesOptions {
  readonly dataDir: string;
  /** A port for each service to start; one that is left out is not started. 0 takes any. */
  readonly ports: Partial<Record<ServiceName, number>>;
  readonly hubs: readonly HubDefinition[];
  /** PEM texts of a certificate and its key. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly onError: (service: ServiceName, message: string) => void;
}

export interface LocalServices {
  /** Connection strings that the official SDKs take, of the services that were started. */
  readonly connectionStrings: Partial<Record<ServiceName, string>>;
  readonly ports: Partial<Record<ServiceName, number>>;
  close(): Promise<void>;
}

export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const started: {
    readonly name: ServiceName;
    readonly port: number;
    readonly connectionString: string;
    close(): Promise<void>;
  }[] = [];
  const shared = { now: Date.now, ...(options.tls ? { tls: options.tls, acceptTokens: true } : {}) };
  const { eventHubs, cosmos, storage } = options.ports;
  const onError = (service: ServiceName) => (error: Error | string) =>
    options.onError(service, error instanceof Error ? error.message : error);
  try {
    if (eventHubs !== undefined) {
      const dataDir = join(options.dataDir, 'event-hubs');
      const emulator = await startEventHubs({
        ...shared,
        dataDir,
        port: eventHubs,
        hubs: options.hubs,
        onError: onError('eventHubs'),
      });
      started.push({ name: 'eventHubs', ...closable(emulator) });
    }
    if (cosmos !== undefined) {
      const dataDir = join(options.dataDir, 'cosmos');
      const emulator = await startCosmos({
        ...shared,
        dataDir,
        port: cosmos,
        databases: projectDatabases,
        onError: onError('cosmos'),
      });
      started.push({ name: 'cosmos', ...closable(emulator) });
    }
    if (storage !== undefined) {
      const dataDir = join(options.dataDir, 'lake');
      const emulator = await startStorage({
        ...shared,
        dataDir,
        port: storage,
        filesystems: projectFilesystems,
      });
      started.push({ name: 'storage', ...closable(emulator) });
    }
  } catch (error) {
    await Promise.allSettled(started.map((one) => one.close()));
    throw error;
  }
  return {
    connectionStrings: Object.fromEntries(started.map((one) => [one.name, one.connectionString])),
    ports: Object.fromEntries(started.map((one) => [one.name, one.port])),
    close: async () => {
      await Promise.all(started.map((one) => one.close()));
    },
  };
}

interface Emulator {
  readonly port: number;
  readonly connectionString: string;
  close(): Promise<void>;
}

function closable(emulator: Emulator): Emulator {
  return { port: emulator.port, connectionString: emulator.connectionString, close: () => emulator.close() };
}
