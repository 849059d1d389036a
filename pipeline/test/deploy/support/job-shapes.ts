/**
 * The published shapes of what a client may send about streaming jobs (api 2021-10-01-preview), as far as this project sends it:
 * https://learn.microsoft.com/azure/templates/microsoft.streamanalytics/2021-10-01-preview/streamingjobs. A key that is not listed is refused.
 */

type Shape = 'any' | 'text' | 'number' | 'boolean' | 'time' | readonly string[] | { readonly [key: string]: Shape } | [Shape];

const start: Shape = { outputStartMode: ['JobStartTime', 'CustomTime', 'LastOutputEventTime'], outputStartTime: 'time' };
const transformation: Shape = { name: 'text', properties: { query: 'text', streamingUnits: 'number' } };
const scale: Shape = { streamingUnits: 'number' };
const compile: Shape = {
  query: 'text',
  inputs: [{ name: 'text', type: 'text' }],
  functions: [{ name: 'text', type: 'text', bindingType: 'text', inputs: [{ dataType: 'text' }], output: { dataType: 'text' } }],
  jobType: ['Cloud', 'Edge'],
  compatibilityLevel: ['1.0', '1.2'],
};

export const jobShapes = { start, transformation, scale, compile } as const;

/** What is wrong with a value, with its path; null where nothing is. */
export function shapeError(value: unknown, shape: Shape, path = 'body'): string | null {
  if (typeof shape === 'string') return scalarError(value, shape, path);
  if (isAlternatives(shape))
    return shape.includes(value as string) ? null : `${path} is ${JSON.stringify(value)}, not one of ${shape.join(', ')}`;
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return `${path} is no list`;
    return firstOf(value.map((item, index) => shapeError(item, shape[0], `${path}[${index}]`)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} is no object`;
  return firstOf(
    Object.entries(value).map(([key, member]) => {
      const inner = (shape as { readonly [key: string]: Shape })[key];
      return inner === undefined ? `${path}.${key} is not allowed` : shapeError(member, inner, `${path}.${key}`);
    }),
  );
}

function isAlternatives(shape: Shape): shape is readonly string[] {
  return Array.isArray(shape) && shape.every((item) => typeof item === 'string') && shape.length > 1;
}

function scalarError(value: unknown, shape: string, path: string): string | null {
  if (shape === 'any') return null;
  const isRight =
    shape === 'time'
      ? typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
      : typeof value === (shape === 'text' ? 'string' : shape);
  return isRight ? null : `${path} is ${JSON.stringify(value)}, not a ${shape}`;
}

const firstOf = (errors: readonly (string | null)[]) => errors.find((error) => error !== null) ?? null;
