/**
 * Provisioned throughput as a budget: refilled continuously at the provisioned rate, at most one second's worth saved up, and overdrawn by the
 * request that finds it not empty; while it is empty, requests are refused with 429 and the time to wait, as the service does.
 */
import type { Container, Database, Throughput } from './catalogue.ts';
import { CosmosError } from './cosmos-error.ts';

type Budget = { units: number; atMs: number };

export class ThroughputBudget {
  readonly #now: () => number;
  readonly #budgets = new WeakMap<Container | Database, Budget>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws 429 when nothing is left. */
  admit(container: Container): void {
    const { budget, rate } = this.#refilled(container);
    if (budget.units > 0) return;
    const waitMs = Math.max(1, Math.ceil((-budget.units / rate) * 1000) + 1);
    const error = new CosmosError(
      429,
      'Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later. Learn more: http://aka.ms/cosmosdb-error-429',
      3200,
      { 'x-ms-retry-after-ms': String(waitMs) },
    );
    error.charge = 0.38;
    throw error;
  }

  charge(container: Container, units: number): void {
    this.#refilled(container).budget.units -= units;
  }

  #refilled(container: Container): { budget: Budget; rate: number } {
    const owner = container.throughput === undefined ? container.database : container;
    const rate = ratePerSecond(owner.throughput);
    const nowMs = this.#now();
    let budget = this.#budgets.get(owner);
    if (budget === undefined) {
      budget = { units: rate, atMs: nowMs };
      this.#budgets.set(owner, budget);
    }
    budget.units = Math.min(rate, budget.units + (Math.max(0, nowMs - budget.atMs) * rate) / 1000);
    budget.atMs = nowMs;
    return { budget, rate };
  }
}

const leastRate = 400;

export function ratePerSecond(throughput: Throughput | undefined): number {
  return throughput?.autoscaleMax ?? throughput?.manual ?? leastRate;
}
