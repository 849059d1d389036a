/** What a run of tests gets from outside: files, functions, the generator and the clock. Knows no test. */
import type { UserFunctions } from '@asaql/engine';
import type { ProjectFiles } from '../files/project-files.ts';
import type { Project } from '../project/project.ts';
import type { GenerateRequest } from './test-case.ts';

export interface TestEnvironment {
  /** Relative to the project's folder. */
  readonly files: ProjectFiles;
  /** What is known of the project, its query aside. */
  readonly project: Project;
  /** The project's functions, made ready once a query needs them. Rejects with an error of one line. */
  readonly functions: () => Promise<UserFunctions>;
  /** Throws an error of one line where a name or number is none that the generator knows. */
  readonly generate: (request: GenerateRequest, startMs: number) => readonly GeneratedEvent[];
  readonly unzip: (bytes: Uint8Array) => Uint8Array;
  /** Monotonous, for durations. */
  readonly nowMs: () => number;
}

export interface GeneratedEvent {
  readonly text: string;
  readonly arrivalTimeMs: number;
  readonly partition: number;
}

/** Tests that cannot be run as they stand, with the place in the file: data, not a failure of the program. */
export class TestSetupError extends Error {
  override readonly name = 'TestSetupError';
}
