/** The emulators' process under `asaql up`. */
import process from 'node:process';
import { childOptions, onStop, tellParent } from '../up/child-channel.ts';
import { projectHubs } from './definitions.ts';
import { type LocalServicesOptions, type ServiceName, startLocalServices } from './start-local-services.ts';

export interface EmulatorsProcessOptions {
  readonly dataDir: string;
  readonly ports: LocalServicesOptions['ports'];
}

export type EmulatorsMessage =
  | { readonly kind: 'ready'; readonly connectionStrings: Partial<Record<ServiceName, string>> }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly message: string };

const say = (message: EmulatorsMessage) => tellParent(message);

startLocalServices({
  ...childOptions<EmulatorsProcessOptions>(),
  hubs: projectHubs,
  onError: (service, message) => say({ kind: 'log', message: `${service}: ${message}` }),
}).then(
  (services) => {
    onStop(() => services.close());
    say({ kind: 'ready', connectionStrings: services.connectionStrings });
  },
  (error: Error) => {
    say({ kind: 'failed', message: error.message });
    console.error(error);
    process.exit(1);
  },
);
