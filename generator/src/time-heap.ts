// Things waiting for their time: a binary heap. Things due at one time come out in the order in which they went in, so
// that a seed decides everything.

export interface TimeHeap<Item> {
  readonly size: number;
  /** The earliest time that waits; Infinity where nothing does. */
  readonly nextTimeMs: number;
  push(timeMs: number, item: Item): void;
  /** Takes out the earliest. Throws where nothing waits. */
  pop(): Item;
}

interface Entry<Item> {
  readonly timeMs: number;
  readonly order: number;
  readonly item: Item;
}

const isBefore = (left: Entry<unknown>, right: Entry<unknown>) =>
  left.timeMs < right.timeMs || (left.timeMs === right.timeMs && left.order < right.order);

export function createTimeHeap<Item>(): TimeHeap<Item> {
  const entries: Entry<Item>[] = [];
  let pushed = 0;

  function rise(entry: Entry<Item>, from: number): void {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = entries[parentAt];
      if (!parent || !isBefore(entry, parent)) break;
      entries[at] = parent;
      at = parentAt;
    }
    entries[at] = entry;
  }

  function sink(entry: Entry<Item>): void {
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = entries[childAt];
      const sibling = entries[childAt + 1];
      if (child && sibling && isBefore(sibling, child)) {
        child = sibling;
        childAt++;
      }
      if (!child || !isBefore(child, entry)) break;
      entries[at] = child;
      at = childAt;
    }
    entries[at] = entry;
  }

  return {
    get size() {
      return entries.length;
    },
    get nextTimeMs() {
      return entries[0]?.timeMs ?? Number.POSITIVE_INFINITY;
    },
    push(timeMs, item) {
      rise({ timeMs, order: pushed++, item }, entries.length);
    },
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (!first || !last) throw new Error('Nothing waits in this heap.');
      if (entries.length > 0) sink(last);
      return first.item;
    },
  };
}
