/** CROSS and OUTER APPLY of an array or a record: a row for each element; with OUTER one row where there is none. */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { EvaluationError, isArray, RecordValue, typeOf, type Value } from '../expressions/value.ts';
import type { ApplyNode } from '../plan/nodes.ts';
import { Operator } from './operator.ts';

export class Apply extends Operator {
  readonly #node: ApplyNode;
  readonly #results: BatchBuilder;

  constructor(node: ApplyNode, dictionary: Dictionary) {
    super();
    this.#node = node;
    this.#results = new BatchBuilder(dictionary, node.slots.length);
  }

  process(batch: Batch): void {
    for (let row = 0; row < batch.count; row += 1) {
      const elements = this.#elements(this.#node.argument.at(batch, row));
      if (elements.length === 0 && this.#node.outer) this.#add(batch, row, null, null);
      for (const [index, value] of elements) this.#add(batch, row, index, value);
    }
    this.emit(this.#results.batch());
    this.#results.clear();
  }

  #elements(value: Value): readonly (readonly [Value, Value])[] {
    if (value === null) return [];
    if (this.#node.function === 'elements') {
      if (isArray(value)) return value.map((item, index) => [BigInt(index), item] as const);
      throw wrongType(value, 'array');
    }
    if (value instanceof RecordValue) return value.entries();
    throw wrongType(value, 'record');
  }

  #add(batch: Batch, row: number, index: Value, value: Value): void {
    const { slots } = this.#node;
    const target = this.#results.open(batch.timestamps[row] as number);
    const names = this.#node.function === 'elements' ? ['ArrayIndex', 'ArrayValue'] : ['PropertyName', 'PropertyValue'];
    for (let slot = 0; slot < slots.length; slot += 1) {
      const column = this.#results.columns[slot] as Column;
      const wanted = slots[slot];
      if (typeof wanted === 'number') column.copy(target, batch.columns[wanted] as Column, row);
      else if (wanted === 'record')
        column.setOther(
          target,
          new RecordValue([
            [names[0] as string, index],
            [names[1] as string, value],
          ]),
        );
      else column.setValue(target, wanted === 'index' ? index : value);
    }
  }
}

function wrongType(value: Value, type: string): EvaluationError {
  return new EvaluationError(
    `Cannot cast value of type '${typeOf(value)}' to type '${type}'. TRY_CAST function can be used to handle values with unexpected type.`,
  );
}
