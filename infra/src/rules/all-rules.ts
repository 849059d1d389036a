/** Our own rules over an environment, and the one way to ask them all. */
import type { Snapshot } from '../resource.ts';
import { alertTargets } from './alert-targets.ts';
import { diagnosticSettings } from './diagnostic-settings.ts';
import type { Finding, Rule } from './finding.ts';
import { leastPrivilege } from './least-privilege.ts';
import { names } from './names.ts';
import { noSecrets } from './no-secrets.ts';
import { requiredValues } from './required-values.ts';
import { streamAnalytics } from './stream-analytics.ts';

const rules: readonly Rule[] = [
  requiredValues,
  leastPrivilege,
  diagnosticSettings,
  streamAnalytics,
  noSecrets,
  alertTargets,
  names,
];

export const checkSnapshot = (snapshot: Snapshot): Finding[] => rules.flatMap((rule) => rule(snapshot));
