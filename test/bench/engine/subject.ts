/** What is measured: each in a process of its own, so that its peak of memory is its own. */

export type Subject =
  /** The engine, from the bytes of the file to rows. */
  | { readonly kind: 'asaql'; readonly query: string; readonly cores: 1 | 2 }
  /** The same query, stopped in the middle: its checkpoint. */
  | { readonly kind: 'checkpoint'; readonly query: string; readonly events: number }
  /** DuckDB, from the bytes of the file to rows. `queries`: by name. */
  | { readonly kind: 'duckdb'; readonly queries: readonly string[]; readonly threads: number }
  /** JSON.parse of each line, and nothing else. */
  | { readonly kind: 'jsonParse' };

export interface Measured {
  readonly seconds: number;
  readonly rows: number;
  /** Resident memory of the process at its highest. */
  readonly peakBytes: number;
  readonly checkpoint?: { readonly bytes: number; readonly saveSeconds: number; readonly restoreSeconds: number };
}

/** What a measuring process is given: the subject, the events, and where its rows are to be written, if they are. */
export interface Order {
  readonly subject: Subject;
  readonly path: string;
  readonly rowsFolder: string | null;
}
