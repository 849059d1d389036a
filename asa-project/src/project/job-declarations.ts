/** What a project declares to the language's checks: inputs with their columns, outputs with what they need, functions. */
import type { Column, InputDeclaration, JobDeclarations, OutputDeclaration } from '@asaql/parser';
import { inferSchema } from '../schema/infer-schema.ts';
import { schemaColumns } from '../schema/schema-columns.ts';
import { type Content, Secret } from '../secret.ts';
import type { Project, ProjectInput, ProjectOutput } from './project.ts';

/** Reads the columns that a file of events shows; null where it shows none. */
export type SampleColumns = (path: string) => Promise<readonly Column[] | null>;

/** Local runs need no definitions: a project without any inputs or outputs may name whatever it likes. */
export async function jobDeclarations(project: Project, sampleColumns: SampleColumns): Promise<JobDeclarations> {
  const inputs = await Promise.all(project.inputs.map((input) => inputDeclaration(input, sampleColumns)));
  const outputs = project.outputs.map(outputDeclaration);
  return {
    inputs: inputs.length === 0 ? null : inputs,
    outputs: outputs.length === 0 ? null : outputs,
    functions: project.functions.map(({ name, kind, language, code, parameters }) => ({
      name,
      kind,
      parameterCount: parameters?.length ?? null,
      ...(language === 'javascript' && code !== null ? { code: code.text } : {}),
    })),
    ...(isOnEdge(project) ? { hosting: 'edge' as const } : {}),
    compatibilityLevel: project.job?.compatibilityLevel ?? '1.2',
  };
}

/** Jobs on IoT Edge read and write its hub. */
function isOnEdge({ inputs, outputs }: Project): boolean {
  const kinds = [...inputs.map(({ source }) => source?.kind), ...outputs.map(({ sink }) => sink?.kind)];
  return kinds.some((kind) => kind?.block === 'GatewayMessageBusProperties');
}

async function inputDeclaration(input: ProjectInput, sampleColumns: SampleColumns): Promise<InputDeclaration> {
  const { name, kind, local, source } = input;
  const samplePath = local?.samplePath ?? null;
  const columns = samplePath === null ? inlineColumns(input) : await sampleColumns(samplePath);
  const partitions = source?.properties.PartitionCount;
  const format = input.serialization?.Type;
  return {
    ...{ name, kind, columns },
    ...(typeof partitions === 'number' ? { partitionCount: partitions } : {}),
    ...(input.partitionKey === null ? {} : { partitionKey: input.partitionKey }),
    ...(typeof format === 'string' ? { format: format.toLowerCase() } : {}),
  };
}

/** The older tools keep an event in the definition. */
function inlineColumns({ inlineSample }: ProjectInput): readonly Column[] | null {
  if (inlineSample === null) return null;
  try {
    const parsed: unknown = JSON.parse(inlineSample);
    return schemaColumns(inferSchema(Array.isArray(parsed) ? parsed : [parsed]));
  } catch {
    // No JSON: the older tools keep CSV there too, without its header.
    return null;
  }
}

type NeededColumn = NonNullable<OutputDeclaration['neededColumns']>[number];

/** By kind of output: https://learn.microsoft.com/azure/stream-analytics/stream-analytics-define-outputs */
function outputDeclaration({ name, sink }: ProjectOutput): OutputDeclaration {
  const properties = sink?.properties ?? {};
  const needed = (key: string, role: NeededColumn['role']): readonly NeededColumn[] =>
    textsOf(properties[key]).map((column) => ({ name: column, role }));
  switch (sink?.kind?.block) {
    case 'DocumentDbProperties':
      return {
        ...{ name, kind: 'cosmosDb' },
        neededColumns: [...needed('DocumentId', 'document id'), ...needed('PartitionKey', 'partition key')],
      };
    case 'PowerBIProperties': {
      const dataset = [properties.GroupId, properties.Dataset].filter((text) => typeof text === 'string').join('/');
      return { name, kind: 'powerBi', ...(dataset === '' ? {} : { dataset }) };
    }
    case 'SQLDatabaseProperties':
    case 'SqlDataWarehouseProperties':
    case 'PostgreSQLProperties':
      return { name, kind: 'sql' };
    case 'TableStorageProperties':
      return { name, neededColumns: [...needed('PartitionKey', 'partition key'), ...needed('RowKey', 'column')] };
    case 'EventHubProperties':
    case 'ServiceBusTopicProperties':
    case 'ServiceBusQueueProperties':
      return {
        ...{ name, kind: 'eventHub' },
        neededColumns: [...needed('PartitionKey', 'partition key'), ...needed('PropertyColumns', 'column')],
      };
    default:
      return { name };
  }
}

/** A path that starts with / names the same field: `/aggregation_type`. */
function textsOf(value: Content | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value.replace(/^\//, '')];
  return Array.isArray(value) && !(value instanceof Secret) ? (value as readonly Content[]).flatMap((item) => textsOf(item)) : [];
}
