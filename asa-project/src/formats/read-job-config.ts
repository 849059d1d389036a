/** JobConfig.json: https://learn.microsoft.com/azure/stream-analytics/job-config-json. Knows no other file. */
import type { CompatibilityLevel } from '@asaql/parser';
import type { JobConfig } from '../project/project.ts';
import { type ContentObject, shown, withSecrets } from '../secret.ts';
import type { JsonDocument } from '../text/json-document.ts';
import type { JsonObject } from '../text/json-object.ts';

/** 20 days, 23:59:59: https://learn.microsoft.com/stream-analytics-query/time-skew-policies-azure-stream-analytics */
const lateSecondsMax = 1_814_399;

/** Events further ahead of their arrival are dropped by every job; no file says so. */
const earlyArrivalMs = 300_000;

/** What a file lacks has the service's default. */
export function readJobConfig(document: JsonDocument): JobConfig | null {
  const file = document.root;
  if (file === null) return null;
  const lateSeconds = seconds(file, 'EventsLateArrivalMaxDelayInSeconds', 5, -1);
  const sku = file.object('Sku');
  return {
    path: document.path,
    policies: {
      // -1 accepts events however late.
      lateArrivalMs: lateSeconds < 0 ? Number.POSITIVE_INFINITY : lateSeconds * 1000,
      outOfOrderMs: seconds(file, 'EventsOutOfOrderMaxDelayInSeconds', 0, 0) * 1000,
      earlyArrivalMs,
      action: oneOf(file, 'EventsOutOfOrderPolicy', ['Adjust', 'Drop']) === 'Drop' ? 'drop' : 'adjust',
    },
    compatibilityLevel: levelOf(file),
    dataLocale: file.text('DataLocale') ?? 'en-US',
    outputErrorPolicy: oneOf(file, 'OutputErrorPolicy', ['Stop', 'Drop', 'Retry']),
    sku: {
      name: sku?.text('Name') ?? 'Standard',
      streamingUnits: sku?.number('StreamingUnits') ?? file.number('StreamingUnits') ?? 3,
    },
    usesSystemAssignedIdentity: file.flag('UseSystemAssignedIdentity') ?? false,
    contentStoragePolicy: file.text('ContentStoragePolicy') ?? 'SystemAccount',
    content: withSecrets(file.value) as ContentObject,
  };
}

function levelOf(file: JsonObject): CompatibilityLevel {
  const level = file.any('CompatibilityLevel') ?? '1.2';
  if (level === '1.0' || level === '1.1' || level === '1.2') return level;
  file.tell(
    'PRJ0003',
    'error',
    'CompatibilityLevel',
    `The value is ${shown(level, 'CompatibilityLevel')}: write "1.0", "1.1" or "1.2". The file is read with "1.2".`,
  );
  return '1.2';
}

function seconds(file: JsonObject, key: string, otherwise: number, least: number): number {
  const value = file.number(key) ?? otherwise;
  if (value >= least && value <= lateSecondsMax) return value;
  file.tell('PRJ0003', 'error', key, `The value is ${value}: write seconds from ${least} to ${lateSecondsMax}.`);
  return otherwise;
}

/** The first of them where nothing is said. */
function oneOf<Name extends string>(file: JsonObject, key: string, names: readonly [Name, ...Name[]]): Name {
  const said = file.text(key);
  if (said === null) return names[0];
  const found = names.find((name) => name.toLowerCase() === said.toLowerCase());
  if (found !== undefined) return found;
  file.tell('PRJ0003', 'error', key, `The value is ${shown(said, key)}: write one of ${names.join(', ')}.`);
  return names[0];
}
