/** What a provider takes of each resource, and whether a planned resource keeps to it. Enumerations and ranges are not in it. */
import { EvaluationError, Reference } from './expression.ts';
import type { PlannedResource } from './plan.ts';

export type ArgumentType = 'string' | 'number' | 'bool' | 'list' | 'map';

export interface BlockSchema {
  readonly arguments: Readonly<Record<string, ArgumentType>>;
  readonly blocks?: Readonly<Record<string, BlockSchema>>;
  /** Arguments and blocks that must be there. */
  readonly required?: readonly string[];
}

export interface ProviderSchema {
  /** `azurerm/4.73.0` */
  readonly provider: string;
  readonly resources: Readonly<Record<string, BlockSchema>>;
}

/** One line for each argument that is unknown, missing or of another type. */
export function schemaProblems(resource: PlannedResource, schema: ProviderSchema): string[] {
  const block = schema.resources[resource.type];
  return block === undefined
    ? [`${resource.address}: the provider has no such resource.`]
    : problems(resource.address, resource.values, block);
}

function problems(where: string, values: Readonly<Record<string, unknown>>, schema: BlockSchema): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const [type, block] = [schema.arguments[name], schema.blocks?.[name]];
    if (block !== undefined)
      found.push(...(value as Record<string, unknown>[]).flatMap((inner) => problems(`${where}.${name}`, inner, block)));
    else if (type === undefined)
      found.push(`${where}: there is no argument ${name}. Known: ${Object.keys(schema.arguments).join(', ')}.`);
    else if (value !== null && !(value instanceof Reference) && typeOf(value) !== type && !converts(value, type))
      found.push(`${where}.${name} is a ${typeOf(value)}; it must be a ${type}.`);
  }
  for (const name of schema.required ?? []) {
    const value = values[name];
    const isEmpty = Array.isArray(value) && value.length === 0 && schema.blocks?.[name] !== undefined;
    if (value === undefined || value === null || isEmpty) found.push(`${where}: ${name} is missing.`);
  }
  return found;
}

/** Terraform turns a number or a truth value into a text, and a text of digits into a number. */
const converts = (value: unknown, type: ArgumentType): boolean =>
  (type === 'string' && ['number', 'boolean'].includes(typeof value)) ||
  (type === 'number' && typeof value === 'string' && /^-?\d+$/.test(value));

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return 'map';
  if (typeof value === 'string' || typeof value === 'number') return typeof value;
  throw new EvaluationError(`Not a value of Terraform: ${value}.`);
}
