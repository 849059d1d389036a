/**
 * What Terraform would make of our configuration: every resource with its loops and names worked out, offline. Reads files; asks
 * neither Terraform nor Azure.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktn/hcl2json';
import { EvaluationError, evaluateText, Reference, type Scope, type Walkable } from './expression.ts';

export const terraformFolder = join(import.meta.dirname, '..', '..', 'terraform');

/** A block of HCL as JSON: nested blocks are lists of blocks. */
type Block = Readonly<Record<string, unknown>>;

interface Configuration {
  readonly variable?: Readonly<Record<string, readonly Block[]>>;
  readonly locals?: readonly Block[];
  readonly resource?: Readonly<Record<string, Readonly<Record<string, readonly Block[]>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, readonly Block[]>>>>;
  readonly output?: Readonly<Record<string, readonly Block[]>>;
}

export interface PlannedResource {
  /** `azurerm_eventhub.this["netflix-events"]` */
  readonly address: string;
  readonly type: string;
  /** Nested blocks are lists. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Plan {
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Arguments that Terraform takes of every resource. */
const metaArguments = new Set(['for_each', 'count', 'depends_on', 'lifecycle', 'provider']);

/** Reads the configuration; a syntax error names file, line and column. */
export async function planOf(variables: Readonly<Record<string, unknown>>, folder: string = terraformFolder): Promise<Plan> {
  const files = globSync('*.tf', { cwd: folder }).sort();
  const parts = await Promise.all(
    files.map(async (file) => (await parse(file, readFileSync(join(folder, file), 'utf8'))) as Configuration),
  );
  return new Planner(parts, folder, variables).plan();
}

class Planner {
  readonly #locals: Block;
  readonly #parts: readonly Configuration[];
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #folder: string;
  readonly #instances = new Map<string, Promise<Record<string, PlannedResource>>>();
  readonly #functions: Scope['functions'];

  constructor(parts: readonly Configuration[], folder: string, variables: Readonly<Record<string, unknown>>) {
    this.#parts = parts;
    this.#folder = folder;
    this.#variables = variables;
    this.#locals = Object.assign({}, ...parts.flatMap((part) => part.locals ?? [])) as Block;
    this.#functions = functionsOf();
  }

  async plan(): Promise<Plan> {
    const resources: PlannedResource[] = [];
    for (const part of this.#parts) {
      for (const [type, named] of Object.entries(part.resource ?? {})) {
        for (const name of Object.keys(named)) resources.push(...Object.values(await this.#expand(type, name)));
      }
    }
    const outputs: Record<string, unknown> = {};
    for (const [name, [block]] of this.#parts.flatMap((part) => Object.entries(part.output ?? {})))
      outputs[name] = await this.#value(block?.value, this.#scope({}));
    return { resources, outputs };
  }

  /** The instances of a resource, by key; one without a loop has the key ''. */
  #expand(type: string, name: string): Promise<Record<string, PlannedResource>> {
    const address = `${type}.${name}`;
    const known = this.#instances.get(address);
    if (known !== undefined) return known;
    const block = this.#parts.flatMap((part) => part.resource?.[type]?.[name] ?? [])[0];
    if (block === undefined) throw new EvaluationError(`${address} is not declared.`);
    const expanding = this.#expandBlock(address, type, block);
    this.#instances.set(address, expanding);
    return expanding;
  }

  async #expandBlock(address: string, type: string, block: Block): Promise<Record<string, PlannedResource>> {
    const instances: Record<string, PlannedResource> = {};
    for (const [key, each] of await this.#loop(block)) {
      const values = await this.#block(block, this.#scope(each === null ? {} : { each }));
      instances[key] = { address: key === '' ? address : `${address}[${JSON.stringify(key)}]`, type, values };
    }
    return instances;
  }

  async #loop(block: Block): Promise<[string, { key: string; value: unknown } | null][]> {
    if (block.count !== undefined) {
      const count = Number(await this.#value(block.count, this.#scope({})));
      return Array.from({ length: count }, (_, index) => [`${index}`, null]);
    }
    if (block.for_each === undefined) return [['', null]];
    const collection = (await this.#value(block.for_each, this.#scope({}))) as object;
    return Object.entries(collection).map(([key, value]) => [key, { key, value }]);
  }

  async #block(block: Block, scope: Scope): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(block)) {
      if (metaArguments.has(name)) continue;
      if (name === 'dynamic') Object.assign(values, await this.#dynamic(value as Record<string, readonly Block[]>, scope));
      else values[name] = await this.#value(value, scope);
    }
    return values;
  }

  async #dynamic(blocks: Readonly<Record<string, readonly Block[]>>, scope: Scope): Promise<Record<string, unknown[]>> {
    const made: Record<string, unknown[]> = {};
    for (const [name, [block = {}]] of Object.entries(blocks)) {
      const [content = {}] = (block.content ?? []) as readonly Block[];
      const collection = (await this.#value(block.for_each, scope)) as object;
      const contents = Object.entries(collection).map(([key, value]) => {
        const resolve = async (asked: string) => (asked === name ? { key, value } : scope.resolve(asked));
        return this.#block(content, { functions: scope.functions, resolve });
      });
      made[name] = await Promise.all(contents);
    }
    return made;
  }

  async #value(value: unknown, scope: Scope): Promise<unknown> {
    if (typeof value === 'string') return evaluateText(value, scope);
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.#value(item, scope)));
    return typeof value === 'object' && value !== null ? this.#block(value as Block, scope) : value;
  }

  #scope(extra: Readonly<Record<string, unknown>>): Scope {
    return {
      functions: this.#functions,
      resolve: async (name) => {
        if (name in extra) return extra[name];
        if (name === 'var') return this.#variables;
        if (name === 'path') return { module: this.#folder };
        if (name === 'data') return new Reference('data');
        if (name === 'local') return { member: (local: string) => this.#local(local) } satisfies Walkable;
        return { member: async (resource: string) => this.#resource(name, resource) } satisfies Walkable;
      },
    };
  }

  #local(name: string): Promise<unknown> {
    if (!(name in this.#locals)) throw new EvaluationError(`local.${name} is not declared.`);
    return this.#value(this.#locals[name], this.#scope({}));
  }

  /** A resource to walk on from: what the configuration says of it is known, the rest is a reference. */
  async #resource(type: string, name: string): Promise<unknown> {
    const block = this.#parts.flatMap((part) => part.resource?.[type]?.[name] ?? [])[0];
    if (block === undefined) throw new EvaluationError(`${type}.${name} is not declared.`);
    const attribute = (key: string) =>
      ({ member: (asked: string) => this.#attribute(type, name, key, asked) }) satisfies Walkable;
    const loops = block.for_each !== undefined || block.count !== undefined;
    return loops ? ({ member: async (key: string) => attribute(key) } satisfies Walkable) : attribute('');
  }

  async #attribute(type: string, name: string, key: string, asked: string): Promise<unknown> {
    const block = this.#parts.flatMap((part) => part.resource?.[type]?.[name] ?? [])[0] as Block;
    const address = key === '' ? `${type}.${name}` : `${type}.${name}[${JSON.stringify(key)}]`;
    if (!(asked in block)) return new Reference(`${address}.${asked}`);
    const instance = (await this.#expand(type, name))[key];
    if (instance === undefined) throw new EvaluationError(`${address} does not exist.`);
    return instance.values[asked];
  }
}

/** Those functions of Terraform that our configuration uses. */
function functionsOf(): Scope['functions'] {
  return {
    contains: (list: readonly unknown[], value: unknown) => list.includes(value),
    file: (path: string) => readFileSync(path, 'utf8'),
    fileset: (folder: string, pattern: string) => globSync(pattern, { cwd: folder }).sort(),
    flatten: (list: readonly unknown[]) => list.flat(Number.POSITIVE_INFINITY),
    jsondecode: (text: string) => JSON.parse(text) as unknown,
    replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
    split: (separator: string, text: string) => text.split(separator),
    startswith: (text: string, start: string) => text.startsWith(start),
    substr: (text: string, start: number, length: number) => text.slice(start, start + length),
    tostring: (value: unknown) => `${value}`,
    toset: (list: readonly string[]) => Object.fromEntries([...list].sort().map((item) => [item, item])),
  };
}
