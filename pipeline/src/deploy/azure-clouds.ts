/** The clouds of Azure: where their management API is, and whose tokens it takes. */
export interface AzureCloud {
  readonly name: 'public' | 'usGovernment' | 'china';
  readonly resourceManager: string;
  /** What a token is asked for. */
  readonly scope: string;
  readonly authorityHost: string;
  /** Where an app takes its package; `{app}` stands for its name. */
  readonly publishUrl: string;
}

/** https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure, https://learn.microsoft.com/azure/china/resources-developer-guide */
export const azureClouds: readonly AzureCloud[] = [
  {
    name: 'public',
    resourceManager: 'https://management.azure.com',
    scope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    publishUrl: 'https://{app}.scm.azurewebsites.net',
  },
  {
    name: 'usGovernment',
    resourceManager: 'https://management.usgovcloudapi.net',
    scope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
    publishUrl: 'https://{app}.scm.azurewebsites.us',
  },
  {
    name: 'china',
    resourceManager: 'https://management.chinacloudapi.cn',
    scope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
    publishUrl: 'https://{app}.scm.chinacloudsites.cn',
  },
];
