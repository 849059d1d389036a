/**
 * What an attended pipeline and the windows that attend it say to each other, one JSON object a line over a local socket.
 * The dashboard's own messages travel inside. Imports nothing at run time: an editor takes it without the pipeline.
 */
import type { HealthSnapshot, HostMessage, RangeName } from '@asaql/webview/protocol';

export interface GeneratorWish {
  readonly eventsPerSecond: number;
  readonly users: number;
  readonly scenarios: readonly string[];
}

/** How the pipeline is to be run: the first window that starts it says so. */
export interface AttendedOptions {
  /** Where config.yaml and .env lie. */
  readonly root: string;
  readonly projectDir: string;
  readonly dataDir: string;
  readonly socket: string;
  readonly generator: GeneratorWish;
  /** How long it goes on when nobody attends it any more. */
  readonly aloneMaxMs: number;
}

export type AttendedPhase = 'starting' | 'running' | 'stopping' | 'failed';

export interface AttendedStatus {
  readonly kind: 'status';
  readonly phase: AttendedPhase;
  /** One line: why it failed. */
  readonly detail: string | null;
  readonly health: HealthSnapshot;
  /** null: nothing is sent. */
  readonly generator: GeneratorWish | null;
  readonly acknowledged: number;
}

export type AttendedAnswer =
  | AttendedStatus
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'page'; readonly page: number; readonly message: HostMessage };

export type AttendedRequest =
  | { readonly kind: 'generate'; readonly generator: GeneratorWish | null }
  | { readonly kind: 'open-page'; readonly page: number; readonly range: RangeName }
  | { readonly kind: 'close-page'; readonly page: number }
  | { readonly kind: 'stop' };

/** The variable that hands the options to the process. */
export const attendedVariable = 'ASAQL_ATTENDED_OPTIONS';
