/**
 * AnomalyDetection_SpikeAndDip and _ChangePoint OVER (… LIMIT DURATION): each event is scored beside the events before it,
 * the last `historySize` of its partition within the duration. An event that WHEN leaves out, or whose value is NULL, gives
 * NULL and teaches nothing. After a change the history begins anew, so that a new level is told once.
 */
import type { Batch } from '../batch/batch.ts';
import type { Column } from '../batch/column.ts';
import { tryConvert } from '../expressions/conversion.ts';
import { EvaluationError, RecordValue, typeOf, type Value } from '../expressions/value.ts';
import type { AnomalyPlan } from '../plan/anomaly-from-tree.ts';
import type { StateReader } from '../state/state-reader.ts';
import type { StateWriter } from '../state/state-writer.ts';
import { type AnalyticState, partitionKey } from './analytic-state.ts';
import { historyIsShort, martingaleAfter, NumberHistory, tailProbability } from './anomaly-score.ts';

interface Model {
  events: { readonly timestampUs: number; readonly value: number }[];
  history: NumberHistory;
  martingale: number;
}

function newModel(): Model {
  return { events: [], history: new NumberHistory(), martingale: 1 };
}

export class Anomaly implements AnalyticState {
  readonly #plan: AnomalyPlan;
  /** The partition whose last event is the newest stands last. */
  readonly #models = new Map<string, Model>();
  readonly #alarm: number;

  constructor(plan: AnomalyPlan) {
    this.#plan = plan;
    this.#alarm = 1 - plan.confidence / 100;
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const model of this.#models.values()) bytes += 300 + model.events.length * 64;
    return bytes;
  }

  run(batch: Batch, out: Column): void {
    const { partition, when, value } = this.#plan;
    for (let row = 0; row < batch.count; row += 1) {
      const number = when === null || when.holds(batch, row) ? numberOf(value.at(batch, row)) : null;
      if (number === null || !Number.isFinite(number)) {
        out.setValue(row, null);
        continue;
      }
      const key = partitionKey(partition, batch, row);
      const model = this.#models.get(key) ?? newModel();
      out.setValue(row, this.#score(model, number, batch.timestamps[row] as number));
      this.#models.delete(key);
      this.#models.set(key, model);
    }
  }

  #score(model: Model, value: number, timestampUs: number): Value {
    const { method, historySize, limitUs } = this.#plan;
    const { events, history } = model;
    let gone = 0;
    while (gone < events.length && (events[gone]?.timestampUs as number) <= timestampUs - limitUs) gone += 1;
    gone = Math.max(gone, events.length - historySize);
    for (const event of events.splice(0, gone)) history.remove(event.value);
    let score = 1;
    let isAnomaly = false;
    if (!historyIsShort(history, historySize)) {
      if (method === 'changePoint') {
        score = martingaleAfter(model.martingale, history, value);
        isAnomaly = score > 1 / this.#alarm;
        model.martingale = score;
      } else {
        score = tailProbability(history, value, method);
        isAnomaly = score < this.#alarm;
      }
    }
    if (isAnomaly && method === 'changePoint') Object.assign(model, newModel());
    model.events.push({ timestampUs, value });
    model.history.add(value);
    return new RecordValue([
      ['IsAnomaly', isAnomaly ? 1n : 0n],
      ['Score', score],
    ]);
  }

  forget(us: number): void {
    for (const [key, { events }] of this.#models) {
      if ((events.at(-1)?.timestampUs ?? 0) > us - this.#plan.limitUs) break;
      this.#models.delete(key);
    }
  }

  save(writer: StateWriter): void {
    writer.uint(this.#models.size);
    for (const [key, { events, martingale }] of this.#models) {
      writer.text(key);
      writer.float(martingale);
      writer.uint(events.length);
      for (const { timestampUs, value } of events) {
        writer.float(timestampUs);
        writer.float(value);
      }
    }
  }

  load(reader: StateReader): void {
    for (let left = reader.uint(); left > 0; left -= 1) {
      const key = reader.text();
      const model = newModel();
      model.martingale = reader.float();
      for (let events = reader.uint(); events > 0; events -= 1) {
        const event = { timestampUs: reader.float(), value: reader.float() };
        model.events.push(event);
        model.history.add(event.value);
      }
      this.#models.set(key, model);
    }
  }
}

function numberOf(value: Value): number | null {
  const number = value === null ? null : tryConvert(value, 'float');
  if (number === null || typeof number === 'number') return number;
  throw new EvaluationError(`Anomaly detection needs bigint or float, not a value of type '${typeOf(value)}'. Use TRY_CAST.`);
}
