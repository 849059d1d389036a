/** The files of new inputs, outputs and functions, as the tools write them, without keys. Knows no project. */
import type { SourceKind } from '../formats/data-sources.ts';
import { isSecretName } from '../secret.ts';
import { type FileChange, jsonText } from './file-change.ts';

/** What a property is where nothing was said: as the tools have it, but signing in by identity. */
const defaults: Readonly<Record<string, unknown>> = {
  ...{
    AuthenticationMode: 'Msi',
    ConsumerGroupName: '$Default',
    DateFormat: 'yyyy/MM/dd',
    TimeFormat: 'HH',
    Endpoint: 'messages/events',
  },
  ...{
    BlobWriteMode: 'Append',
    MaxBatchSize: 262_144,
    MaxBatchCount: 100,
    MaxWriterCount: 1,
    DocumentId: 'id',
    PropertyColumns: [],
  },
  ...{
    StorageAccounts: [{ AccountName: '', AccountKey: null }],
    SystemPropertyColumns: null,
    ColumnsToRemove: [],
    BatchSize: 100,
  },
  ...{ RefreshType: 'Static', SharedAccessPolicyName: null },
};

function propertiesOf(kind: SourceKind): object {
  const keys = kind.properties.filter((key) => key !== 'PartitionCount');
  return Object.fromEntries(keys.map((key) => [key, key in defaults ? defaults[key] : isSecretName(key) ? null : '']));
}

export function newInput(name: string, type: 'stream' | 'reference', kind: SourceKind): FileChange {
  const content = {
    ...{ Name: name, Type: type === 'stream' ? 'Data Stream' : 'Reference data', DataSourceType: kind.named },
    ...{ [kind.block]: propertiesOf(kind), DataSourceCredentialDomain: null },
    ...(kind.named === 'SQL Database' ? {} : { Serialization: { Type: 'Json', Encoding: 'UTF8' } }),
    ...(type === 'stream' ? { PartitionKey: null, CompressionType: 'None' } : {}),
    ScriptType: 'Input',
  };
  return { path: `Inputs/${name}.json`, text: jsonText(content) };
}

const withSerialization: ReadonlySet<string> = new Set([
  'EventHubProperties',
  'BlobStorageProperties',
  'ServiceBusTopicProperties',
  'ServiceBusQueueProperties',
  'AzureDataLakeStoreProperties',
]);

export function newOutput(name: string, kind: SourceKind): FileChange {
  const content = {
    ...{ Name: name, DataSourceType: kind.named, [kind.block]: propertiesOf(kind), DataSourceCredentialDomain: null },
    ...(withSerialization.has(kind.block) ? { Serialization: { Type: 'Json', Encoding: 'UTF8', Format: 'LineSeparated' } } : {}),
    ScriptType: 'Output',
  };
  return { path: `Outputs/${name}.json`, text: jsonText(content) };
}

const scalarCode = `// Called in a query as udf.NAME(value).
function main(value) {
    return value;
}
`;

/** https://learn.microsoft.com/azure/stream-analytics/stream-analytics-javascript-user-defined-aggregates */
const aggregateCode = `// Called in a query as uda.NAME(value), with a window or OVER.
function main() {
    this.init = function () {
        this.state = 0;
    };
    this.accumulate = function (value, timestamp) {
        this.state += value;
    };
    this.deaccumulate = function (value, timestamp) {
        this.state -= value;
    };
    this.accumulateOtherState = function (other) {
        this.state += other.state;
    };
    this.computeResult = function () {
        return this.state;
    };
}
`;

export function newFunction(name: string, kind: 'scalar' | 'aggregate'): readonly FileChange[] {
  const content = {
    ...{ Name: name, Type: kind === 'scalar' ? 'Scalar' : 'Aggregate', ScriptType: 'JSFunction' },
    ...{ FunctionInputs: [{ DataType: 'any', IsConfigurationParameter: null }], OutputType: 'any' },
  };
  const code = (kind === 'scalar' ? scalarCode : aggregateCode).replace('NAME', name);
  return [
    { path: `Functions/${name}.js`, text: code },
    { path: `Functions/${name}.js.json`, text: jsonText(content) },
  ];
}

/** `samplePath`: relative to the folder of inputs. */
export function newLocalInput(
  name: string,
  type: 'stream' | 'reference',
  format: 'Json' | 'Csv',
  samplePath: string,
): FileChange {
  const content = {
    ...{ InputAlias: name, Type: type === 'stream' ? 'Data Stream' : 'Reference data', Format: format },
    ...{ FilePath: samplePath, ScriptType: 'InputMock' },
  };
  return { path: `Inputs/Local_${name}.json`, text: jsonText(content) };
}
