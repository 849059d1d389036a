// The doors of the emulators: one start function each, and the shapes of their options. Knows nothing of how they work inside.

export { countLeaves } from './cosmos/json.ts';
export { insertCharge, replaceCharge } from './cosmos/request-charge.ts';
export {
  type CosmosContainerOptions,
  type CosmosEmulator,
  type CosmosOptions,
  cosmosEmulatorKey,
  startCosmos,
} from './cosmos/start-cosmos.ts';
export {
  type AccessKey,
  type AccessRight,
  DEFAULT_EVENT_HUBS_KEY,
  type EventHubsEmulator,
  type EventHubsEmulatorOptions,
  type HubOptions,
  startEventHubs,
} from './event-hubs/event-hubs-emulator.ts';
export { type StorageEmulator, type StorageOptions, startStorage } from './storage/start-storage.ts';
