/**
 * Where each event of a file begins and ends, by a scan of the bytes: lines, elements of JSON arrays, JSON documents one
 * after another, records of CSV. Makes no string of an event and must not know what is in it.
 */

/** Begin and end of events, in memory that grows and is used again. */
export class EventSpans {
  count = 0;
  starts = new Int32Array(4096);
  ends = new Int32Array(4096);

  add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      const [starts, ends] = [new Int32Array(this.count * 2), new Int32Array(this.count * 2)];
      starts.set(this.starts);
      ends.set(this.ends);
      this.starts = starts;
      this.ends = ends;
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count += 1;
  }
}

export interface EventSplitter {
  /**
   * Adds the events that lie wholly in `bytes[from, to)` and gives the offset of what is not done with. With `isEnd`
   * nothing comes after `to`: the rest is an event too, whole or not.
   */
  split(bytes: Buffer, from: number, to: number, isEnd: boolean, spans: EventSpans): number;
  /** What is wrong with the file's end, or null. */
  readonly unfinished: string | null;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === newline || byte === carriageReturn || byte === 0x09;
}

/** Adds what is left of a line without its blanks, if anything is. */
function addTrimmed(bytes: Buffer, start: number, end: number, spans: EventSpans): void {
  let from = start;
  let to = end;
  while (from < to && isBlank(bytes[from])) from += 1;
  while (from < to && isBlank(bytes[to - 1])) to -= 1;
  if (from < to) spans.add(from, to);
}

/** One event a line. */
export class LineSplitter implements EventSplitter {
  readonly unfinished = null;

  split(bytes: Buffer, from: number, to: number, isEnd: boolean, spans: EventSpans): number {
    let at = from;
    while (at < to) {
      const end = bytes.indexOf(newline, at);
      if (end === -1 || end >= to) break;
      addTrimmed(bytes, at, end, spans);
      at = end + 1;
    }
    if (!isEnd) return at;
    addTrimmed(bytes, at, to, spans);
    return to;
  }
}

/** The offset behind the JSON text that begins at `from`, or -1 where it does not end before `to`. */
export function jsonEnd(bytes: Buffer, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at = stringEnd(bytes, at + 1, to);
      if (at === -1) return -1;
      if (depth === 0) return at + 1;
    } else if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth <= 0) return at + 1;
    }
  }
  return -1;
}

/** The offset of the quote that ends a string whose text begins at `from`, or -1. */
function stringEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte === backslash) at += 1;
  }
  return -1;
}

/** JSON documents one after another, over as many lines as they like; the elements of an array are events of their own. */
export class JsonSplitter implements EventSplitter {
  #inArray = false;
  #lacksEnd = false;

  get unfinished(): string | null {
    return this.#lacksEnd ? 'The JSON array does not end: a ] is missing.' : null;
  }

  split(bytes: Buffer, from: number, to: number, isEnd: boolean, spans: EventSpans): number {
    let at = from;
    for (;;) {
      while (at < to && (isBlank(bytes[at]) || (this.#inArray && bytes[at] === comma))) at += 1;
      if (at >= to) break;
      const byte = bytes[at];
      if (!this.#inArray && byte === openBracket) {
        this.#inArray = true;
        at += 1;
      } else if (this.#inArray && byte === closeBracket) {
        this.#inArray = false;
        at += 1;
      } else {
        const end = this.#eventEnd(bytes, at, to, isEnd);
        if (end === -1) break;
        addTrimmed(bytes, at, end, spans);
        at = end;
      }
    }
    if (!isEnd) return at;
    addTrimmed(bytes, at, to, spans);
    this.#lacksEnd = this.#inArray;
    return to;
  }

  /** A document that is no object or array lasts to the comma or the line's end: what it is, the engine says. */
  #eventEnd(bytes: Buffer, from: number, to: number, isEnd: boolean): number {
    const byte = bytes[from];
    if (byte === openBrace || byte === openBracket || byte === quote) return jsonEnd(bytes, from, to);
    for (let at = from; at < to; at += 1) {
      if (bytes[at] === newline || (this.#inArray && (bytes[at] === comma || bytes[at] === closeBracket))) return at;
    }
    return isEnd ? to : -1;
  }
}

/** Records of a CSV file behind its header; a quoted field may hold line ends. */
export class CsvSplitter implements EventSplitter {
  readonly unfinished = null;
  readonly #delimiter: number;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  split(bytes: Buffer, from: number, to: number, isEnd: boolean, spans: EventSpans): number {
    let at = from;
    let nextQuote = bytes.indexOf(quote, at);
    while (at < to) {
      let end = bytes.indexOf(newline, at);
      if (end >= to) end = -1;
      if (nextQuote !== -1 && nextQuote < at) nextQuote = bytes.indexOf(quote, at);
      if (nextQuote !== -1 && nextQuote < (end === -1 ? to : end)) end = this.#quotedEnd(bytes, at, to);
      if (end === -1) break;
      add(bytes, at, end, spans);
      at = end + 1;
    }
    if (!isEnd) return at;
    if (at < to) add(bytes, at, to, spans);
    return to;
  }

  /** The line end behind a record with quotes, or -1: quotes count only where a field begins with one. */
  #quotedEnd(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (bytes[at] === quote) {
        at += 1;
        for (;;) {
          const close = bytes.indexOf(quote, at);
          if (close === -1 || close >= to) return -1;
          at = close + 1;
          if (bytes[at] !== quote) break;
          at += 1;
        }
      }
      while (at < to && bytes[at] !== this.#delimiter && bytes[at] !== newline) at += 1;
      if (at < to && bytes[at] === newline) return at;
      at += 1;
    }
    return -1;
  }
}

/** A record without the line's end; blanks belong to the fields, an empty line is no record. */
function add(bytes: Buffer, start: number, end: number, spans: EventSpans): void {
  const to = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  if (to > start) spans.add(start, to);
}
