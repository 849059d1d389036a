/** What a run of the generator is asked to do, whoever asks: the command line, `asaql up`, a test. */
import type { ScenarioName } from '@asaql/generator';
import type { EventHubsConnection } from '../config/connections.ts';
import type { PaceProgress } from './paced-sender.ts';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export type GenerateTarget =
  | {
      readonly kind: 'hub';
      readonly connection: EventHubsConnection;
      readonly hub: string;
      /** A file that is appended to: see ledger.ts. */
      readonly ledgerPath?: string;
    }
  /** With a duration, the time is only told and the file is written at once; without one, it grows at the asked rate. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'screen' };

export interface GenerateOptions {
  readonly eventsPerSecond: number;
  readonly users: number;
  readonly seed: number;
  readonly scenarios: readonly ScenarioName[];
  readonly stateless: boolean;
  /** Null: until stopped. */
  readonly durationSeconds: number | null;
  /** When the run's first event happens; null: now. Events for a hub always happen now. */
  readonly startTimeMs: number | null;
  readonly target: GenerateTarget;
  readonly logLevel: LogLevel;
  /** One line for a person; standard error by default. */
  readonly onLog?: (line: string) => void;
  /** About once a second. */
  readonly onProgress?: (progress: PaceProgress) => void;
  /** Ends the run: what was taken over is still sent, for ten seconds at most. */
  readonly signal?: AbortSignal;
}

export interface GenerateSummary {
  readonly seed: number;
  readonly speedFactor: number;
  /** The first event's time. */
  readonly startTimeMs: number;
  /** Events taken from the generator; less the acknowledged and refused ones, they are under way or were never sent. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly elapsedSeconds: number;
  /** Acknowledged events per second of the run. */
  readonly ratePerSecond: number;
}
