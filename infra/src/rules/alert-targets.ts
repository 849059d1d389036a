/** Each alert watches something that is there, by a metric that it has, and tells somebody. */
import { ofType, type Resource, type Snapshot, textAt, valueAt } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

/** Of the pages https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index: the metrics that we watch, by namespace. */
const metrics: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.EventHub/namespaces': [
    'ThrottledRequests',
    'ServerErrors',
    'UserErrors',
    'QuotaExceededErrors',
    'IncomingMessages',
    'OutgoingMessages',
  ],
  'Microsoft.StreamAnalytics/streamingjobs': [
    'Errors',
    'OutputWatermarkDelaySeconds',
    'ResourceUtilization',
    'InputEventsSourcesBacklogged',
    'ConversionErrors',
    'DeserializationError',
  ],
  'Microsoft.DocumentDB/databaseAccounts': [
    'NormalizedRUConsumption',
    'TotalRequests',
    'TotalRequestUnits',
    'ServiceAvailability',
  ],
  'Microsoft.Storage/storageAccounts': ['Availability', 'SuccessE2ELatency', 'SuccessServerLatency', 'Transactions'],
};

/** What must be watched: namespace and metric, or the name of the query alert. */
const watched = [
  'Microsoft.EventHub/namespaces ThrottledRequests',
  'Microsoft.StreamAnalytics/streamingjobs InputEventsSourcesBacklogged',
  'Microsoft.StreamAnalytics/streamingjobs Errors',
  'Microsoft.StreamAnalytics/streamingjobs OutputWatermarkDelaySeconds',
  'Microsoft.DocumentDB/databaseAccounts NormalizedRUConsumption',
  'Microsoft.DocumentDB/databaseAccounts TotalRequests',
  'Microsoft.Storage/storageAccounts Availability',
  'function-failures',
];

const finding = (where: string, problem: string): Finding => ({ rule: 'alerts', where, problem });

export const alertTargets: Rule = (snapshot) => {
  const groups = new Set(ofType(snapshot, 'Microsoft.Insights/actionGroups').map(({ id }) => id));
  const metricAlerts = ofType(snapshot, 'Microsoft.Insights/metricAlerts');
  const queryAlerts = ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules');
  const seen = new Set([
    ...metricAlerts.map((alert) => `${criterion(alert, 'metricNamespace')} ${criterion(alert, 'metricName')}`),
    ...queryAlerts.map((alert) => textAt(alert.properties, 'displayName')),
  ]);
  return [
    ...metricAlerts.flatMap((alert) => metricProblems(snapshot, alert)),
    ...metricAlerts.filter((alert) => !groups.has(textAt(alert.properties, 'actions.0.actionGroupId'))).map(untold),
    ...queryAlerts.filter((alert) => !groups.has(textAt(alert.properties, 'actions.actionGroups.0'))).map(untold),
    ...watched.filter((what) => !seen.has(what)).map((what) => finding('alerts', `Nothing watches ${what}.`)),
  ];
};

const criterion = (alert: Resource, name: string): string => textAt(alert.properties, `criteria.allOf.0.${name}`);
const untold = (alert: Resource): Finding =>
  finding(`${alert.type} ${alert.name}`, 'It tells no action group of this environment.');

function metricProblems(snapshot: Snapshot, alert: Resource): Finding[] {
  const where = `${alert.type} ${alert.name}`;
  const scope = valueAt(alert.properties, 'scopes.0');
  const target = snapshot.predictedResources.find(({ id }) => id === scope);
  const namespace = criterion(alert, 'metricNamespace');
  const metric = criterion(alert, 'metricName');
  if (target === undefined) return [finding(where, `It watches ${scope}, which is not there.`)];
  if (target.type !== namespace) return [finding(where, `It watches a ${target.type} by a metric of ${namespace}.`)];
  return metrics[namespace]?.includes(metric) ? [] : [finding(where, `${namespace} has no metric ${metric} that we know.`)];
}
