/**
 * JSON text to values, with the properties of a record in the order in which they stand there: JSON.parse would put those
 * that look like numbers first. The text must be valid JSON; of equal names the last one counts. Knows no types of the language.
 */

export interface JsonMaker<V> {
  /** Gets the number as it is written. */
  number(source: string): V;
  text(text: string): V;
  word(value: boolean | null): V;
  array(items: V[]): V;
  record(entries: [string, V][]): V;
}

export function valueFromJson<V>(text: string, maker: JsonMaker<V>): V {
  return new JsonText(text, maker).value();
}

const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class JsonText<V> {
  readonly #text: string;
  readonly #maker: JsonMaker<V>;
  #at = 0;

  constructor(text: string, maker: JsonMaker<V>) {
    this.#text = text;
    this.#maker = maker;
  }

  value(): V {
    const first = this.#skipSpace();
    if (first === 34) return this.#maker.text(this.#string());
    if (first === 123) return this.#record();
    if (first === 91) return this.#array();
    if (first === 116) return this.#word(true, 4);
    if (first === 102) return this.#word(false, 5);
    if (first === 110) return this.#word(null, 4);
    number.lastIndex = this.#at;
    const source = number.exec(this.#text)?.[0];
    if (source === undefined) throw new SyntaxError(`A value is missing at ${this.#at}.`);
    this.#at += source.length;
    return this.#maker.number(source);
  }

  #skipSpace(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code <= 32) {
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    return code;
  }

  /** Skips the separator; whether another item follows. */
  #more(close: number): boolean {
    const code = this.#skipSpace();
    this.#at += 1;
    return code !== close;
  }

  #word(value: boolean | null, length: number): V {
    this.#at += length;
    return this.#maker.word(value);
  }

  #string(): string {
    const start = this.#at + 1;
    let plain = true;
    for (let at = start; ; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 92) {
        plain = false;
        at += 1;
      } else if (code === 34) {
        this.#at = at + 1;
        return plain ? this.#text.slice(start, at) : (JSON.parse(this.#text.slice(start - 1, at + 1)) as string);
      } else if (Number.isNaN(code)) throw new SyntaxError('A text does not end.');
    }
  }

  #array(): V {
    const items: V[] = [];
    this.#at += 1;
    if (this.#skipSpace() === 93) this.#at += 1;
    else {
      do items.push(this.value());
      while (this.#more(93));
    }
    return this.#maker.array(items);
  }

  #record(): V {
    const entries: [string, V][] = [];
    const positions = new Map<string, number>();
    this.#at += 1;
    if (this.#skipSpace() === 125) this.#at += 1;
    else {
      do {
        this.#skipSpace();
        const name = this.#string();
        this.#skipSpace();
        this.#at += 1;
        const value = this.value();
        const known = positions.get(name);
        if (known === undefined) {
          positions.set(name, entries.length);
          entries.push([name, value]);
        } else (entries[known] as [string, V])[1] = value;
      } while (this.#more(125));
    }
    return this.#maker.record(entries);
  }
}
