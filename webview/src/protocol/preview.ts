// What the preview and the job diagram show, and what their pages and their host say to each other. Rows come in pages, as a
// table is scrolled; everything else is small and sent whole. Times are milliseconds since 1970 UTC.
import type { PROTOCOL_VERSION } from './messages.ts';

/** A value as JSON has it. */
export type Cell = null | boolean | number | string | Cell[] | { [name: string]: Cell };

export interface PreviewProblem {
  /** null: it went wrong on the data. */
  readonly code: string | null;
  readonly message: string;
  /** From 1 both, in the document. */
  readonly line: number;
  readonly column: number;
  /** Offsets in the document. */
  readonly start: number;
  readonly end: number;
}

export interface PreviewTable {
  /** A node of the step graph, `step:totals`; or `policies` for events that are late, dropped or unreadable. */
  readonly id: string;
  readonly kind: 'output' | 'step' | 'input' | 'policies';
  readonly name: string;
  readonly rowCount: number;
  /** Its window, where it has just one. */
  readonly window: PreviewWindow | null;
  /** Rows by time: as many buckets as the timeline has. */
  readonly histogram: readonly number[];
}

export interface PreviewWindow {
  readonly kind: 'tumbling' | 'hopping' | 'sliding' | 'session' | 'snapshot';
  readonly sizeMs: number;
  readonly hopMs: number;
  readonly offsetMs: number;
}

/** How far all was when so many events had been taken. */
export interface PreviewPoint {
  readonly events: number;
  readonly arrivalMs: number;
  /** null: not yet known. */
  readonly watermarkMs: number | null;
  /** Rows until then, in the order of the tables. */
  readonly rows: readonly number[];
}

export interface PreviewResult {
  /** Which run it is: rows are asked for by it. */
  readonly run: number;
  readonly events: number;
  /** Where the events are from, for people. */
  readonly sample: string;
  readonly elapsedMs: number;
  /** Empty while the query cannot be run: what was shown before then stays. */
  readonly tables: readonly PreviewTable[];
  readonly points: readonly PreviewPoint[];
  /** The span of the timeline; null without rows and events. */
  readonly span: { readonly fromMs: number; readonly toMs: number } | null;
  readonly policies: {
    /** Events whose time was moved, because they were late or out of order. */
    readonly adjusted: number;
    /** Events that a time policy dropped. */
    readonly dropped: number;
    /** Events that could not be read. */
    readonly unreadable: number;
    /** What applies, for people: `late 60 s, out of order 10 s, Adjust`. */
    readonly rules: string;
  };
  readonly problems: readonly PreviewProblem[];
  readonly diagram: JobDiagram | null;
}

export interface JobDiagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly kind: 'from' | 'join' | 'leftJoin' }[];
}

export interface DiagramNode {
  readonly id: string;
  readonly kind: 'input' | 'reference' | 'step' | 'output';
  readonly name: string;
  readonly traits: readonly string[];
  readonly columns: readonly DiagramColumn[];
  /** Events or rows; null before a run. */
  readonly rowCount: number | null;
  readonly start: number;
}

export interface DiagramColumn {
  readonly name: string;
  readonly type: string;
  /** What it is made from, one step back. */
  readonly from: readonly { readonly node: string; readonly column: string }[];
}

export interface RowsPage {
  readonly run: number;
  readonly table: string;
  readonly columns: readonly string[];
  readonly from: number;
  /** Rows that there are until the point that was asked for. */
  readonly total: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** The events that a row came from. */
export interface RowTrace {
  readonly run: number;
  readonly table: string;
  readonly row: number;
  readonly column: string | null;
  /** Fields of the events that the column is made from. */
  readonly fields: readonly string[];
  readonly total: number;
  readonly events: readonly { readonly input: string; readonly number: number; readonly text: string }[];
  /** Why there are none, where there are none. */
  readonly reason: string | null;
}

interface Message<Kind extends string> {
  version: typeof PROTOCOL_VERSION;
  kind: Kind;
}

export interface PreviewMessage extends Message<'preview'> {
  /** The query's file, and what of it is run. */
  readonly document: string;
  readonly focus: string | null;
  readonly result: PreviewResult;
}

/** What a page is to show first, when somebody chose it elsewhere. */
export interface SelectTableMessage extends Message<'select'> {
  readonly table: string;
}

export interface RowsMessage extends Message<'rows'> {
  readonly page: RowsPage;
}

export interface TraceMessage extends Message<'trace'> {
  readonly trace: RowTrace;
}

export type PreviewHostMessage = PreviewMessage | SelectTableMessage | RowsMessage | TraceMessage;

export type PreviewPageMessage =
  | Message<'open'>
  | (Message<'show'> & {
      readonly run: number;
      readonly table: string;
      readonly from: number;
      readonly count: number;
      readonly point: number | null;
    })
  | (Message<'follow'> & { readonly run: number; readonly table: string; readonly row: number; readonly column: string | null })
  | (Message<'reveal'> & { readonly start: number; readonly end: number })
  | (Message<'choose-table'> & { readonly table: string })
  | Message<'choose-sample'>
  | Message<'run-all'>;
