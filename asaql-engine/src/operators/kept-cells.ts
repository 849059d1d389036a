/** The cells of one row that waits, small: two numbers a cell, whatever is larger aside. Knows no join. */
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import type { Value } from '../expressions/value.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';

export interface KeptCells {
  /** Tag and number of each cell, side by side. */
  readonly numbers: readonly number[];
  readonly others: readonly (Value | undefined)[] | null;
}

export function keptCells(columns: readonly Column[], count: number, row: number): KeptCells {
  const numbers: number[] = [];
  let others: (Value | undefined)[] | null = null;
  for (let position = 0; position < count; position += 1) {
    const column = columns[position] as Column;
    const tag = column.tags[row] as number;
    numbers.push(tag, column.nums[row] as number);
    if (tag !== Tag.other) continue;
    others ??= [];
    others[position] = column.others?.[row];
  }
  return { numbers, others };
}

export function putCell(column: Column, row: number, cells: KeptCells, position: number): void {
  const tag = cells.numbers[position * 2] as number;
  if (tag === Tag.other) column.setOther(row, cells.others?.[position] ?? null);
  else column.set(row, tag, cells.numbers[position * 2 + 1] as number);
}

export function saveCells(writer: StateWriter, cells: KeptCells, dictionary: Dictionary): void {
  const column = new Column(dictionary, 1);
  for (let position = 0; position * 2 < cells.numbers.length; position += 1) {
    putCell(column, 0, cells, position);
    writer.cell(column, 0);
  }
}

export function loadCells(reader: StateReader, count: number, dictionary: Dictionary): KeptCells {
  const columns = Array.from({ length: count }, () => {
    const column = new Column(dictionary, 1);
    reader.cell(column, 0);
    return column;
  });
  return keptCells(columns, count, 0);
}
