/**
 * `node infra/terraform-schema/extract-schema.ts`: takes the arguments and blocks of the resources that our configuration uses out
 * of the bindings of the azurerm provider (npm ci in this folder first), and writes ../terraform/azurerm.schema.json.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { ArgumentType, BlockSchema, ProviderSchema } from '../src/terraform/schema.ts';

const bindings = join(import.meta.dirname, 'node_modules', '@cdktn', 'provider-azurerm', 'lib');
const terraformFolder = join(import.meta.dirname, '..', 'terraform');
export const schemaFile = join(terraformFolder, 'azurerm.schema.json');
export const hasBindings = (): boolean => existsSync(bindings);

/** The text of the schema file. */
export function extractSchema(): string {
  const types = new Set<string>();
  for (const file of globSync('*.tf', { cwd: terraformFolder })) {
    const text = readFileSync(join(terraformFolder, file), 'utf8');
    for (const [, type] of text.matchAll(/^resource "azurerm_(\w+)"/gm)) types.add(type as string);
  }
  const resources = Object.fromEntries([...types].sort().map((type) => [`azurerm_${type}`, resourceSchema(type)]));
  const [version] = /azurerm\/\d+\.\d+\.\d+/.exec(declarations('resource_group')) ?? [''];
  return `${JSON.stringify({ provider: version, resources } satisfies ProviderSchema, null, 2)}\n`;
}

const declarations = (type: string): string => readFileSync(join(bindings, type.replaceAll('_', '-'), 'index.d.ts'), 'utf8');

function resourceSchema(type: string): BlockSchema {
  const text = declarations(type);
  const bodies = new Map<string, string>();
  for (const [, name, body] of text.matchAll(/^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}/gms))
    bodies.set(name as string, body as string);
  const root = [...bodies.keys()].find((name) => name.endsWith('Config')) as string;
  return blockSchema(root, bodies);
}

/** A member: its comment ends with the argument's own name; a comment that says "block" makes it one. */
const member = /\/\*\*(?:(?!\*\/).)*?#(\w+) \w+#\w+\}(?:(?!\*\/).)*?\*\/\s*readonly \w+(\??): ([^;{]*)(?:;|\{)/gs;

function blockSchema(name: string, bodies: ReadonlyMap<string, string>): BlockSchema {
  const types: Record<string, ArgumentType> = {};
  const blocks: Record<string, BlockSchema> = {};
  const required: string[] = [];
  for (const [text, argument = '', optional, type = ''] of (bodies.get(name) ?? '').matchAll(member)) {
    if (optional === '') required.push(argument);
    if (/\* \w+ block\n/.test(text)) blocks[argument] = blockSchema(/^\w+/.exec(type)?.[0] ?? '', bodies);
    else types[argument] = typeOf(type);
  }
  return {
    arguments: types,
    ...(Object.keys(blocks).length > 0 && { blocks }),
    ...(required.length > 0 && { required }),
  };
}

function typeOf(text: string): ArgumentType {
  if (text.trim() === '') return 'map';
  if (/^\w+\[\]/.test(text)) return 'list';
  return text.startsWith('string') ? 'string' : text.startsWith('number') ? 'number' : 'bool';
}

if (import.meta.main) {
  if (process.argv.includes('--available')) process.exitCode = hasBindings() ? 0 : 1;
  else writeFileSync(schemaFile, extractSchema());
}
