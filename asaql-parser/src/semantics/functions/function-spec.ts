/** The shape of what is known about a function. Knows no function. */
import type { ValueType } from '../types.ts';

export type FunctionKind =
  | 'scalar'
  | 'aggregate'
  | 'analytic'
  | 'tableValued'
  | 'window'
  | 'windowArgument'
  | 'matchRecognize'
  | 'system';

/** What an argument must be. `number` takes bigint, float and bit; `value` takes anything. */
export type ArgumentKind =
  | 'value'
  | 'number'
  | 'integer'
  | 'text'
  | 'datetime'
  | 'record'
  | 'array'
  /** What has an order: anything but records and arrays. */
  | 'comparable'
  /** A GeoJSON record, or well-known text. */
  | 'geography'
  | 'numberLiteral'
  | 'integerLiteral'
  | 'source';

export interface Parameter {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly optional?: boolean;
  /** What a value that is written in the query must be. */
  readonly domain?: Domain;
  /** The last parameter may be repeated. */
  readonly repeated?: boolean;
}

export interface Domain {
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}

/** Which parts OVER (…) may have; `required` says whether the function needs OVER at all. */
export interface OverSpec {
  readonly required: boolean;
  readonly partitionBy: boolean;
  readonly orderBy: 'required' | 'none';
  /** LIMIT DURATION. `required` means wherever OVER stands without being the aggregate form. */
  readonly limit: 'required' | 'optional' | 'none';
  readonly when: boolean;
}

export interface FunctionSpec {
  /** As documented. Names are compared without regard to case. */
  readonly name: string;
  readonly prefix: 'system' | null;
  readonly family: string;
  readonly kind: FunctionKind;
  readonly signatures: readonly string[];
  /** One sentence in our own words. */
  readonly summary: string;
  /** The first argument is a unit word; it does not count as a parameter. */
  readonly unitFirst: boolean;
  /** `f(*)` is allowed. */
  readonly star: boolean;
  readonly parameters: readonly Parameter[];
  readonly returns: ValueType | ((args: readonly ValueType[]) => ValueType);
  readonly over: OverSpec | null;
  readonly reference: string;
}

/** The least and the greatest number of arguments, units not counted. */
export function arity(spec: FunctionSpec): { min: number; max: number } {
  const min = spec.parameters.filter((parameter) => parameter.optional !== true).length;
  const max = spec.parameters.at(-1)?.repeated === true ? Number.POSITIVE_INFINITY : spec.parameters.length;
  return { min, max };
}

type Partly = Omit<FunctionSpec, 'prefix' | 'family' | 'unitFirst' | 'star' | 'over' | 'reference' | 'kind'> &
  Partial<Pick<FunctionSpec, 'prefix' | 'unitFirst' | 'star' | 'over' | 'kind'>> & { readonly page: string };

/** Fills in what most functions of a family share. */
export function family(name: string, kind: FunctionKind, specs: readonly Partly[]): readonly FunctionSpec[] {
  return specs.map(({ page, ...spec }) => ({
    prefix: null,
    family: name,
    kind,
    unitFirst: false,
    star: false,
    over: null,
    reference: `https://learn.microsoft.com/${page.includes('/') ? page : `stream-analytics-query/${page}`}`,
    ...spec,
  }));
}

/** Parameters of which some have a domain. */
export function within(domains: Readonly<Record<string, Domain>>, all: readonly Parameter[]): readonly Parameter[] {
  return all.map((parameter) => {
    const domain = domains[parameter.name];
    return domain === undefined ? parameter : { ...parameter, domain };
  });
}

/** Parameters in a few words: `x:number`, `y:text?` may be left out, `z:value*` may be repeated. */
export function parameters(...words: string[]): readonly Parameter[] {
  return words.map((word) => {
    const [name, kind] = word.replace(/[?*]$/, '').split(':') as [string, ArgumentKind];
    return {
      name,
      kind: kind ?? 'value',
      ...(word.endsWith('?') ? { optional: true } : {}),
      ...(word.endsWith('*') ? { repeated: true } : {}),
    };
  });
}
