/** Rows of an output as plain values. Knows no sink. */
import type { Batch } from '../batch/batch.ts';
import { type Column, Tag } from '../batch/column.ts';
import type { OutputRow, OutputValue } from '../engine/contract.ts';
import { DateTime, RecordValue } from '../expressions/value.ts';
import type { OutputNode } from '../plan/nodes.ts';
import { Operator } from './operator.ts';
import { outputFromJson, outputValue } from './output-value.ts';

export class Output extends Operator {
  readonly output: string;
  readonly #node: OutputNode;
  rows: OutputRow[] = [];
  timestampsMs: number[] = [];
  rowCount = 0;
  #lastTimeUs = Number.NaN;
  #lastTime = '';

  constructor(node: OutputNode) {
    super();
    this.output = node.output;
    this.#node = node;
  }

  process(batch: Batch): void {
    for (let row = 0; row < batch.count; row += 1) {
      this.rows.push(this.#row(batch, row));
      this.timestampsMs.push((batch.timestamps[row] as number) / 1000);
    }
    this.rowCount += batch.count;
  }

  #row(batch: Batch, row: number): OutputRow {
    const { columns, lowerCaseNames } = this.#node;
    let result: OutputRow = {};
    let first = true;
    for (const { name, slot } of columns) {
      const column = batch.columns[slot] as Column;
      if (name === null) {
        const record = column.value(row);
        if (record instanceof RecordValue) {
          if (first && record.json !== null && !lowerCaseNames) result = outputFromJson(record.json) as OutputRow;
          else for (const [property, value] of record.entries()) this.#add(result, property, outputValue(value));
        }
      } else if (first) result[lowerCaseNames ? name.toLowerCase() : name] = this.#cell(column, row);
      else this.#add(result, name, this.#cell(column, row));
      first = false;
    }
    return result;
  }

  /** Of equal names the left one stays (SELECT reference page). */
  #add(row: OutputRow, name: string, value: OutputValue): void {
    const own = this.#node.lowerCaseNames ? name.toLowerCase() : name;
    for (const key in row) {
      if (key === own || (key.length === own.length && key.toLowerCase() === own.toLowerCase())) return;
    }
    row[own] = value;
  }

  #cell(column: Column, row: number): OutputValue {
    const num = column.nums[row] as number;
    switch (column.tags[row]) {
      case Tag.null:
        return null;
      case Tag.bit:
        return num !== 0;
      case Tag.int:
        return num;
      case Tag.text:
        return column.dictionary.text(num);
      case Tag.time:
        if (num !== this.#lastTimeUs) {
          this.#lastTimeUs = num;
          this.#lastTime = DateTime.fromUs(num).toString();
        }
        return this.#lastTime;
      default:
        return outputValue(column.value(row));
    }
  }
}
