/** One input: decodes its events once for all readings of it, and tells what could not be read. Knows no operators behind. */
import type { Batch } from '../batch/batch.ts';
import { Column, Tag } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { AvroDecoder } from '../decode/avro-decoder.ts';
import { CsvDecoder } from '../decode/csv-decoder.ts';
import { JsonDecoder } from '../decode/json-decoder.ts';
import { metadataValue } from '../decode/metadata-value.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { typeOf } from '../expressions/value.ts';
import type { SourceSlot } from '../plan/nodes.ts';
import type { CompatibilityLevel, InputOptions } from '../plan/options.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import type { Source } from '../time/source.ts';
import type { InputBatch, RejectedEvent } from './contract.ts';

interface Decoder {
  decode(bytes: Uint8Array, start: number, end: number, columns: readonly Column[], row: number): string | null;
}

function decoderFor(slots: readonly SourceSlot[], options: InputOptions, level: CompatibilityLevel): Decoder {
  if (options.format === 'csv') return new CsvDecoder(slots, options.csvColumns ?? [], options.csvDelimiter ?? ',');
  return options.format === 'avro' ? new AvroDecoder(slots, options.avroSchema ?? '', level) : new JsonDecoder(slots, level);
}

export class InputReader {
  readonly name: string;
  events = 0;
  readonly #sources: readonly Source[];
  readonly #slots: SourceSlot[] = [];
  /** For each source, the columns of its slots. */
  readonly #slotsOf: readonly (readonly number[])[];
  readonly #columns: readonly Column[];
  readonly #decoder: Decoder;
  /** Next position in each partition. */
  readonly #positions: number[] = [];
  #arrivals = new Float64Array(64);
  #indexes = new Float64Array(64);
  /** Of each row: which event of the batch it is. */
  #events = new Int32Array(64);

  constructor(
    name: string,
    sources: readonly Source[],
    options: InputOptions,
    level: CompatibilityLevel,
    dictionary: Dictionary,
  ) {
    this.name = name;
    this.#sources = sources;
    this.#slotsOf = sources.map((source) => source.node.slots.map((slot) => this.#slot(slot)));
    // Declared columns are checked even where nobody reads them: a row that does not fit is dropped.
    for (const { name: column } of sources[0]?.node.declared ?? []) this.#slot({ kind: 'path', path: [column] });
    this.#columns = this.#slots.map(() => new Column(dictionary, 64));
    this.#decoder = decoderFor(this.#slots, options, level);
  }

  #slot(wanted: SourceSlot): number {
    const key = JSON.stringify(wanted);
    const known = this.#slots.findIndex((slot) => JSON.stringify(slot) === key);
    if (known !== -1) return known;
    this.#slots.push(wanted);
    return this.#slots.length - 1;
  }

  push(input: InputBatch, reject: (event: RejectedEvent) => void): void {
    const { partition, count, bytes, starts, ends } = input;
    const first = this.#positions[partition] ?? 0;
    while (this.#positions.length < partition) this.#positions.push(0);
    this.#positions[partition] = first + count;
    this.events += count;
    if (this.#arrivals.length < count) {
      this.#arrivals = new Float64Array(count);
      this.#indexes = new Float64Array(count);
      this.#events = new Int32Array(count);
    }
    for (const column of this.#columns) {
      column.clear();
      column.reserve(count);
      column.tags.fill(Tag.null, 0, count);
    }
    let rows = 0;
    for (let event = 0; event < count; event += 1) {
      const wrong = this.#decoder.decode(bytes, starts[event] as number, ends[event] as number, this.#columns, rows);
      const mistyped = wrong === null ? this.#convertDeclared(rows) : null;
      if (wrong === null && mistyped === null) {
        this.#arrivals[rows] = Math.round((input.arrivalTimeMs[event] as number) * 1000);
        this.#indexes[rows] = first + event;
        this.#events[rows] = event;
        rows += 1;
      } else {
        const reason = wrong === null ? 'InputDeserializerError.TypeConversionError' : 'InputDeserializerError.InvalidData';
        reject({ input: this.name, partition, index: first + event, reason, message: wrong ?? mistyped ?? '' });
        for (const column of this.#columns) column.tags[rows] = Tag.null;
      }
    }
    if (rows > 0) this.#give(input, rows, reject);
  }

  #give(input: InputBatch, count: number, reject: (event: RejectedEvent) => void): void {
    this.#fillMetadata(input, count);
    this.#sources.forEach((source, index) => {
      const columns = (this.#slotsOf[index] as readonly number[]).map((slot) => this.#columns[slot] as Column);
      const batch: Batch = { count, timestamps: this.#arrivals, columns };
      if (source.node.reference) {
        source.process(batch);
        return;
      }
      source.accept(batch, input.partition, this.#arrivals, this.#indexes, (row, reason, message) => {
        reject({ input: this.name, partition: input.partition, index: this.#indexes[row] as number, reason, message });
      });
    });
  }

  #fillMetadata(input: InputBatch, count: number): void {
    this.#slots.forEach((slot, index) => {
      const column = this.#columns[index] as Column;
      if (slot.kind === 'property') {
        for (let row = 0; row < count; row += 1)
          column.setValue(row, metadataValue(input.metadataOf?.(this.#events[row] as number), slot.path));
      }
      if (slot.kind !== 'metadata') return;
      for (let row = 0; row < count; row += 1) {
        if (slot.name === 'PartitionId') column.set(row, Tag.int, input.partition);
        else
          column.set(
            row,
            Tag.time,
            slot.name === 'EventEnqueuedUtcTime' ? (this.#arrivals[row] as number) : Math.round(input.processedTimeMs * 1000),
          );
      }
    });
  }

  /** CREATE TABLE: what does not have the type and cannot be converted drops the row. The reason, or null. */
  #convertDeclared(row: number): string | null {
    const declared = this.#sources[0]?.node.declared ?? null;
    if (declared === null) return null;
    for (const { name, type } of declared) {
      const index = this.#slots.findIndex(
        (slot) => slot.kind === 'path' && slot.path.length === 1 && slot.path[0]?.toLowerCase() === name.toLowerCase(),
      );
      const column = this.#columns[index];
      if (column === undefined || column.tags[row] === Tag.null) continue;
      const value = column.value(row);
      const converted = tryConvert(value, type);
      if (converted === undefined) return `Column '${name}': a value of type '${typeOf(value)}' cannot become '${type}'.`;
      if (typeOf(value) !== type) column.setValue(row, converted);
    }
    return null;
  }

  save(writer: StateWriter): void {
    writer.uint(this.events);
    writer.uint(this.#positions.length);
    for (const position of this.#positions) writer.uint(position);
  }

  load(reader: StateReader): void {
    this.events = reader.uint();
    for (let index = 0, count = reader.uint(); index < count; index += 1) this.#positions[index] = reader.uint();
  }
}
