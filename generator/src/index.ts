// What the generator offers the other rooms.
export { deviceWeights, tierWeights } from './audience.ts';
export { premiereTitle, type Title, titles } from './catalogue.ts';
export { type City, cities, stormCityName } from './cities.ts';
export {
  createGenerator,
  eventsPerSecondMax,
  type GeneratedEvent,
  type Generator,
  type GeneratorOptions,
  type MalformedEvent,
  usersMax,
  type ValidEvent,
} from './generator.ts';
export {
  type ContentType,
  contentTypes,
  type DeviceType,
  deviceTypes,
  type EventType,
  eventTypes,
  type Location,
  type PlaybackEvent,
  playbackEventFields,
  type QualitySettings,
  type Resolution,
  resolutions,
  type SubscriptionTier,
  subscriptionTiers,
} from './playback-event.ts';
export { type MalformedFault, malformedFaults, requiredFields } from './scenarios/malformed.ts';
export { type ScenarioName, scenarioNames } from './scenarios/scenario-names.ts';
export { eventsPerSession, meanSessionSeconds } from './session.ts';
export { speedFactorFor } from './speed-factor.ts';
