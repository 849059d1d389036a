/**
 * User functions and aggregates in JavaScript, each in a realm of its own of a QuickJS that is compiled to WebAssembly: no
 * files, no network, no process; bounded memory and time. Must not know where the sources come from.
 */
import { EvaluationError, type UserAggregate, type UserFunctions, type Value } from '@asaql/engine';
import { getQuickJS, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from 'quickjs-emscripten';
import { decodeValue, encodeValue, numberValue, sandboxSource } from './value-code.ts';

export interface FunctionSource {
  /** What a query calls it by, after `udf.` or `uda.`. */
  readonly name: string;
  /** JavaScript with `function main(…)`. */
  readonly source: string;
  /** For messages. */
  readonly file: string;
  /** undefined: it may be called as either. */
  readonly kind?: 'scalar' | 'aggregate';
}

export interface FunctionLimits {
  /** How long one call may take. */
  readonly callMsMax: number;
  /** What all functions together may hold. */
  readonly memoryBytesMax: number;
  /** A clock that never goes back, in ms. */
  readonly nowMs: () => number;
}

/** Less than what WebAssembly itself has room for, so that the sandbox's own check comes first. */
const stackBytesMax = 192 << 10;

/** A function that cannot be loaded: its file, line and what is wrong. */
export class UserFunctionError extends Error {
  override readonly name = 'UserFunctionError';
}

/** Throws a UserFunctionError for code that is no JavaScript, that fails while it is loaded, or that has no `main`. */
export async function loadUserFunctions(sources: readonly FunctionSource[], limits: FunctionLimits): Promise<UserFunctions> {
  const runtime = (await getQuickJS()).newRuntime();
  runtime.setMemoryLimit(limits.memoryBytesMax);
  runtime.setMaxStackSize(stackBytesMax);
  const watch = new Watch(runtime, limits);
  const loaded = new Map<string, UserFunction>();
  for (const source of sources) {
    const key = source.name.toLowerCase();
    const other = loaded.get(key);
    if (other !== undefined)
      throw new UserFunctionError(`${source.file} and ${other.source.file} are one name to a query: rename one.`);
    loaded.set(key, new UserFunction(runtime.newContext(), source, watch));
  }
  const find = (name: string, kind: FunctionSource['kind']): UserFunction | null => {
    const found = loaded.get(name.toLowerCase());
    return found === undefined || (found.source.kind ?? kind) !== kind ? null : found;
  };
  return {
    scalar: (name) => {
      const found = find(name, 'scalar');
      return found === null ? null : (args) => found.call(args);
    },
    aggregate: (name) => {
      const found = find(name, 'aggregate');
      return found === null ? null : (removable) => (removable ? new RunningAggregation(found) : new Aggregation(found));
    },
  };
}

/** Ends what takes too long. */
class Watch {
  readonly limits: FunctionLimits;
  #deadlineMs = Number.POSITIVE_INFINITY;
  exceeded = false;

  constructor(runtime: QuickJSRuntime, limits: FunctionLimits) {
    this.limits = limits;
    runtime.setInterruptHandler(() => {
      this.exceeded = limits.nowMs() > this.#deadlineMs;
      return this.exceeded;
    });
  }

  start(): void {
    this.exceeded = false;
    this.#deadlineMs = this.limits.nowMs() + this.limits.callMsMax;
  }
}

class UserFunction {
  readonly source: FunctionSource;
  readonly #context: QuickJSContext;
  readonly #watch: Watch;
  readonly #call: QuickJSHandle;
  readonly #aggregate: QuickJSHandle;
  readonly #open: QuickJSHandle;
  readonly #goOn: QuickJSHandle;
  readonly #encode: QuickJSHandle;
  readonly #main: QuickJSHandle;

  constructor(context: QuickJSContext, source: FunctionSource, watch: Watch) {
    this.source = source;
    this.#context = context;
    this.#watch = watch;
    const sandbox = context.unwrapResult(context.evalCode(sandboxSource, 'sandbox.js'));
    this.#call = context.getProp(sandbox, 'call');
    this.#aggregate = context.getProp(sandbox, 'aggregate');
    this.#open = context.getProp(sandbox, 'open');
    this.#goOn = context.getProp(sandbox, 'goOn');
    this.#encode = context.getProp(sandbox, 'encode');
    sandbox.dispose();
    watch.start();
    const evaluated = context.evalCode(source.source, this.#fileName, { type: 'global' });
    if (evaluated.error) throw new UserFunctionError(`${source.file}: ${this.#reason(evaluated.error)}`);
    evaluated.value.dispose();
    const main = context.unwrapResult(context.evalCode("typeof main === 'function' ? main : undefined", 'main.js'));
    if (context.typeof(main) !== 'function') {
      throw new UserFunctionError(`${source.file} has no function main: a user function is written "function main(…) { … }".`);
    }
    this.#main = main;
  }

  /** Without folders, so that a message is the same everywhere. */
  get #fileName(): string {
    return `${this.source.name}.js`;
  }

  call(args: readonly Value[]): Value {
    this.#watch.start();
    const plain = this.#plainHandles(args);
    if (plain === null) return this.#byText(this.#call, JSON.stringify(args.map(encodeValue)));
    const result = this.#context.callFunction(this.#main, this.#context.undefined, ...plain);
    for (const handle of plain) handle.dispose();
    if (result.error) throw this.#failure(result.error);
    const value = this.#plainValue(result.value);
    if (value !== undefined) {
      result.value.dispose();
      return value;
    }
    const encoded = this.#context.callFunction(this.#encode, this.#context.undefined, result.value);
    result.value.dispose();
    if (encoded.error) throw this.#failure(encoded.error);
    return this.#fromText(encoded.value);
  }

  /** `values`: what accumulate gets, in order. */
  aggregate(values: readonly (readonly [unknown, number])[]): Value {
    this.#watch.start();
    return this.#byText(this.#aggregate, JSON.stringify(values));
  }

  /** A new aggregate that lives on in the sandbox; null where its function has no `deaccumulate`, so that it would be of no use. */
  open(): QuickJSHandle | null {
    this.#watch.start();
    const result = this.#context.callFunction(this.#open, this.#context.undefined, this.#main);
    if (result.error) throw this.#failure(result.error);
    if (this.#context.typeof(result.value) === 'object' && !this.#context.sameValue(result.value, this.#context.null))
      return result.value;
    result.value.dispose();
    return null;
  }

  /** `steps`: what accumulate (true) and deaccumulate (false) get, in order; then the result. */
  goOn(opened: QuickJSHandle, steps: readonly (readonly [boolean, unknown, number])[]): Value {
    this.#watch.start();
    return this.#byText(this.#goOn, JSON.stringify(steps), opened);
  }

  #byText(entry: QuickJSHandle, text: string, subject: QuickJSHandle = this.#main): Value {
    const argument = this.#context.newString(text);
    const result = this.#context.callFunction(entry, this.#context.undefined, subject, argument);
    argument.dispose();
    if (result.error) throw this.#failure(result.error);
    return this.#fromText(result.value);
  }

  #fromText(handle: QuickJSHandle): Value {
    const text = this.#context.getString(handle);
    handle.dispose();
    try {
      return decodeValue(JSON.parse(text));
    } catch (error) {
      if (error instanceof EvaluationError) throw new EvaluationError(`${this.#title}: ${error.message}.`);
      throw error;
    }
  }

  /** Numbers, texts and bits need no text around them, and most arguments are of these; null where one is not. */
  #plainHandles(args: readonly Value[]): QuickJSHandle[] | null {
    if (args.some((value) => typeof value === 'object' && value !== null)) return null;
    const context = this.#context;
    return args.map((value) => {
      if (value === null) return context.null.dup();
      if (typeof value === 'string') return context.newString(value);
      if (typeof value === 'boolean') return (value ? context.true : context.false).dup();
      return context.newNumber(Number(value));
    });
  }

  #plainValue(handle: QuickJSHandle): Value | undefined {
    switch (this.#context.typeof(handle)) {
      case 'undefined':
        return null;
      case 'string':
        return this.#context.getString(handle);
      case 'number':
        return numberValue(this.#context.getNumber(handle));
      case 'boolean':
        return this.#context.sameValue(handle, this.#context.true);
      default:
        return this.#context.sameValue(handle, this.#context.null) ? null : undefined;
    }
  }

  get #title(): string {
    return `Function '${this.source.name}' resulted in an error`;
  }

  #failure(error: QuickJSHandle): EvaluationError {
    return new EvaluationError(`${this.#title}: ${this.#reason(error)}`);
  }

  /** What went wrong, and in which line of the function. */
  #reason(error: QuickJSHandle): string {
    const { callMsMax, memoryBytesMax } = this.#watch.limits;
    const dumped: unknown = this.#context.dump(error);
    error.dispose();
    const { name, message, stack, lineNumber } = (typeof dumped === 'object' && dumped !== null ? dumped : {}) as Partial<
      Record<string, unknown>
    >;
    const said = message === undefined ? String(dumped) : `${name ?? 'Error'}: ${message}`;
    const found = new RegExp(`${this.#fileName.replace(/[^\w]/g, '\\$&')}:(\\d+)`).exec(String(stack ?? ''))?.[1] ?? lineNumber;
    const line = found === undefined ? '' : ` (${this.#fileName}, line ${found})`;
    if (this.#watch.exceeded) return `it takes longer than ${callMsMax} ms${line}.`;
    if (/out of memory/.test(said)) return `it needs more than ${memoryBytesMax >> 20} MB${line}.`;
    return `${said}${line}.`;
  }
}

/** The values of one group; the sandbox is entered once, when the result is wanted. */
class Aggregation implements UserAggregate {
  readonly #function: UserFunction;
  readonly #values: (readonly [unknown, number])[] = [];

  constructor(userFunction: UserFunction) {
    this.#function = userFunction;
  }

  accumulate(value: Value, timestampUs: number): void {
    this.#values.push([encodeValue(value), timestampUs / 1000]);
  }

  computeResult(): Value {
    return this.#function.aggregate(this.#values);
  }
}

/** Values that come and go: the aggregate lives on in the sandbox where its function can take values away. */
class RunningAggregation implements UserAggregate {
  readonly #function: UserFunction;
  /** undefined: not asked for yet. */
  #opened: QuickJSHandle | null | undefined;
  #steps: (readonly [boolean, unknown, number])[] = [];

  constructor(userFunction: UserFunction) {
    this.#function = userFunction;
  }

  accumulate(value: Value, timestampUs: number): void {
    this.#steps.push([true, encodeValue(value), timestampUs / 1000]);
  }

  deaccumulate(value: Value, timestampUs: number): boolean {
    if (this.#opened === undefined) this.#opened = this.#function.open();
    if (this.#opened === null) return false;
    this.#steps.push([false, encodeValue(value), timestampUs / 1000]);
    return true;
  }

  computeResult(): Value {
    if (this.#opened === undefined) this.#opened = this.#function.open();
    const steps = this.#steps;
    if (this.#opened === null) return this.#function.aggregate(steps.map(([, value, timeMs]) => [value, timeMs]));
    this.#steps = [];
    return this.#function.goOn(this.#opened, steps);
  }

  close(): void {
    this.#opened?.dispose();
    this.#opened = null;
  }
}
