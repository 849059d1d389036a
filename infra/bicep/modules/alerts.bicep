// The alerts of /monitoring/alerts.json: on metrics of the services, and on queries over the workspace.
param environment string
param location string
param tags object
param actionGroupId string
param workspaceId string

@description('Resource id by the target that an alert names.')
param targets object

var alerts = loadJsonContent('../../../monitoring/alerts.json')
var texts = {
  'function-failures': loadTextContent('../../../monitoring/alerts/function-failures.kql')
  'functions-behind': loadTextContent('../../../monitoring/alerts/functions-behind.kql')
  'dead-letters-rising': loadTextContent('../../../monitoring/alerts/dead-letters-rising.kql')
}

resource metricAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in alerts.metrics: {
    name: '${alert.name}-${environment}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [targets[alert.target]]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: alert.namespace
            metricName: alert.metric
            operator: alert.operator
            threshold: alert.threshold
            timeAggregation: alert.aggregation
            dimensions: map(
              alert.dimensions,
              dimension => { name: dimension.name, operator: 'Include', values: dimension.values }
            )
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]

resource queryAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts.queries: {
    name: '${alert.name}-${environment}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      // A new workspace has none of the tables until the first line arrives.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: texts[alert.name]
            timeAggregation: 'Count'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
