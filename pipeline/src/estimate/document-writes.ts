/**
 * The documents that an output or a function writes into a container, and what that costs in request units, second by second.
 * Charges are the model that the Cosmos DB emulator answers with. Knows no query.
 */
import { countLeaves, insertCharge, replaceCharge } from '@asaql/emulators';

/** A burst is spread over so many seconds before anybody sees it: a window's results are late by no more. */
const burstSeconds = 10;
const levelsMax = 128;

export interface WriteLoad {
  /** A second, on average of the measured time. */
  readonly writesPerSecond: number;
  readonly bytesPerDocument: number;
  /** Documents that were not there before, a second. */
  readonly newDocumentsPerSecond: number;
  /** Documents that are written again and again. */
  readonly documents: number;
  readonly partitionKeys: number;
  readonly averageRequestUnits: number;
  /** The average of the busiest ten seconds. */
  readonly busiestRequestUnits: number;
}

/** Counts from the first second on, so that documents which are overwritten are known; only the measured seconds weigh. */
export class DocumentWrites {
  readonly #measuredFrom: number;
  readonly #ids = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #requestUnits: Float64Array;
  #writes = 0;
  #bytes = 0;
  #new = 0;

  constructor(seconds: number, measuredFrom: number) {
    this.#requestUnits = new Float64Array(seconds);
    this.#measuredFrom = measuredFrom;
  }

  get requestUnits(): Float64Array {
    return this.#requestUnits;
  }

  write(second: number, document: object, id: string, partitionKey: string): void {
    const isNew = !this.#ids.has(id);
    if (isNew) this.#ids.add(id);
    if (second < this.#measuredFrom || second >= this.#requestUnits.length) return;
    const bytes = Buffer.byteLength(JSON.stringify(document));
    const leaves = countLeaves(document as never, levelsMax);
    this.#requestUnits[second] = (this.#requestUnits[second] ?? 0) + (isNew ? insertCharge : replaceCharge)(bytes, leaves);
    this.#keys.add(partitionKey);
    this.#writes++;
    this.#bytes += bytes;
    if (isNew) this.#new++;
  }

  load(): WriteLoad {
    const seconds = this.#requestUnits.length - this.#measuredFrom;
    const measured = this.#requestUnits.subarray(this.#measuredFrom);
    return {
      writesPerSecond: this.#writes / seconds,
      bytesPerDocument: this.#writes === 0 ? 0 : this.#bytes / this.#writes,
      newDocumentsPerSecond: this.#new / seconds,
      documents: this.#ids.size,
      partitionKeys: this.#keys.size,
      averageRequestUnits: measured.reduce((sum, units) => sum + units, 0) / seconds,
      busiestRequestUnits: busiestAverage(measured),
    };
  }
}

/** The highest average over ten seconds on end of units a second. */
export function busiestAverage(units: Float64Array): number {
  const length = Math.min(burstSeconds, units.length);
  let sum = 0;
  let highest = 0;
  units.forEach((value, second) => {
    sum += value - (second >= length ? (units[second - length] ?? 0) : 0);
    if (second >= length - 1) highest = Math.max(highest, sum / length);
  });
  return highest;
}
