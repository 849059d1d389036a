/** The resources that the compiler predicts for an environment, and questions that rules ask of them. Knows no rule. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bicepFolder, type Environment } from './compiled-files.ts';

export interface Resource {
  readonly id: string;
  readonly type: string;
  /** With the names of its parents before it: `namespace/hub`. */
  readonly name: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What an environment would become. */
export interface Snapshot {
  readonly predictedResources: readonly Resource[];
  readonly diagnostics: readonly unknown[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export function readSnapshot(environment: Environment): Snapshot {
  return JSON.parse(readFileSync(join(bicepFolder, `${environment}.snapshot.json`), 'utf8')) as Snapshot;
}

export function ofType(snapshot: Snapshot, type: string): Resource[] {
  return snapshot.predictedResources.filter((resource) => resource.type.toLowerCase() === type.toLowerCase());
}

/** The value at a dotted path; undefined where there is none. A number picks from a list. */
export function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const part of path.split('.')) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

/** The text at a path, or an empty one. */
export function textAt(value: unknown, path: string): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}

/** What an extension resource (a role, a diagnostic setting) is laid on: the id before its own type. */
export function scopeOf(resource: Resource): string {
  return resource.id.slice(0, resource.id.lastIndexOf('/providers/'));
}

/** The last part of a name or id. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
