/** A schema as the language's checks and completions want it. Knows no query. */
import type { Column, ValueType } from '@asaql/parser';
import { type Field, type Schema, type Shape, typeOfShape } from './schema.ts';

/** null where the sample shows nothing. Others may exist. */
export function schemaColumns({ fields }: Schema): readonly Column[] | null {
  return fields.length === 0 ? null : fields.map(columnOf);
}

function columnOf({ name, shape }: Field): Column {
  return { name, type: valueType(shape) };
}

/** Where types differ, nothing is known for sure. */
function valueType(shape: Shape): ValueType {
  const name = typeOfShape(shape) ?? 'any';
  return name === 'record' ? { name, fields: shape.fields.map(columnOf), open: true } : { name };
}
