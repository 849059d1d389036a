/**
 * What `require('@azure/functions-core')` gives in this process: the module that a Functions worker provides and npm does not
 * have. It hands every registration to the app that is being loaded. Knows no trigger.
 */
import type { FunctionCallback, FunctionMetadata, HookCallback, LogLevel, ProgrammingModel } from './core-types.ts';

export const version = '3.10.0';
export const hostVersion = '4.1040.0';

/** Takes what an app registers while it is loaded. */
export interface Registrar {
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void;
  registerHook(name: string, callback: HookCallback): () => void;
  setProgrammingModel(model: ProgrammingModel): void;
  log(level: LogLevel, category: string, message: string): void;
}

let current: Registrar | null = null;
let model: ProgrammingModel | undefined;

/** Runs a load during which registrations go to the registrar. Loads must not overlap: a registration does not say whose it is. */
export async function whileRegistering(registrar: Registrar, load: () => Promise<unknown>): Promise<void> {
  if (current !== null) throw new Error('Two Functions apps are being loaded at once; load one after the other.');
  current = registrar;
  // The library sets its model once per process, with the first app that uses it.
  if (model !== undefined) registrar.setProgrammingModel(model);
  try {
    await load();
  } finally {
    current = null;
  }
}

function registrar(): Registrar {
  if (current === null) throw new Error('A function was registered while no Functions app was being loaded.');
  return current;
}

export class Disposable {
  readonly #dispose: () => void;
  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }
  dispose(): void {
    this.#dispose();
  }
}

export function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  registrar().registerFunction(metadata, callback);
  return new Disposable(() => undefined);
}

export function registerHook(name: string, callback: HookCallback): Disposable {
  return new Disposable(registrar().registerHook(name, callback));
}

export function setProgrammingModel(newModel: ProgrammingModel): void {
  model = newModel;
  registrar().setProgrammingModel(newModel);
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return model;
}

export function log(level: LogLevel, category: string, message: string): void {
  current?.log(level, category, message);
}
