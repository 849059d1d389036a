/**
 * Windows and durations, built from calls that were parsed like any other: `TumblingWindow(second, 10)` is a call until
 * it stands in GROUP BY. Knows no tokens and no clauses.
 */
import { catalogue } from '../diagnostics/catalogue.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type {
  Argument,
  Call,
  DurationLiteral,
  Expression,
  GroupByItem,
  TimeUnit,
  WindowSpecification,
  WindowsItem,
} from '../syntax/nodes.ts';
import { isWindowUnit } from '../syntax/time-units.ts';
import type { Span } from '../text/span.ts';
import { entryOf } from '../text/word-entry.ts';

type WindowKind = WindowSpecification['windowKind'];
type Report = (diagnostic: Diagnostic) => void;

const windowKindByName: Readonly<Record<string, WindowKind>> = {
  tumblingwindow: 'tumbling',
  tumbling: 'tumbling',
  hoppingwindow: 'hopping',
  hopping: 'hopping',
  slidingwindow: 'sliding',
  sliding: 'sliding',
  sessionwindow: 'session',
  session: 'session',
};

const usage: Record<Exclude<WindowKind, 'snapshot'>, string> = {
  tumbling: 'TumblingWindow(unit, size [, offset]) or TumblingWindow(Duration(unit, size) [, Offset(unit, n)])',
  hopping: 'HoppingWindow(unit, size, hop [, offset]) or HoppingWindow(Duration(unit, size), Hop(unit, hop) [, Offset(unit, n)])',
  sliding: 'SlidingWindow(unit, size) or SlidingWindow(Duration(unit, size))',
  session: 'SessionWindow(unit, timeout, maxDuration) or SessionWindow(Timeout(unit, n), MaxDuration(unit, n))',
};

const windowsUsage = "Windows(TumblingWindow(…), …) or Windows(Window('id', TumblingWindow(…)), …)";

/** What the arguments of a window mean, in order; those after `required` may be left out. */
const roles: Record<Exclude<WindowKind, 'snapshot'>, { names: readonly Role[]; required: number }> = {
  tumbling: { names: ['duration', 'offset'], required: 1 },
  hopping: { names: ['duration', 'hop', 'offset'], required: 2 },
  sliding: { names: ['duration'], required: 1 },
  session: { names: ['timeout', 'maxduration'], required: 2 },
};

type Role = 'duration' | 'hop' | 'offset' | 'timeout' | 'maxduration';

/** Whether a name is that of a window or of Windows(). */
export function isWindowFunction(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'windows' || lower in windowKindByName;
}

/** The window that a GROUP BY item is, or the item itself. */
export function groupByItemFrom(item: Expression, report: Report): GroupByItem {
  if (item.kind !== 'call' || item.prefix !== null || item.name.quoting !== 'none') return item;
  const name = item.name.text.toLowerCase();
  if (name === 'windows') return windowsFrom(item, report);
  if (name === 'snapshotwindow') {
    report(diagnose(catalogue.snapshotWindow, item.span));
    return windowNode(item, 'snapshot', {});
  }
  const kind = entryOf(windowKindByName, name);
  return kind === undefined || kind === 'snapshot' ? item : windowFrom(item, kind, report);
}

function windowNode(call: Call, windowKind: WindowKind, parts: Partial<Record<Role, DurationLiteral>>): WindowSpecification {
  return {
    kind: 'window',
    windowKind,
    size: parts.duration ?? parts.timeout ?? null,
    hop: parts.hop ?? null,
    offset: parts.offset ?? null,
    maxDuration: parts.maxduration ?? null,
    partitionBy: call.over?.partitionBy ?? [],
    span: call.span,
  };
}

function windowFrom(call: Call, kind: Exclude<WindowKind, 'snapshot'>, report: Report): WindowSpecification {
  const { names, required } = roles[kind];
  const short = call.arguments[0]?.kind === 'unit' || call.arguments[0]?.kind === 'path';
  const parts: Partial<Record<Role, DurationLiteral>> = {};
  let good = short || call.arguments.length >= required;
  if (short) good = shortForm(call, names, required, parts, report);
  else if (call.arguments.length > names.length) good = false;
  else {
    for (const [index, argument] of call.arguments.entries()) {
      const role = argument.kind === 'call' ? names.find((name) => name === argument.name.text.toLowerCase()) : undefined;
      if (
        role === undefined ||
        argument.kind !== 'call' ||
        parts[role] !== undefined ||
        (index < required && names[index] !== role)
      ) {
        good = false;
        continue;
      }
      const duration = durationFrom(argument.arguments, argument.span, report);
      if (duration === null) good = false;
      else parts[role] = duration;
    }
  }
  // What stands in the place of the unit has its own complaint.
  const [first] = call.arguments;
  const unitTold = first !== undefined && first.kind !== 'unit' && first.kind !== 'call' && first.kind !== 'path';
  if (!good && !unitTold) report(diagnose(catalogue.windowArguments, call.span, call.name.text, usage[kind]));
  return windowNode(call, kind, parts);
}

/** `(unit, n, n …)`: one unit for all amounts. */
function shortForm(
  call: Call,
  names: readonly Role[],
  required: number,
  parts: Partial<Record<Role, DurationLiteral>>,
  report: Report,
): boolean {
  const [unit, ...amounts] = call.arguments;
  if (unit?.kind !== 'unit') return true; // The unit's own complaint is enough.
  if (amounts.length < required || amounts.length > names.length) return false;
  if (!isWindowUnit(unit.unit)) {
    report(diagnose(catalogue.timeUnit, unit.span, unit.text));
    return true;
  }
  for (const [index, argument] of amounts.entries()) {
    const amount = integerOf(argument);
    if (amount === null) return false;
    parts[names[index]!] = {
      kind: 'duration',
      unit: unit.unit,
      amount,
      span: index === 0 ? { start: unit.span.start, end: argument.span.end } : argument.span,
    };
  }
  return true;
}

/** `Duration(unit, n)` and its kin, and LIMIT DURATION. Null, without a word, when there are not two such arguments. */
export function durationFrom(args: readonly Argument[], span: Span, report: Report): DurationLiteral | null {
  const [unit, size] = args;
  if (args.length !== 2 || unit?.kind !== 'unit' || size === undefined) return null;
  const amount = integerOf(size);
  if (amount === null) return null;
  if (!isWindowUnit(unit.unit)) report(diagnose(catalogue.timeUnit, unit.span, unit.text));
  return { kind: 'duration', unit: unit.unit as TimeUnit, amount, span };
}

/** The value of a whole number with an optional sign. */
export function integerOf(argument: Argument): number | null {
  if (argument.kind === 'number' && argument.numeric === 'bigint') return Number(argument.text);
  if (argument.kind === 'unary' && (argument.operator === '-' || argument.operator === '+')) {
    const amount = integerOf(argument.operand);
    return amount === null ? null : argument.operator === '-' ? -amount : amount;
  }
  return null;
}

function isSystemTimestamp(argument: Argument): boolean {
  return argument.kind === 'call' && argument.prefix === 'system' && argument.name.text.toLowerCase() === 'timestamp';
}

/** `Windows(w, …)` and `Windows(Window('id', w), …)`. */
function windowsFrom(call: Call, report: Report): WindowsItem {
  const windows: { id: string | null; window: WindowSpecification }[] = [];
  if (call.arguments.length === 0) report(diagnose(catalogue.windowArguments, call.span, 'Windows', windowsUsage));
  for (const argument of call.arguments) {
    const named = argument.kind === 'call' && argument.prefix === null && argument.name.text.toLowerCase() === 'window';
    const [id, inner] = named ? argument.arguments : [null, argument];
    const window = inner === undefined ? null : memberWindow(inner, report);
    if (window === null || (named && (id?.kind !== 'string' || argument.arguments.length !== 2))) {
      report(diagnose(catalogue.windowArguments, argument.span, 'Windows', windowsUsage));
    }
    if (window !== null) windows.push({ id: id?.kind === 'string' ? id.value : null, window });
  }
  return { kind: 'windows', windows, span: call.span };
}

function memberWindow(argument: Argument, report: Report): WindowSpecification | null {
  if (argument.kind !== 'call') return null;
  if (isSystemTimestamp(argument)) return windowNode(argument, 'snapshot', {});
  const item = groupByItemFrom(argument, report);
  if (item.kind === 'windows') {
    report(diagnose(catalogue.nestedWindows, argument.span));
    return item.windows[0]?.window ?? windowNode(argument, 'snapshot', {});
  }
  return item.kind === 'window' ? item : null;
}
