/**
 * Counts rows that were taken and are not yet written, by the call that brought them, so that one can wait for all that
 * was taken before a moment while more keeps coming. Knows nothing of the rows.
 */
export class PendingRows {
  /** Rows still out, by ticket; insertion order is ticket order. */
  readonly #counts = new Map<number, number>();
  #waiters: { readonly ticket: number; readonly resolve: () => void }[] = [];
  #ticket = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** A new ticket for rows that come together. */
  open(): number {
    return ++this.#ticket;
  }

  add(ticket: number, rows = 1): void {
    this.#counts.set(ticket, (this.#counts.get(ticket) ?? 0) + rows);
    this.#total += rows;
  }

  /** Rows of the ticket that were written, refused for good, or overtaken by a newer version. */
  remove(ticket: number, rows = 1): void {
    const left = (this.#counts.get(ticket) ?? 0) - rows;
    this.#total -= rows;
    if (left > 0) this.#counts.set(ticket, left);
    else this.#counts.delete(ticket);
    if (this.#waiters.length > 0) this.#wake();
  }

  /** Resolves when no row of the tickets opened so far is out. */
  settled(): Promise<void> {
    const ticket = this.#ticket;
    return new Promise((resolve) => {
      this.#waiters.push({ ticket, resolve });
      this.#wake();
    });
  }

  #wake(): void {
    const oldest = this.#counts.keys().next().value ?? Number.POSITIVE_INFINITY;
    this.#waiters = this.#waiters.filter((waiter) => {
      if (oldest <= waiter.ticket) return true;
      waiter.resolve();
      return false;
    });
  }
}
