/**
 * A job as a template for Azure Resource Manager with its parameters: the same project gives the same text. Keys are secure
 * parameters without a value. Writes nothing itself.
 *
 * https://learn.microsoft.com/azure/templates/microsoft.streamanalytics/streamingjobs
 */
import type { DataSource, JobConfig, Project, ProjectFunction, ProjectInput, ProjectOutput } from '../project/project.ts';
import { type Content, type ContentObject, isSecretName, Secret } from '../secret.ts';
import { literal, TemplateParameters, type TemplateValue } from './template-parameters.ts';

export interface JobTemplate {
  /** JSON with a line end. */
  readonly template: string;
  readonly parameters: string;
  /** Keys: they stand in no file, and are given at the deployment. */
  readonly secretParameters: readonly string[];
  /** Names that the project leaves empty: as well, or in a profile. */
  readonly openParameters: readonly string[];
  /** What of the project cannot be deployed by the template, a line each. */
  readonly leftOut: readonly string[];
}

/** The preview: the stable version knows no identity on a Cosmos DB output and no StandardV2. */
const apiVersion = '2021-10-01-preview';
const schemas = 'https://schema.management.azure.com/schemas/2019-04-01';

/** `query`: the whole, combined. */
export function jobTemplate(project: Project, query: string): JobTemplate {
  return new TemplateBuilder(project).build(query);
}

type Properties = Record<string, TemplateValue>;

class TemplateBuilder {
  readonly #project: Project;
  readonly #parameters = new TemplateParameters();
  readonly #leftOut: string[] = [];

  constructor(project: Project) {
    this.#project = project;
  }

  build(query: string): JobTemplate {
    const { job } = this.#project;
    const name = this.#parameters.plain('StreamAnalyticsJobName', this.#project.name);
    const location = this.#parameters.withDefault('Location', '[resourceGroup().location]');
    const resource: Properties = {
      type: 'Microsoft.StreamAnalytics/streamingjobs',
      apiVersion,
      name,
      location,
      ...(isEmpty(job?.content.Tags) ? {} : { tags: plain(job?.content.Tags ?? {}) }),
      ...(this.#signsInByIdentity() ? { identity: { type: 'SystemAssigned' } } : {}),
      properties: this.#jobProperties(query),
    };
    const template = {
      $schema: `${schemas}/deploymentTemplate.json#`,
      contentVersion: '1.0.0.0',
      parameters: this.#parameters.declarations,
      resources: [resource],
    };
    const parameters = {
      $schema: `${schemas}/deploymentParameters.json#`,
      contentVersion: '1.0.0.0',
      parameters: this.#parameters.values,
    };
    return {
      template: `${JSON.stringify(template, null, 2)}\n`,
      parameters: `${JSON.stringify(parameters, null, 2)}\n`,
      secretParameters: this.#parameters.secrets,
      openParameters: this.#parameters.opens,
      leftOut: this.#leftOut,
    };
  }

  /** A source that signs in by identity needs the job to have one. */
  #signsInByIdentity(): boolean {
    const sources = [...this.#project.inputs.map(({ source }) => source), ...this.#project.outputs.map(({ sink }) => sink)];
    return (
      (this.#project.job?.usesSystemAssignedIdentity ?? false) || sources.some((source) => usesIdentity(source?.properties ?? {}))
    );
  }

  #jobProperties(query: string): Properties {
    const { job, inputs, outputs, functions } = this.#project;
    const sku = job?.sku ?? { name: 'Standard', streamingUnits: 3 };
    return {
      sku: { name: sku.name },
      jobType: 'Cloud',
      compatibilityLevel: job?.compatibilityLevel ?? '1.2',
      dataLocale: job?.dataLocale ?? 'en-US',
      ...policiesOf(job),
      outputErrorPolicy: job?.outputErrorPolicy === 'Drop' ? 'Drop' : 'Stop',
      contentStoragePolicy: job?.contentStoragePolicy ?? 'SystemAccount',
      ...this.#storage(job),
      inputs: inputs.flatMap((input) => this.#input(input)),
      outputs: outputs.flatMap((output) => this.#output(output)),
      functions: functions.flatMap((one) => this.#function(one)),
      transformation: {
        name: 'Transformation',
        properties: { streamingUnits: this.#parameters.plain('StreamingUnits', sku.streamingUnits), query: literal(query) },
      },
    };
  }

  #storage(job: JobConfig | null): Properties {
    const storage = objectOf(job?.content.GlobalStorage);
    const account = storage.AccountName;
    if (typeof account !== 'string' || account === '' || job?.contentStoragePolicy !== 'JobStorageAccount') return {};
    return { jobStorageAccount: this.#properties('JobStorageAccount', storage, {}) };
  }

  #input(input: ProjectInput): readonly TemplateValue[] {
    const datasource = this.#source(`Input_${input.name}`, `The input '${input.name}'`, input.source, input.path);
    if (datasource === null) return [];
    const { serialization, compression, partitionKey } = input;
    const properties: Properties = {
      type: input.kind === 'stream' ? 'Stream' : 'Reference',
      datasource,
      ...(serialization === null ? {} : { serialization: serializationOf(serialization) }),
      ...(compression === null ? {} : { compression: { type: compression } }),
      ...(partitionKey === null ? {} : { partitionKey }),
    };
    return [{ name: input.name, properties }];
  }

  #output(output: ProjectOutput): readonly TemplateValue[] {
    const datasource = this.#source(`Output_${output.name}`, `The output '${output.name}'`, output.sink, output.path);
    if (datasource === null) return [];
    const { serialization, minimumRows, maximumTime } = output;
    const properties: Properties = {
      datasource,
      ...(serialization === null ? {} : { serialization: serializationOf(serialization) }),
      ...(maximumTime === null ? {} : { timeWindow: maximumTime }),
      ...(minimumRows === null ? {} : { sizeWindow: minimumRows }),
    };
    return [{ name: output.name, properties }];
  }

  #source(prefix: string, what: string, source: DataSource | null, path: string | null): TemplateValue | null {
    if (source?.kind)
      return {
        type: source.kind.azureType,
        properties: this.#properties(prefix, source.properties, source.kind.azureNames ?? {}),
      };
    this.#leftOut.push(
      path === null
        ? `${what} is a local one: give it a definition beside Inputs/Local_….`
        : `${what} has no kind that a template knows (${path}).`,
    );
    return null;
  }

  /** Texts are parameters, as they are other ones in each environment; what is not set is left out. */
  #properties(prefix: string, properties: ContentObject, azureNames: Readonly<Record<string, string>>): Properties {
    const byIdentity = usesIdentity(properties);
    const built: Properties = {};
    for (const [key, value] of Object.entries(properties)) {
      const name = azureNames[key] ?? `${key.slice(0, 1).toLowerCase()}${key.slice(1)}`;
      const parameter = `${prefix}_${name}`;
      if (isSecretName(key)) {
        if (!byIdentity) built[name] = this.#parameters.secret(parameter);
      } else if (value === null || (value === '' && fixed.has(key)) || (byIdentity && key === 'SharedAccessPolicyName')) continue;
      else if (key === 'StorageAccounts') built[name] = this.#accounts(prefix, value, byIdentity);
      else if (value instanceof Secret) built[name] = this.#parameters.secret(parameter);
      else if (typeof value === 'string' && !fixed.has(key))
        built[name] = value === '' ? this.#parameters.open(parameter) : this.#parameters.plain(parameter, value);
      else built[name] = plain(value);
    }
    return built;
  }

  #accounts(prefix: string, accounts: Content, byIdentity: boolean): TemplateValue {
    const all = Array.isArray(accounts) ? (accounts as readonly ContentObject[]) : [];
    return all.map((account) => this.#properties(prefix, byIdentity ? { ...account, AuthenticationMode: 'Msi' } : account, {}));
  }

  #function({ name, kind, language, code, parameters, returnType, content }: ProjectFunction): readonly TemplateValue[] {
    const text = (key: string) => (typeof content[key] === 'string' ? (content[key] as string) : '');
    const binding =
      language === 'javascript' && code !== null
        ? { type: 'Microsoft.StreamAnalytics/JavascriptUdf', properties: { script: literal(code.text) } }
        : language === 'csharp'
          ? {
              type: 'Microsoft.StreamAnalytics/CLRUdf',
              properties: {
                class: text('ClassName'),
                method: text('MethodName'),
                dllPath: text('DllPath') || `${text('AssemblyName')}.dll`,
              },
            }
          : null;
    if (binding === null) {
      this.#leftOut.push(`The function '${name}' has no code that a template can hold.`);
      return [];
    }
    const inputs = (parameters ?? []).map(({ type, isConfiguration }) => ({
      dataType: type,
      isConfigurationParameter: isConfiguration,
    }));
    const properties = {
      type: kind === 'scalar' ? 'Scalar' : 'Aggregate',
      properties: { inputs, output: { dataType: returnType ?? 'any' }, binding },
    };
    return [{ name, properties }];
  }
}

/** Texts that belong to the job itself and not to where it runs. */
const fixed: ReadonlySet<string> = new Set([
  ...['AuthenticationMode', 'DateFormat', 'TimeFormat', 'PathPattern', 'BlobWriteMode', 'PartitionKey', 'DocumentId', 'RowKey'],
  ...['RefreshType', 'RefreshRate', 'FullSnapshotQuery', 'DeltaSnapshotQuery', 'Endpoint'],
]);

function usesIdentity(properties: ContentObject): boolean {
  return typeof properties.AuthenticationMode === 'string' && /^msi$/i.test(properties.AuthenticationMode);
}

function policiesOf(job: JobConfig | null): Properties {
  const { lateArrivalMs = 5000, outOfOrderMs = 0, action = 'adjust' } = job?.policies ?? {};
  return {
    eventsOutOfOrderPolicy: action === 'drop' ? 'Drop' : 'Adjust',
    eventsOutOfOrderMaxDelayInSeconds: outOfOrderMs / 1000,
    eventsLateArrivalMaxDelayInSeconds: Number.isFinite(lateArrivalMs) ? lateArrivalMs / 1000 : -1,
  };
}

/** The type beside its own properties; what is not set is left out. */
function serializationOf(serialization: ContentObject): TemplateValue {
  const properties: Properties = {};
  for (const key of ['Encoding', 'FieldDelimiter', 'Format', 'SerializationDllPath', 'SerializationClassName']) {
    const value = serialization[key];
    if (typeof value === 'string' && value !== '') properties[`${key.slice(0, 1).toLowerCase()}${key.slice(1)}`] = value;
  }
  return { type: typeof serialization.Type === 'string' ? serialization.Type : 'Json', properties };
}

function objectOf(value: Content | undefined): ContentObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
    ? (value as ContentObject)
    : {};
}

function isEmpty(value: Content | undefined): boolean {
  return Object.keys(objectOf(value)).length === 0;
}

function plain(value: Content): TemplateValue {
  return JSON.parse(JSON.stringify(value), (_key, item) => (typeof item === 'string' ? literal(item) : item)) as TemplateValue;
}
