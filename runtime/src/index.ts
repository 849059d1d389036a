/**
 * What other packages may know of the Functions app: its names, the shape of what it writes, and the fields of its log. The app
 * itself is the entry `@asaql/runtime/app`, which registers functions when it is imported.
 */
export { parseRawLine, type RawLine, rawFilePath } from './archive/raw-line.ts';
export { type Settings, settingsFrom } from './azure/settings.ts';
export { type BatchLog, type BatchLogField, batchLogFields, batchLogKind } from './batch-log.ts';
export { type HourMarker, markerPath, processedFolder } from './compaction/find-hours.ts';
export { bodyOf, type DeadLetter, type Original, parseDeadLetter } from './dead-letters/dead-letter.ts';
export { enrichEvent, type ProcessedEvent, processingVersion } from './enrich-event.ts';
export {
  aggregationsContainerName,
  connectionSettings,
  consumerGroups,
  databaseName,
  deadLetterFolder,
  deadLetterHubName,
  eventHubName,
  filesystems,
  lakeFolder,
  processedContainerName,
  processedPartitionKeyField,
} from './names.ts';
export { type Reason, type ReasonCode, reasonCodes } from './validation/reason.ts';
export { type PlaybackEvent, type Validation, validateBody, validateValue } from './validation/validate-event.ts';
