/**
 * Well Known Text (`POLYGON ((0 0, 10 0, 10 10, 0 0))`) to geometries: OGC 06-103r4, section 7. Must not know records.
 */
import { type Coordinates, collected, type Geometry, GeometryError, geometryFrom, multiTypes, simpleTypes } from './geometry.ts';

export function geometryFromText(text: string): Geometry {
  const reader = new TextReader(text);
  const geometry = reader.geometry();
  reader.end();
  return geometry;
}

const token = /\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),]|\S)/y;

/** How deep the coordinates of a type are nested in parentheses. */
const depths = { Point: 1, LineString: 1, Polygon: 2, MultiPoint: 1, MultiLineString: 2, MultiPolygon: 3 } as const;

class TextReader {
  readonly #text: string;
  #at = 0;
  /** The token that comes next; empty at the end. */
  #next = '';

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  geometry(): Geometry {
    const word = this.#take().toUpperCase();
    this.#dimensions();
    if (word === 'GEOMETRYCOLLECTION') return collected(this.#isEmpty() ? [] : this.#list(() => this.geometry()));
    const type = [...simpleTypes, ...multiTypes].find((name) => name.toUpperCase() === word);
    if (type === undefined) throw new GeometryError(`it begins with '${word}' and not with a kind of geometry such as POINT.`);
    if (this.#isEmpty()) return collected([]);
    if (type === 'Point') return geometryFrom(type, this.#single());
    return geometryFrom(type, this.#nested(depths[type]));
  }

  end(): void {
    if (this.#next !== '') throw new GeometryError(`'${this.#next}' is too much.`);
  }

  /** `POINT Z (1 2 3)`: what stands beside longitude and latitude is read and passed over. */
  #dimensions(): void {
    if (['Z', 'M', 'ZM'].includes(this.#next.toUpperCase())) this.#advance();
  }

  #isEmpty(): boolean {
    if (this.#next.toUpperCase() !== 'EMPTY') return false;
    this.#advance();
    return true;
  }

  #single(): Coordinates {
    const [position] = this.#nested(1);
    if (position === undefined || typeof position === 'number') throw new GeometryError('a point needs a position.');
    return position;
  }

  #nested(depth: number): Coordinates {
    return this.#list(() => (depth === 1 ? this.#position() : this.#nested(depth - 1)));
  }

  #list<Item>(item: () => Item): readonly Item[] {
    this.#expect('(');
    const items = [item()];
    while (this.#next === ',') {
      this.#advance();
      items.push(item());
    }
    this.#expect(')');
    return items;
  }

  /** MULTIPOINT knows its positions with and without parentheses of their own. */
  #position(): Coordinates {
    if (this.#next === '(') return this.#single();
    const numbers: number[] = [];
    while (this.#next !== ',' && this.#next !== ')' && this.#next !== '') {
      const number = Number(this.#next);
      if (!Number.isFinite(number)) throw new GeometryError(`'${this.#next}' is no number.`);
      numbers.push(number);
      this.#advance();
    }
    return numbers;
  }

  #expect(sign: string): void {
    if (this.#next !== sign)
      throw new GeometryError(`'${sign}' is missing ${this.#next === '' ? 'at the end' : `before '${this.#next}'`}.`);
    this.#advance();
  }

  #take(): string {
    const taken = this.#next;
    this.#advance();
    return taken;
  }

  #advance(): void {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    this.#at = match === null ? this.#text.length : token.lastIndex;
    this.#next = match?.[1] ?? '';
  }
}
