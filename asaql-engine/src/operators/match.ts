/**
 * MATCH_RECOGNIZE: from every row of a partition the longest match its pattern allows (quantifiers take as many rows as
 * they can), one result a match, then the next row: https://learn.microsoft.com/stream-analytics-query/match-recognize-stream-analytics
 */
import { type Batch, BatchBuilder } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import type { Dictionary } from '../batch/dictionary.ts';
import { compareValues, type Value, valueText } from '../expressions/value.ts';
import type { MatchNode, MatchPattern, MatchReading } from '../plan/nodes.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { Operator } from './operator.ts';

interface Event {
  readonly timestampUs: number;
  /** Values of all slots of the source that are read. */
  readonly values: readonly Value[];
}

interface Bound {
  readonly variable: number;
  readonly position: number;
}

interface Attempt {
  readonly events: readonly Event[];
  readonly start: number;
  /** No more rows will come that could belong to the match. */
  readonly final: boolean;
  needsMore: boolean;
  readonly bound: Bound[];
}

export class Match extends Operator {
  override readonly ownLagUs: number;
  readonly #node: MatchNode;
  readonly #sourceSlots: readonly number[];
  readonly #partitions = new Map<string, Event[]>();
  #eventCount = 0;
  readonly #row: BatchBuilder;
  readonly #dictionary: Dictionary;
  #ready: { timestampUs: number; values: readonly Value[] }[] = [];

  constructor(node: MatchNode, dictionary: Dictionary) {
    super();
    this.#node = node;
    this.ownLagUs = node.limitUs;
    this.#dictionary = dictionary;
    const slots = node.slots.map((slot) => (slot.kind === 'carried' ? slot.slot : slot.reading.slot)).filter((slot) => slot >= 0);
    this.#sourceSlots = [...new Set(slots)];
    this.#row = new BatchBuilder(dictionary, node.slots.length);
  }

  process(batch: Batch): void {
    for (let row = 0; row < batch.count; row += 1) {
      const key = this.#node.partition.map((part) => valueText(part.at(batch, row))).join('|');
      const values = this.#sourceSlots.map((slot) => (batch.columns[slot] as Column).value(row));
      const event = { timestampUs: batch.timestamps[row] as number, values };
      const events = this.#partitions.get(key);
      this.#eventCount += 1;
      if (events === undefined) this.#partitions.set(key, [event]);
      else events.push(event);
    }
  }

  override advance(us: number): void {
    for (const [key, events] of this.#partitions) {
      let start = 0;
      while (start < events.length && this.#attempt(events, start, us)) start += 1;
      this.#eventCount -= start;
      if (start === events.length) this.#partitions.delete(key);
      else events.splice(0, start);
    }
    this.#flush(us - this.ownLagUs);
  }

  /** Tries a match from a row; false: it must wait for more rows. */
  #attempt(events: readonly Event[], start: number, us: number): boolean {
    const first = events[start] as Event;
    const attempt: Attempt = { events, start, final: first.timestampUs + this.#node.limitUs < us, needsMore: false, bound: [] };
    const end = this.#follow(this.#node.pattern, start, attempt, (position) => position);
    if (attempt.needsMore && !attempt.final) return false;
    if (end !== null && end > start) {
      const last = events[end - 1] as Event;
      const batch = this.#rowFor(attempt, last);
      const values = this.#node.measures.map((measure) => measure.expression.at(batch, 0));
      this.#row.clear();
      this.#ready.push({ timestampUs: last.timestampUs, values });
    }
    return true;
  }

  /** The end of the first way through the pattern, in order of preference; null when there is none. */
  #follow(pattern: MatchPattern, position: number, attempt: Attempt, then: (position: number) => number | null): number | null {
    switch (pattern.kind) {
      case 'variable':
      case 'any':
        return this.#take(pattern.kind === 'any' ? -1 : pattern.index, position, attempt, then);
      case 'sequence': {
        const { parts } = pattern;
        const step = (index: number, at: number): number | null => {
          const part = parts[index];
          return part === undefined ? then(at) : this.#follow(part, at, attempt, (next) => step(index + 1, next));
        };
        return step(0, position);
      }
      case 'choice':
        for (const part of pattern.parts) {
          const end = this.#follow(part, position, attempt, then);
          if (end !== null) return end;
        }
        return null;
      case 'repeat': {
        const { part, min, max } = pattern;
        const again = (count: number, at: number): number | null => {
          if (count < max) {
            const end = this.#follow(part, at, attempt, (next) => (next === at ? null : again(count + 1, next)));
            if (end !== null) return end;
          }
          return count >= min ? then(at) : null;
        };
        return again(0, position);
      }
    }
  }

  #take(variable: number, position: number, attempt: Attempt, then: (position: number) => number | null): number | null {
    const event = attempt.events[position];
    if (event === undefined) {
      attempt.needsMore = true;
      return null;
    }
    if (event.timestampUs - (attempt.events[attempt.start] as Event).timestampUs > this.#node.limitUs) return null;
    if (variable !== -1 && !this.#holds(variable, event, attempt)) return null;
    attempt.bound.push({ variable, position });
    const end = then(position + 1);
    if (end === null) attempt.bound.pop();
    return end;
  }

  #holds(variable: number, event: Event, attempt: Attempt): boolean {
    const condition = this.#node.variables[variable]?.condition ?? null;
    if (condition === null) return true;
    const holds = condition.holds(this.#rowFor(attempt, event), 0);
    this.#row.clear();
    return holds;
  }

  /** The row that conditions and measures see. */
  #rowFor(attempt: Attempt, event: Event): Batch {
    this.#row.clear();
    const row = this.#row.open(event.timestampUs);
    this.#node.slots.forEach((slot, index) => {
      const value = slot.kind === 'carried' ? this.#valueOf(event, slot.slot) : this.#read(slot.reading, attempt);
      (this.#row.columns[index] as Column).setValue(row, value);
    });
    return this.#row.batch();
  }

  #valueOf(event: Event, slot: number): Value {
    return event.values[this.#sourceSlots.indexOf(slot)] ?? null;
  }

  #read(reading: MatchReading, attempt: Attempt): Value {
    if (reading.function === 'classifier')
      return attempt.bound.map(({ variable }) => this.#node.variables[variable]?.name ?? null);
    const values = attempt.bound
      .filter(({ variable }) => variable === reading.variable)
      .map(({ position }) => this.#valueOf(attempt.events[position] as Event, reading.slot));
    if (reading.function === 'first') return values[0] ?? null;
    if (reading.function === 'last') return values.at(-1) ?? null;
    const sign = reading.function === 'max' ? 1 : -1;
    let best: Value = null;
    for (const value of values) if (value !== null && (best === null || compareValues(value, best) * sign > 0)) best = value;
    return best;
  }

  #flush(us: number): void {
    this.#ready.sort((a, b) => a.timestampUs - b.timestampUs);
    const end = this.#ready.findIndex((result) => result.timestampUs >= us);
    const now = this.#ready.splice(0, end === -1 ? this.#ready.length : end);
    const results = new BatchBuilder(this.#dictionary, this.#node.measures.length);
    for (const { timestampUs, values } of now) {
      const row = results.open(timestampUs);
      values.forEach((value, index) => {
        (results.columns[index] as Column).setValue(row, value);
      });
    }
    this.emit(results.batch());
  }

  override get heldBytes(): number {
    return this.#eventCount * (80 + 24 * this.#sourceSlots.length) + this.#ready.length * (80 + 24 * this.#node.measures.length);
  }

  override save(writer: StateWriter): void {
    writer.uint(this.#partitions.size);
    for (const [key, events] of this.#partitions) {
      writer.text(key);
      writer.uint(events.length);
      for (const { timestampUs, values } of events) {
        writer.float(timestampUs);
        for (const value of values) writer.value(value);
      }
    }
    writer.uint(this.#ready.length);
    for (const { timestampUs, values } of this.#ready) {
      writer.float(timestampUs);
      for (const value of values) writer.value(value);
    }
  }

  override load(reader: StateReader): void {
    for (let left = reader.uint(); left > 0; left -= 1) {
      const key = reader.text();
      const events = Array.from({ length: reader.uint() }, () => ({
        timestampUs: reader.float(),
        values: this.#sourceSlots.map(() => reader.value()),
      }));
      this.#partitions.set(key, events);
      this.#eventCount += events.length;
    }
    this.#ready = Array.from({ length: reader.uint() }, () => ({
      timestampUs: reader.float(),
      values: this.#node.measures.map(() => reader.value()),
    }));
  }
}
