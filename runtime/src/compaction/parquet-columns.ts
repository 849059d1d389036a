/** Turns rows into what hyparquet-writer takes: one array per column, with the type said and never guessed. Pure. */
import { type ColumnSource, schemaFromColumnData } from 'hyparquet-writer';

export interface ParquetColumn<Row> {
  readonly name: string;
  readonly type: 'STRING' | 'DOUBLE' | 'BOOLEAN' | 'INT64' | 'TIMESTAMP';
  readonly value: (row: Row) => unknown;
}

/** Absent values become null; every column takes null. */
export function columnData<Row>(columns: readonly ParquetColumn<Row>[], rows: readonly Row[]): ColumnSource[] {
  return columns.map(({ name, type, value }) => ({ name, type, nullable: true, data: rows.map((row) => value(row) ?? null) }));
}

export function schemaOf<Row>(columns: readonly ParquetColumn<Row>[]): ReturnType<typeof schemaFromColumnData> {
  return schemaFromColumnData({ columnData: columnData(columns, []) });
}
