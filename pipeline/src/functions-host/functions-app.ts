/**
 * Loads the package of a Functions app into this process, as a worker would, and calls its functions through the library's own
 * invocation model: the app cannot tell. Knows no trigger; host and triggers are other files.
 */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  InvocationRequest,
  InvocationResponse,
  LogLevel,
  ProgrammingModel,
} from './core-types.ts';
import { whileRegistering } from './functions-core.ts';

export interface LogEntry {
  readonly level: LogLevel;
  /** `user` for what the app says, `system` and `host` for what is said about it. */
  readonly category: string;
  readonly functionName?: string;
  readonly message: string;
}

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

let hooked = false;

/** From now on `@azure/functions-core` is found. Must run before the first function is registered: the library looks once. */
function supplyFunctionsCore(): void {
  if (hooked) return;
  hooked = true;
  // Beside this file, as a source or in a bundle.
  const isSource = import.meta.url.endsWith('.ts');
  const url = new URL(`./functions-core.${isSource ? 'ts' : 'mjs'}`, import.meta.url).href;
  const format = isSource ? 'module-typescript' : 'module';
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core' ? { url, format, shortCircuit: true } : next(specifier, context),
  });
}

const loaded = new Map<string, Promise<FunctionsApp>>();

/** Loads an app by the path of its entry (source or bundle). Once per process: a module registers its functions only once. */
export function loadFunctionsApp(entry: string): Promise<FunctionsApp> {
  const path = resolve(entry);
  const known = loaded.get(path);
  if (known !== undefined) return known;
  supplyFunctionsCore();
  const app = new FunctionsApp();
  const loading = whileRegistering(app, () => import(pathToFileURL(path).href)).then(() => app);
  loaded.set(path, loading);
  return loading;
}

export class FunctionsApp {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<string, Set<HookCallback>>();
  #model: ProgrammingModel | undefined;
  /** Where the log goes; set by the host that runs the app. */
  onLog: (entry: LogEntry) => void = () => undefined;

  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
    if (this.functions.has(metadata.name)) throw new Error(`Function ${metadata.name} is registered twice.`);
    this.functions.set(metadata.name, { metadata, callback });
  }

  registerHook(name: string, callback: HookCallback): () => void {
    const hooks = this.#hooks.get(name) ?? new Set();
    hooks.add(callback);
    this.#hooks.set(name, hooks);
    return () => hooks.delete(callback);
  }

  setProgrammingModel(model: ProgrammingModel): void {
    this.#model = model;
  }

  log(level: LogLevel, category: string, message: string): void {
    this.onLog({ level, category, message });
  }

  /** Runs the app's hooks of a name (`appStart`, `appTerminate`) one after the other. */
  async runHooks(name: string, context: Record<string, unknown> = { hookData: {} }): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) await hook(context);
  }

  /** Calls a function once. Throws what the function throws. */
  async invoke(functionName: string, request: InvocationRequest): Promise<InvocationResponse> {
    const registered = this.functions.get(functionName);
    if (registered === undefined)
      throw new Error(`There is no function ${functionName}; there are ${[...this.functions.keys()].join(', ')}.`);
    if (this.#model === undefined) throw new Error('The app registered no programming model.');
    const { metadata, callback } = registered;
    const coreContext = {
      invocationId: request.invocationId,
      request,
      metadata,
      state: undefined as string | undefined,
      log: (level: LogLevel, category: string, message: string) => this.onLog({ level, category, functionName, message }),
    };
    const model = this.#model.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    const before = { hookData: {}, invocationContext: context, functionCallback: callback, inputs };
    coreContext.state = 'preInvocationHooks';
    await this.runHooks('preInvocation', before);
    const after: Record<string, unknown> = {
      hookData: before.hookData,
      invocationContext: context,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    coreContext.state = 'invocation';
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
    coreContext.state = 'postInvocationHooks';
    await this.runHooks('postInvocation', after);
    if (after.error !== null && after.error !== undefined) throw after.error;
    return model.getResponse(context, after.result);
  }
}
