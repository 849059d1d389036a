// Who acts: one identity for the Functions app, one for the Stream Analytics job. What each may do stands beside the resource.
param environment string
param location string
param tags object

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-netflix-functions-${environment}'
  location: location
  tags: tags
}

resource job 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-netflix-job-${environment}'
  location: location
  tags: tags
}

output functionsId string = functions.id
output functionsClientId string = functions.properties.clientId
output functionsPrincipalId string = functions.properties.principalId
output jobId string = job.id
output jobPrincipalId string = job.properties.principalId
