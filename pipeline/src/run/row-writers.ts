/** Where the rows of a run go: one JSON document, a folder of files, or a listing to read. Must not know the engine's work. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOfOutput, type OutputRow, type OutputValue, outputFromJson } from '@asaql/engine';
import { UsageError } from '../cli/usage-error.ts';
import { RowSpool } from './row-spool.ts';

/** Resolves once the text has been taken, so that no more lies in memory than its reader can keep up with. */
export type WriteText = (text: string) => Promise<void>;

export interface RowWriter {
  /** Begins, or begins anew: rows from before are forgotten. */
  outputs(names: readonly string[]): void;
  rows(output: string, rows: readonly OutputRow[]): void;
  /** The run is over; what has waited is written. */
  finish(write: WriteText): Promise<void>;
  /** In any case, also after a failure. */
  close(): void;
}

class Spools {
  readonly #spools = new Map<string, { readonly name: string; readonly spool: RowSpool }>();

  outputs(names: readonly string[]): void {
    this.close();
    for (const name of names) this.#spools.set(name.toLowerCase(), { name, spool: new RowSpool() });
  }

  rows(output: string, rows: readonly OutputRow[]): void {
    const spool = this.#spools.get(output.toLowerCase())?.spool;
    for (const row of rows) spool?.add(`${jsonOfOutput(row)}\n`);
  }

  get all(): Iterable<{ readonly name: string; readonly spool: RowSpool }> {
    return this.#spools.values();
  }

  close(): void {
    for (const { spool } of this.#spools.values()) spool.close();
  }
}

/** `{"OUTPUT":[row,…],…}`, an entry for every output, with or without rows. */
export class JsonDocument extends Spools implements RowWriter {
  async finish(write: WriteText): Promise<void> {
    let before = '{';
    for (const { name, spool } of this.all) {
      await write(`${before}${JSON.stringify(name)}:[`);
      let separator = '\n';
      for (const piece of spool.pieces()) {
        await write(separator + piece.slice(0, -1).replaceAll('\n', ',\n'));
        separator = ',\n';
      }
      await write(spool.rows > 0 ? '\n]' : ']');
      before = ',\n';
    }
    await write('}\n');
  }
}

const flushChars = 1 << 18;

/** `<output>.ndjson` for every output, with or without rows. */
export class FolderWriter implements RowWriter {
  readonly #folder: string;
  readonly #files = new Map<string, { readonly path: string; readonly file: number; text: string }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws a UsageError where the folder cannot be written to. */
  outputs(names: readonly string[]): void {
    this.close();
    try {
      mkdirSync(this.#folder, { recursive: true });
      for (const name of names) {
        const path = join(this.#folder, `${name.replace(/[\\/:*?"<>|]/g, '_')}.ndjson`);
        this.#files.set(name.toLowerCase(), { path, file: openSync(path, 'w'), text: '' });
      }
    } catch (error) {
      throw new UsageError(`${this.#folder} cannot be written to: ${(error as Error).message}.`);
    }
  }

  rows(output: string, rows: readonly OutputRow[]): void {
    const target = this.#files.get(output.toLowerCase());
    if (target === undefined) return;
    for (const row of rows) {
      target.text += `${jsonOfOutput(row)}\n`;
      if (target.text.length > flushChars) flush(target);
    }
  }

  async finish(): Promise<void> {
    for (const target of this.#files.values()) flush(target);
  }

  close(): void {
    for (const { file } of this.#files.values()) closeSync(file);
    this.#files.clear();
  }
}

function flush(target: { readonly file: number; text: string }): void {
  const bytes = Buffer.from(target.text);
  target.text = '';
  for (let at = 0; at < bytes.length; ) at += writeSync(target.file, bytes, at);
}

/** The widths of columns are taken from the first rows. */
const measuredRows = 500;
const columnCharsMax = 48;

/** A table for each output, for people. */
export class Listing extends Spools implements RowWriter {
  async finish(write: WriteText): Promise<void> {
    for (const { name, spool } of this.all) {
      await write(`${name}: ${spool.rows === 1 ? '1 row' : `${spool.rows} rows`}\n`);
      let columns: readonly ListedColumn[] | null = null;
      for (const piece of spool.pieces()) {
        const rows = piece
          .trimEnd()
          .split('\n')
          .map((line) => outputFromJson(line) as OutputRow);
        if (columns === null) {
          columns = columnsOf(rows);
          await write(line(columns, (column) => column.name));
        }
        const shown = columns;
        await write(rows.map((row) => line(shown, (column) => cell(row[column.name]))).join(''));
      }
      await write('\n');
    }
  }
}

interface ListedColumn {
  readonly name: string;
  readonly chars: number;
}

function columnsOf(rows: readonly OutputRow[]): readonly ListedColumn[] {
  const widths = new Map<string, number>();
  for (const row of rows) for (const name of Object.keys(row)) if (!widths.has(name)) widths.set(name, name.length);
  for (const row of rows.slice(0, measuredRows)) {
    for (const [name, value] of Object.entries(row)) widths.set(name, Math.max(widths.get(name) ?? 0, cell(value).length));
  }
  return [...widths].map(([name, chars]) => ({ name, chars: Math.min(chars, columnCharsMax) }));
}

function line(columns: readonly ListedColumn[], text: (column: ListedColumn) => string): string {
  return `  ${columns.map((column) => text(column).padEnd(column.chars)).join('  ')}`.trimEnd().concat('\n');
}

function cell(value: OutputValue | undefined): string {
  if (value === undefined || value === null) return 'NULL';
  return typeof value === 'string' ? value.replace(/[\r\n\t]+/g, ' ') : jsonOfOutput(value);
}
