// What the settings of an environment hold (../environments/*.json): a wrong or missing size is found when it is compiled.

@export()
type throughput = {
  @description('Fixed, or growing from a tenth of the figure to the figure.')
  mode: 'manual' | 'autoscale'
  @minValue(400)
  requestUnits: int
}

@export()
type eventHubsSettings = {
  @minValue(1)
  @maxValue(40)
  throughputUnits: int
  @description('Up to where the namespace grows by itself; 0: it does not.')
  @minValue(0)
  @maxValue(40)
  maximumThroughputUnits: int
  @description('Allows the send-only and listen-only keys, and puts them into the vault.')
  localAuth: bool
}

@export()
type cosmosSettings = {
  @description('By container.')
  throughput: { *: throughput }
  zoneRedundant: bool
}

@export()
type lakeSettings = {
  sku: 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS'
  rawDays: int
  processedDays: int
  curatedDays: int
  coolAfterDays: int
}

@export()
type functionsSettings = {
  instanceMemoryMB: 512 | 2048 | 4096
  @minValue(1)
  @maxValue(1000)
  maximumInstances: int
  @description('Requests to Cosmos DB at once, per invocation.')
  cosmosConcurrency: int
}

@export()
type logSettings = {
  @minValue(30)
  @maxValue(730)
  retentionDays: int
  @description('Lines beyond it are not taken that day.')
  dailyCapGb: int
}

@export()
type settings = {
  environment: 'dev' | 'staging' | 'prod'
  location: string
  @description('The load that the sizes below are meant for.')
  eventsPerSecond: int
  eventHubs: eventHubsSettings
  cosmos: cosmosSettings
  lake: lakeSettings
  streamAnalytics: {
    @description('3: a third of a unit of StandardV2, 7: two thirds, 10: one unit, 20: two, up to 660.')
    streamingUnits: int
  }
  functions: functionsSettings
  logs: logSettings
  keyVault: {
    @description('A deleted vault cannot be purged, nor its name used again, for 90 days.')
    purgeProtection: bool
  }
  alertEmails: string[]
}

@export()
type hub = { name: string, partitions: int, retentionHours: int, consumerGroups: string[] }

@export()
type authorizationRule = { name: string, right: 'Send' | 'Listen' }

@export()
type container = { name: string, partitionKey: string, ttlSeconds: int }

@export()
type principalType = 'User' | 'Group' | 'ServicePrincipal'
