/** A Stream Analytics project as it was read: what every other part works on. Knows no format. */
import type { TimePolicies } from '@asaql/engine';
import type { CompatibilityLevel } from '@asaql/parser';
import type { TextFile } from '../files/project-files.ts';
import type { SourceKind } from '../formats/data-sources.ts';
import type { ContentObject } from '../secret.ts';

export interface Project {
  readonly name: string;
  /** By Visual Studio Code, by Visual Studio, or folders alone. */
  readonly layout: 'vscode' | 'visual-studio' | 'folders';
  /** asaproj.json or NAME.asaproj; null where there is neither. */
  readonly manifestPath: string | null;
  /** What the job runs, where a file says so. */
  readonly startFile: TextFile | null;
  /** Under queries/: what the job's query is combined from. They come before a start file, which may be older. */
  readonly queries: readonly TextFile[];
  /** Null: no settings of a job stand in the project. */
  readonly job: JobConfig | null;
  readonly inputs: readonly ProjectInput[];
  readonly outputs: readonly ProjectOutput[];
  readonly functions: readonly ProjectFunction[];
  readonly profiles: readonly Profile[];
}

/** JobConfig.json; what it leaves out has the service's default. */
export interface JobConfig {
  readonly path: string;
  readonly policies: TimePolicies;
  readonly compatibilityLevel: CompatibilityLevel;
  readonly dataLocale: string;
  readonly outputErrorPolicy: 'Drop' | 'Stop' | 'Retry';
  /** Name and number; the scale of the number is the name's. */
  readonly sku: { readonly name: string; readonly streamingUnits: number };
  readonly usesSystemAssignedIdentity: boolean;
  readonly contentStoragePolicy: string;
  /** GlobalStorage, CustomCodeStorage, Tags and whatever else stands in the file. */
  readonly content: ContentObject;
}

/** Where an input reads from, or an output writes to. */
export interface DataSource {
  /** null: a kind that this program does not know. */
  readonly kind: SourceKind | null;
  /** As the file says it, such as `Event Hub`. */
  readonly named: string;
  /** By the keys of its kind, however the file spells them. */
  readonly properties: ContentObject;
}

export interface ProjectInput {
  readonly name: string;
  readonly kind: 'stream' | 'reference';
  /** The file of its definition; null where there is a local input alone. */
  readonly path: string | null;
  readonly source: DataSource | null;
  readonly serialization: ContentObject | null;
  readonly compression: string | null;
  readonly partitionKey: string | null;
  readonly local: LocalInput | null;
  /** An event that the older tools keep in the definition. */
  readonly inlineSample: string | null;
}

/** Local_NAME.json. */
export interface LocalInput {
  readonly path: string;
  readonly format: string;
  /** The file of events; null where none is named or it is not there. */
  readonly samplePath: string | null;
}

export interface ProjectOutput {
  readonly name: string;
  readonly path: string;
  readonly sink: DataSource | null;
  readonly serialization: ContentObject | null;
  readonly minimumRows: number | null;
  /** As in `00:02:00`. */
  readonly maximumTime: string | null;
}

export interface ProjectFunction {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  readonly language: 'javascript' | 'csharp' | 'other';
  /** NAME.js.json; null where there is code alone. */
  readonly path: string | null;
  readonly code: TextFile | null;
  /** null where no file declares them. */
  readonly parameters: readonly { readonly type: string; readonly isConfiguration: boolean }[] | null;
  readonly returnType: string | null;
  /** What the file says of code in other languages. */
  readonly content: ContentObject;
}

/** One environment: what is other there than the files say. */
export interface Profile {
  readonly name: string;
  readonly path: string;
  readonly job: Readonly<Record<string, string | number | boolean>>;
  /** By a name or a pattern with `*`, in the order of the file. */
  readonly inputs: readonly ProfileChange[];
  readonly outputs: readonly ProfileChange[];
  /** Where its keys stand, by path: `outputs.cosmos-*.AccountId`. */
  readonly places: ReadonlyMap<string, Area>;
}

/** From 1 both; the end is behind the last character. */
export interface Area {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ProfileChange {
  readonly names: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}
