/**
 * Where a deployed job is other than the project says: its inputs, outputs, functions, policies, level. Both as resources of Azure
 * Resource Manager; keys, which no side shows, are not compared. Pure.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Drift {
  /** Such as `outputs.cosmos-watch-time.datasource.properties.container`. */
  readonly path: string;
  /** Null: it is not there. */
  readonly local: Json;
  readonly deployed: Json;
  /** A whole input, output or function, which the other side does not have. */
  readonly isPart: boolean;
}

interface Template {
  readonly parameters?: Readonly<Record<string, { readonly type: string; readonly defaultValue?: Json }>>;
  readonly resources: readonly { readonly properties: Json }[];
}

/** Parts that have a name, and come in any order. */
const named = new Set(['inputs', 'outputs', 'functions']);
/** The query has a comparison of its own. Units are scaled by hand and by schedule: their number is told where it differs. */
const apart = new Set(['transformation.properties.query', 'transformation.name']);
/** What the service says in other words than it was told. */
const ignored =
  /(?:^|\.)(?:etag|diagnostics|id|jobState|createdDate|lastOutputEventTime|accountKey|sharedAccessPolicyKey|password|apiKey|refreshToken)$/i;

/** What the project's template says of the job, with the values of its parameters; a secret, or what has no value, is left out. */
export function localProperties(template: string, parameters: string): Json {
  const { parameters: declared = {}, resources } = JSON.parse(template) as Template;
  const values = (JSON.parse(parameters) as { parameters?: Record<string, { value?: Json }> }).parameters ?? {};
  const parameterValue = (name: string): Json | undefined => {
    if (/^secure/i.test(declared[name]?.type ?? '')) return undefined;
    const value = values[name]?.value ?? declared[name]?.defaultValue;
    return value === '' ? undefined : value;
  };
  return resolved(resources[0]?.properties ?? {}, parameterValue) ?? {};
}

function resolved(value: Json, parameterValue: (name: string) => Json | undefined): Json | undefined {
  if (typeof value === 'string') {
    const [, name] = /^\[parameters\('([^']+)'\)\]$/.exec(value) ?? [];
    // Other expressions have no value before they are deployed.
    if (name === undefined) return value.startsWith('[') && !value.startsWith('[[') ? undefined : value.replace(/^\[\[/, '[');
    return parameterValue(name);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, parameterValue) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolved(member, parameterValue)] as const)
      .filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** In the order of the project. What only the deployed job has is told for inputs, outputs and functions alone: the rest are defaults. */
export function jobDrift(local: Json, deployed: Json): readonly Drift[] {
  const drifts: Drift[] = [];
  compare(local, deployed, '', drifts);
  return drifts;
}

function compare(local: Json, deployed: Json, path: string, drifts: Drift[]): void {
  if (apart.has(path) || ignored.test(path)) return;
  if (named.has(path) && Array.isArray(local)) {
    compareNamed(local, Array.isArray(deployed) ? deployed : [], path, drifts);
    return;
  }
  if (isObject(local) && isObject(deployed)) {
    for (const [key, member] of Object.entries(local))
      compare(member, memberOf(deployed, key), path === '' ? key : `${path}.${key}`, drifts);
    return;
  }
  if (Array.isArray(local) && Array.isArray(deployed) && local.length === deployed.length) {
    local.forEach((item, index) => {
      compare(item, deployed[index] ?? null, `${path}[${index}]`, drifts);
    });
    return;
  }
  if (isEqual(local, deployed)) return;
  drifts.push({ path, local, deployed, isPart: false });
}

function compareNamed(local: readonly Json[], deployed: readonly Json[], path: string, drifts: Drift[]): void {
  const nameOf = (part: Json) => (isObject(part) && typeof part.name === 'string' ? part.name : '');
  const others = new Map(deployed.map((part) => [nameOf(part).toLowerCase(), part]));
  for (const part of local) {
    const name = nameOf(part);
    const other = others.get(name.toLowerCase());
    others.delete(name.toLowerCase());
    if (other === undefined) drifts.push({ path: `${path}.${name}`, local: name, deployed: null, isPart: true });
    else compare(memberOf(part, 'properties'), memberOf(other, 'properties'), `${path}.${name}`, drifts);
  }
  for (const part of others.values())
    drifts.push({ path: `${path}.${nameOf(part)}`, local: null, deployed: nameOf(part), isPart: true });
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The service answers keys in its own case. */
function memberOf(value: Json, key: string): Json {
  if (!isObject(value)) return null;
  if (key in value) return value[key] ?? null;
  const found = Object.keys(value).find((name) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? null : (value[found] ?? null);
}

function isEqual(local: Json, deployed: Json): boolean {
  if (typeof local === 'string' && typeof deployed === 'string') return local.toLowerCase() === deployed.toLowerCase();
  // Nothing and an empty text, list or object are the same to the service.
  const isNothing = (value: Json) =>
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  return local === deployed || (isNothing(local) && isNothing(deployed));
}
