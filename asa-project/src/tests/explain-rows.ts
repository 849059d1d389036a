/**
 * Says where a row came from, or why it did not: its window, its events, what time policies and conditions did to the others.
 * Knows no expectation and prints nothing.
 */
import type { OutputRow } from '@asaql/engine';
import {
  lineIndex,
  type Node,
  parse,
  type QueryExpression,
  type QuerySpecification,
  type Script,
  timeUnitMs,
  type WindowSpecification,
} from '@asaql/parser';
import { sameValue } from './compare-rows.ts';
import { eventsIn, lineageColumn, withLineage } from './lineage-query.ts';
import type { PreparedEvent } from './prepare-events.ts';
import { type EventFate, type RunSettings, runEvents, type TimedRow } from './run-events.ts';
import { stepOutput, stepsOf, withStepOutputs } from './steps-query.ts';
import { clockText, durationText } from './time-text.ts';

export interface WindowFacts {
  /** As written: `TumblingWindow(second, 10)`. */
  readonly text: string;
  /** In the query, from 1. */
  readonly line: number;
  readonly kind: WindowSpecification['windowKind'];
  /** null where it has no fixed one. */
  readonly sizeMs: number | null;
  /** Windows end at multiples of it; null where they end with events. */
  readonly hopMs: number | null;
  readonly offsetMs: number;
}

export class RowExplainer {
  readonly #settings: RunSettings;
  readonly #events: readonly PreparedEvent[];
  readonly #fates: readonly EventFate[];
  readonly #script: Script;
  /** Rows of outputs and steps with the places of their events; null where events are not followed. */
  readonly #lineage: ReadonlyMap<string, readonly (readonly number[])[]>;

  constructor(
    settings: RunSettings,
    events: readonly PreparedEvent[],
    fates: readonly EventFate[],
    rows: ReadonlyMap<string, readonly TimedRow[]>,
  ) {
    this.#settings = settings;
    this.#events = events;
    this.#fates = fates;
    this.#script = parse(settings.query).script;
    this.#lineage = lineageOf(settings, events, rows, this.#script);
  }

  /** The window that rows of an output or step come from; null where there is none, or several. */
  windowOf(output: string, isStep = false): WindowFacts | null {
    const bodies = isStep
      ? stepsOf(this.#script)
          .filter(({ name }) => same(name.text, output))
          .map(({ body }) => body)
      : this.#selectsOf(output);
    return bodies.length === 1 ? this.#windowIn(bodies[0] as QueryExpression) : null;
  }

  #selectsOf(output: string): readonly QueryExpression[] {
    return this.#script.statements.flatMap((statement) =>
      statement.kind === 'query'
        ? statement.selects.filter(({ into }) => same(into?.text ?? 'output', output)).map(({ body }) => body)
        : [],
    );
  }

  #windowIn(body: QueryExpression): WindowFacts | null {
    if (body.kind === 'parenthesizedQuery') return this.#windowIn(body.query);
    if (body.kind !== 'select') return null;
    const own = windowItem(body);
    if (own === 'several') return null;
    // A row that is kept out of several (TopOne) has the window it was kept from.
    if (own !== null && !keepsOne(body, this.#settings.query)) return factsOf(own, this.#settings.query);
    const source = body.from?.source;
    if (source === undefined || (body.from?.joins.length ?? 0) > 0) return null;
    if (source.kind === 'derived') return this.#windowIn(source.query);
    const step = stepsOf(this.#script).find(({ name }) => same(name.text, source.name.text));
    return (step === undefined ? null : this.#windowIn(step.body)) ?? (own === null ? null : factsOf(own, this.#settings.query));
  }

  /** Places of the events that a row was made of; null: not known. */
  eventsOf(output: string, row: number): readonly number[] | null {
    return this.#lineage.get(output.toLowerCase())?.[row] ?? null;
  }

  /** Lines that say where a row came from. */
  origin(output: string, isStep: boolean, row: number, timestampMs: number): readonly string[] {
    const window = this.windowOf(output, isStep);
    const events = this.eventsOf(isStep ? stepOutput(output) : output, row);
    const lines: string[] = [];
    const [startMs, endMs] = [window?.sizeMs == null ? null : timestampMs - window.sizeMs, timestampMs];
    if (window !== null) {
      const span = startMs === null ? `ends ${this.#clock(endMs)}` : `(${this.#clock(startMs)}, ${this.#clock(endMs)}]`;
      lines.push(`window ${span} of ${window.text}, line ${window.line}`);
    } else lines.push(`at ${this.#clock(timestampMs)}`);
    if (events !== null && events.length > 0) lines.push(`made of ${listOf(events.map((event) => this.#eventText(event)))}`);
    if (window !== null && startMs !== null) lines.push(...this.#nearBounds(startMs, endMs, events ?? [], window));
    return lines;
  }

  /** Events that lie on a boundary of a window: what is mistaken most. */
  #nearBounds(startMs: number, endMs: number, inside: readonly number[], window: WindowFacts): readonly string[] {
    const lines: string[] = [];
    this.#fates.forEach(({ timestampMs }, event) => {
      if (timestampMs === startMs && !inside.includes(event))
        lines.push(
          `${this.#eventText(event)} lies on the window's start, which does not belong to it: ${window.kind === 'sliding' ? 'it has just left' : 'it counts in the window that ends there'}`,
        );
      if (timestampMs === endMs && inside.includes(event) && window.hopMs !== null)
        lines.push(`${this.#eventText(event)} lies on the window's end, which belongs to it`);
    });
    return lines;
  }

  /** Lines on events that no row of an output holds: what became of them. At most eight. */
  absent(output: string, isStep: boolean): readonly string[] {
    const key = isStep ? stepOutput(output) : output.toLowerCase();
    const lineage = this.#lineage.get(key);
    const used = new Set(lineage?.flat());
    const lines: string[] = [];
    this.#events.forEach((_, event) => {
      if (this.#isReference(event)) return;
      const fate = this.#fates[event] as EventFate;
      if (fate.dropped !== null) lines.push(`${this.#eventText(event)}: ${fate.dropped.reason}: ${fate.dropped.message}`);
      else if (lineage !== undefined && !used.has(event)) lines.push(`${this.#eventText(event)}: ${this.#lostIn(event)}`);
      else if (fate.adjusted !== null) lines.push(this.#eventText(event));
    });
    return lines.length > 8 ? [...lines.slice(0, 8), `… and ${lines.length - 8} more`] : lines;
  }

  /** The last step that an event reached. */
  #lostIn(event: number): string {
    const reached = stepsOf(this.#script).filter(({ name }) =>
      this.#lineage.get(stepOutput(name.text))?.some((row) => row.includes(event)),
    );
    const first = stepsOf(this.#script)[0];
    if (first === undefined) return 'no row holds it';
    const last = reached.at(-1);
    if (last !== undefined) return `got as far as step ${last.name.text}`;
    const select = first.body.kind === 'select' ? first.body : null;
    return select?.where
      ? `not in step ${first.name.text}: its WHERE (line ${this.#line(select.where)}) does not hold`
      : `not in step ${first.name.text}`;
  }

  /** Why a row with this end cannot be, where the window's hop says so. */
  impossibleEnd(output: string, isStep: boolean, endMs: number): string | null {
    const window = this.windowOf(output, isStep);
    if (window === null || window.hopMs === null) return null;
    if ((endMs - window.offsetMs) % window.hopMs === 0) return null;
    return `${this.#clock(endMs)} is no end of ${window.text} (line ${window.line}): its windows end every ${durationText(window.hopMs)}, counted from midnight`;
  }

  /** `event 3 (12:00:58, line 24, 70 s late: moved to 12:01:08)`. */
  #eventText(event: number): string {
    const { row, input, place, arrivalTimeMs } = this.#events[event] as PreparedEvent;
    const fate = this.#fates[event] as EventFate;
    const inputs = new Set(this.#events.map((each) => each.input));
    const at = fate.eventTimeMs === null ? `arrived ${this.#clock(arrivalTimeMs)}` : this.#clock(fate.eventTimeMs);
    const details = [at];
    if (fate.adjusted === 'late' && fate.timestampMs !== null)
      details.push(
        `arrived ${this.#clock(arrivalTimeMs)}, ${durationText(arrivalTimeMs - (fate.eventTimeMs ?? 0))} late with ${durationText(this.#settings.policies?.lateArrivalMs ?? 0)} allowed: moved to ${this.#clock(fate.timestampMs)}`,
      );
    if (fate.adjusted === 'outOfOrder' && fate.timestampMs !== null)
      details.push(
        `out of order by more than ${durationText(this.#settings.policies?.outOfOrderMs ?? 0)}: moved to ${this.#clock(fate.timestampMs)}`,
      );
    if (place !== null) details.push(`line ${place.line}`);
    return `event ${row}${inputs.size > 1 ? ` of ${input}` : ''} (${details.join(', ')})`;
  }

  #isReference(event: number): boolean {
    return this.#settings.inputs[(this.#events[event] as PreparedEvent).input]?.kind === 'reference';
  }

  #clock(ms: number): string {
    return clockText(ms, this.#settings.startMs);
  }

  #line(node: Node): number {
    return lineIndex(this.#settings.query).positionOf(node.span.start).line;
  }
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function listOf(texts: readonly string[]): string {
  return texts.length > 12 ? `${texts.slice(0, 12).join(', ')} and ${texts.length - 12} more` : texts.join(', ');
}

function windowItem(select: QuerySpecification): WindowSpecification | 'several' | null {
  for (const item of select.groupBy?.items ?? []) {
    if (item.kind === 'windows') return 'several';
    if (item.kind === 'window') return item;
  }
  return null;
}

function keepsOne(select: QuerySpecification, text: string): boolean {
  return select.items.some(({ span }) => /\btopone\s*\(\s*\)/i.test(text.slice(span.start, span.end)));
}

function factsOf(window: WindowSpecification, text: string): WindowFacts {
  const ms = (literal: WindowSpecification['size']) =>
    literal === null ? null : literal.amount * (timeUnitMs(literal.unit) ?? 0);
  const sizeMs = window.windowKind === 'session' ? null : ms(window.size);
  const hopMs = window.windowKind === 'hopping' ? ms(window.hop) : window.windowKind === 'tumbling' ? sizeMs : null;
  return {
    text: text.slice(window.span.start, window.span.end).replace(/\s+/g, ' '),
    line: lineIndex(text).positionOf(window.span.start).line,
    kind: window.windowKind,
    sizeMs,
    hopMs,
    offsetMs: ms(window.offset) ?? 0,
  };
}

/** Runs the query with the numbers of events in it, and takes what it says only where its rows are those of the plain run. */
function lineageOf(
  settings: RunSettings,
  events: readonly PreparedEvent[],
  plain: ReadonlyMap<string, readonly TimedRow[]>,
  script: Script,
): ReadonlyMap<string, readonly (readonly number[])[]> {
  const found = new Map<string, readonly (readonly number[])[]>();
  const text = withLineage(settings.query);
  if (text === null || Object.values(settings.inputs).some(({ format }) => format === 'csv')) return found;
  const numbered = events.map((event, index) => ({
    ...event,
    text: event.text.replace(
      /^(\s*\{)(\s*"|\s*\})/,
      (_, open, next) => `${open}"${lineageColumn}":"${index}"${next.trim() === '}' ? '' : ','}${next}`,
    ),
  }));
  const query = withStepOutputs(
    text,
    stepsOf(script).map(({ name }) => name.text),
  );
  const run = runEvents({ ...settings, query, momentsMs: [], watch: null }, numbered);
  if (run.kind !== 'done') return found;
  for (const [output, rows] of run.rows) {
    const known = plain.get(output);
    const isSame =
      known === undefined || (known.length === rows.length && known.every(({ row }, index) => sameRow(row, rows[index]?.row)));
    if (isSame)
      found.set(
        output,
        rows.map(({ row }) => eventsIn(row[lineageColumn])),
      );
  }
  return found;
}

function sameRow(plain: OutputRow, carrying: OutputRow | undefined): boolean {
  if (carrying === undefined) return false;
  return Object.entries(plain).every(([name, value]) => typeof value === 'object' || sameValue(value, carrying[name], 0, 0));
}
