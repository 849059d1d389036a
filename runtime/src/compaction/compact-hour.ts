/**
 * Turns one hour of the raw archive into Parquet: its valid events under `processed/`, its figures under `curated/`. Events are
 * read, judged and written as a stream, a row group at a time; results are renamed into place, so that readers see the old
 * hour or the new one; running it again gives the same files.
 */
import type { DataLakeFileClient, DataLakeFileSystemClient } from '@azure/storage-file-datalake';
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { parseRawLine, type RawLine } from '../archive/raw-line.ts';
import { writeWholeFile } from '../lake/write-whole-file.ts';
import { validateValue } from '../validation/validate-event.ts';
import { type EventRow, eventColumns } from './event-table.ts';
import { type HourMarker, markerPath, processedFolder, type RawHour, type RawSource } from './find-hours.ts';
import { HourAggregates } from './hour-aggregates.ts';
import { columnData, schemaOf } from './parquet-columns.ts';
import { UuidSet } from './uuid-set.ts';

export interface CompactionLake {
  readonly raw: DataLakeFileSystemClient;
  readonly processed: DataLakeFileSystemClient;
  readonly curated: DataLakeFileSystemClient;
}

/** Rows of a row group: what is held in memory at once. */
const rowGroupRows = 20_000;

export async function compactHour(hour: RawHour, lake: CompactionLake, nowMs: number): Promise<HourMarker> {
  const folder = processedFolder(hour);
  const output = await EventFile.create(lake.processed, `${folder}/events.parquet`);
  const seen = new UuidSet();
  const aggregates = new HourAggregates();
  const counts = { rows: 0, duplicates: 0, invalid: 0, unreadable: 0 };
  for (const source of hour.sources) {
    for await (const text of linesOf(lake.raw, source)) {
      const line = lineFrom(text);
      if (line === null) counts.unreadable += 1;
      else {
        const validation = 'event' in line ? validateValue(line.event) : null;
        if (validation?.kind !== 'valid') counts.invalid += 1;
        else if (!seen.add(validation.event.event_id)) counts.duplicates += 1;
        else {
          counts.rows += 1;
          aggregates.add(validation.event);
          await output.add({ event: validation.event, line });
        }
      }
    }
  }
  await output.finish();
  for (const { name, columns, rows } of aggregates.tables()) {
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: columnData(columns, rows) }));
    await writeWholeFile(lake.curated, `${folder}/${name}.parquet`, bytes);
  }
  const marker: HourMarker = { sources: hour.sources, ...counts, compacted_at: new Date(nowMs).toISOString() };
  await writeWholeFile(lake.processed, markerPath(hour), Buffer.from(JSON.stringify(marker)));
  return marker;
}

/** A Parquet file of events that goes to the lake as it grows. */
class EventFile {
  readonly #file: DataLakeFileClient;
  readonly #path: string;
  readonly #bytes = new ByteWriter();
  readonly #parquet = new ParquetWriter({ writer: this.#bytes, schema: schemaOf(eventColumns) });
  #rows: EventRow[] = [];
  #position = 0;

  static async create(filesystem: DataLakeFileSystemClient, path: string): Promise<EventFile> {
    const slash = path.lastIndexOf('/');
    const file = filesystem.getFileClient(`${path.slice(0, slash)}/_temporary-${path.slice(slash + 1)}`);
    await file.create();
    return new EventFile(file, path);
  }

  private constructor(file: DataLakeFileClient, path: string) {
    this.#file = file;
    this.#path = path;
  }

  async add(row: EventRow): Promise<void> {
    this.#rows.push(row);
    if (this.#rows.length === rowGroupRows) await this.#writeRowGroup();
  }

  async finish(): Promise<void> {
    if (this.#rows.length > 0) await this.#writeRowGroup();
    await this.#parquet.finish();
    await this.#send();
    await this.#file.flush(this.#position);
    await this.#file.move(this.#path);
  }

  async #writeRowGroup(): Promise<void> {
    await this.#parquet.write({ columnData: columnData(eventColumns, this.#rows), rowGroupSize: rowGroupRows });
    this.#rows = [];
    await this.#send();
  }

  /** What the writer holds goes to the lake; only its count of all bytes goes on. */
  async #send(): Promise<void> {
    const piece = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    if (piece.byteLength === 0) return;
    await this.#file.append(piece, this.#position, piece.byteLength);
    this.#position += piece.byteLength;
  }
}

/** The lines of the bytes that were there when the hour was listed; what has come since makes the hour due again. */
async function* linesOf(raw: DataLakeFileSystemClient, source: RawSource): AsyncGenerator<string> {
  if (source.bytes === 0) return;
  const stream = (await raw.getFileClient(source.path).read(0, source.bytes)).readableStreamBody;
  if (stream === undefined) throw new Error(`The lake gave no body for ${source.path}.`);
  let pending: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = chunk.subarray(start, end);
      yield (pending.length === 0 ? line : Buffer.concat([...pending, line])).toString('utf8');
      pending = [];
      start = end + 1;
    }
    if (start < chunk.byteLength) pending.push(chunk.subarray(start));
  }
  if (pending.length > 0) yield Buffer.concat(pending).toString('utf8');
}

function lineFrom(text: string): RawLine | null {
  try {
    return parseRawLine(text);
  } catch {
    return null;
  }
}
