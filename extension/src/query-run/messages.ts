/**
 * What the extension and the worker that runs queries say to each other. Everything can be cloned. What is shown is in the
 * words of the pages' protocol, so that the extension only passes it on.
 */
import type { CompatibilityLevel, TimePolicies } from '@asaql/engine';
import type { ScenarioName } from '@asaql/generator';
import type { FunctionSource } from '@asaql/udf';
import type { PreviewResult, RowsPage, RowTrace } from '@asaql/webview/protocol';

/** Events of one input as a file holds them: JSON values one after another or in an array, or CSV with a header. */
export interface SampleFile {
  readonly input: string;
  readonly kind: 'stream' | 'reference';
  readonly name: string;
  readonly format: 'json' | 'csv';
  readonly bytes: Uint8Array;
}

/** Playback events of a seed, for every stream that has no file. */
export interface GeneratedSample {
  readonly seed: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly scenarios: readonly ScenarioName[];
}

export interface Sample {
  readonly files: readonly SampleFile[];
  readonly generated: GeneratedSample;
}

/** What of the text is run: all of it, one step, or what is selected in the context of the steps. */
export type Focus =
  | { readonly kind: 'all' }
  | { readonly kind: 'step'; readonly name: string }
  | { readonly kind: 'selection'; readonly start: number; readonly end: number };

export interface RunRequest {
  readonly kind: 'run';
  readonly run: number;
  readonly text: string;
  readonly focus: Focus;
  readonly policies: TimePolicies;
  readonly compatibilityLevel: CompatibilityLevel;
  readonly functions: readonly FunctionSource[];
}

export interface SampleRequest {
  readonly kind: 'sample';
  readonly sample: Sample;
}

export interface RowsRequest {
  readonly kind: 'rows';
  readonly request: number;
  readonly run: number;
  readonly table: string;
  readonly from: number;
  readonly count: number;
  /** Up to which point of the timeline; null: to the end. */
  readonly point: number | null;
}

export interface TraceRequest {
  readonly kind: 'trace';
  readonly request: number;
  readonly run: number;
  readonly table: string;
  readonly row: number;
  readonly column: string | null;
}

export type WorkerRequest = SampleRequest | RunRequest | RowsRequest | TraceRequest;

export type WorkerAnswer =
  | { readonly kind: 'result'; readonly run: number; readonly result: PreviewResult }
  /** null: the run is no longer there. */
  | { readonly kind: 'answer'; readonly request: number; readonly value: RowsPage | RowTrace | null }
  | { readonly kind: 'failed'; readonly request: number; readonly message: string };
