/** No key where people or logs can read it: not in an output, a parameter, a setting of the app, or anything else but the vault. */
import type { Snapshot } from '../resource.ts';
import type { Finding, Rule } from './finding.ts';

/** How a key looks, and how a template fetches one. */
const keyLike =
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|sig)=|\blist(Account)?(Keys|ConnectionStrings|Sas|ServiceSas|Secrets)\s*\(|\blist[A-Z]\w*\(/i;
/** A property that holds a key; Stream Analytics has several. */
const keyNames =
  /^(accountKey|sharedAccessPolicyKey|primaryKey|secondaryKey|primaryConnectionString|password|storageAccountAccessKey)$/i;

export const noSecrets: Rule = (snapshot: Snapshot): Finding[] => [
  ...secretsIn(snapshot.outputs, 'outputs'),
  ...snapshot.predictedResources
    .filter(({ type }) => type !== 'Microsoft.KeyVault/vaults/secrets')
    .flatMap((resource) => secretsIn(resource, `${resource.type} ${resource.name}`)),
];

/** Every text of a value that is or fetches a key. Also for templates and parameter files. */
export function secretsIn(value: unknown, where: string, path = ''): Finding[] {
  if (typeof value === 'string') {
    return keyLike.test(value) ? [{ rule: 'no-secrets', where, problem: `${path || 'It'} holds or fetches a key.` }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    if (keyNames.test(name) && inner !== null) return [{ rule: 'no-secrets', where, problem: `${at} holds a key.` }];
    return secretsIn(inner, where, at);
  });
}

interface Template {
  readonly outputs?: Readonly<Record<string, { type?: string; value?: unknown }>>;
  readonly resources?: readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** The same for the outputs of a compiled template and of every module in it, which deployments keep in the open. */
export function secretsInOutputs(template: Template, where: string): Finding[] {
  const resources = Object.values(template.resources ?? {}) as {
    name?: string;
    type?: string;
    properties?: { template?: Template };
  }[];
  return [
    ...secretsIn(template.outputs ?? {}, `outputs of ${where}`),
    ...resources
      .filter(({ type }) => type === 'Microsoft.Resources/deployments')
      .flatMap(({ name, properties }) => secretsInOutputs(properties?.template ?? {}, `${where}/${name}`)),
  ];
}
