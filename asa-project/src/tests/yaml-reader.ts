/** Reads a YAML document key by key: what is wrong is told at its place, and unknown keys are refused. Knows no test. */
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { lettersApart } from '../text/key-spellings.ts';
import type { Place, TestProblem } from './test-case.ts';

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
}

export class YamlReader {
  readonly document: Document.Parsed;
  readonly problems: TestProblem[] = [];
  readonly #path: string;
  readonly #text: string;
  readonly #lines = new LineCounter();

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.document = parseDocument(text, { lineCounter: this.#lines, keepSourceTokens: true, merge: true });
    for (const error of this.document.errors) {
      const { line, col } = this.#lines.linePos(error.pos[0]);
      this.problems.push({ path, line, column: col, message: `This is no YAML: ${error.message.split('\n')[0]}` });
    }
  }

  get root(): Node | null {
    return this.document.contents;
  }

  placeOf(node: Node | null): Place {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { line, column: col };
  }

  problem(node: Node | null, message: string): null {
    this.problems.push({ path: this.#path, ...this.placeOf(node), message });
    return null;
  }

  resolved(node: unknown): Node | null {
    if (isAlias(node)) return (node.resolve(this.document) as Node | undefined) ?? null;
    return (node as Node | null | undefined) ?? null;
  }

  /** The members of a map, those of `<<` included; null, and a problem, where it is none. */
  entries(node: Node | null, what: string): readonly Entry[] | null {
    if (!isMap(node)) return this.problem(node, `${what} is a map of keys and values, not ${kindOf(node)}.`);
    const found = new Map<string, Entry>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const { key } = pair as Pair<Node, Node | null>;
      if (isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol')) {
        for (const entry of this.#merged(this.resolved(pair.value), what)) if (!found.has(entry.key)) found.set(entry.key, entry);
        continue;
      }
      const name = isScalar(key) ? String(key.value) : '';
      found.set(name, { key: name, keyNode: key, value: this.resolved(pair.value) });
    }
    return [...found.values()];
  }

  #merged(value: Node | null, what: string): readonly Entry[] {
    const sources = isSeq(value) ? value.items.map((item) => this.resolved(item)) : [value];
    return sources.flatMap((source) => this.entries(source, what) ?? []);
  }

  /** The values of a map by key; keys that are not `known` are problems. */
  fields<Key extends string>(node: Node | null, what: string, known: readonly Key[]): Partial<Record<Key, Node | null>> | null {
    const entries = this.entries(node, what);
    if (entries === null) return null;
    const fields: Partial<Record<Key, Node | null>> = {};
    for (const { key, keyNode, value } of entries) {
      if ((known as readonly string[]).includes(key)) fields[key as Key] = value;
      else this.problem(keyNode, `${what} has no key '${key}'. ${didYouMean(key, known)}`);
    }
    return fields;
  }

  list(node: Node | null, what: string): readonly (Node | null)[] | null {
    if (isSeq(node)) return node.items.map((item) => this.resolved(item));
    return this.problem(node, `${what} is a list ("- …"), not ${kindOf(node)}.`);
  }

  text(node: Node | null, what: string): string | null {
    if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')) return this.source(node);
    return this.problem(node, `${what} is a text, not ${kindOf(node)}.`);
  }

  /** A scalar as it is written: `1.2` and not 1.2, `007` and not 7. */
  source(node: Node): string {
    if (!isScalar(node)) return '';
    if (typeof node.value === 'string') return node.value;
    const [start = 0, end = 0] = node.range ?? [];
    return this.#text.slice(start, end);
  }

  number(node: Node | null, what: string, least: number, whole = false): number | null {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && value >= least && (!whole || Number.isInteger(value))) return value;
    return this.problem(node, `${what} is a ${whole ? 'whole ' : ''}number of at least ${least}, not ${kindOf(node)}.`);
  }

  oneOf<Name extends string>(node: Node | null, what: string, names: readonly Name[]): Name | null {
    const text = isScalar(node) ? this.source(node) : null;
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    return this.problem(node, `${what} is one of ${names.join(', ')}, not ${text === null ? kindOf(node) : `'${text}'`}.`);
  }

  /** The value as JSON text: numbers as they are written, so that 5.0 stays a float. */
  json(node: Node | null): string {
    if (isMap(node)) {
      const members = (this.entries(node, 'This') ?? []).map(({ key, value }) => `${JSON.stringify(key)}:${this.json(value)}`);
      return `{${members.join(',')}}`;
    }
    if (isSeq(node)) return `[${node.items.map((item) => this.json(this.resolved(item))).join(',')}]`;
    if (!isScalar(node)) return 'null';
    const written = typeof node.value === 'number' ? this.source(node) : '';
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(written)) return written;
    return JSON.stringify(node.value ?? null);
  }
}

export function kindOf(node: Node | null): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text '${node.value}'` : String(node.value);
}

export function didYouMean(name: string, known: readonly string[]): string {
  const distances = known.map((each) => ({ each, apart: lettersApart(name.toLowerCase(), each.toLowerCase(), 3) }));
  const nearest = distances.sort((a, b) => a.apart - b.apart)[0];
  const isNear = nearest !== undefined && nearest.apart <= Math.max(1, Math.min(3, Math.floor(name.length / 2)));
  return isNear ? `Did you mean '${nearest.each}'?` : `It takes ${known.join(', ')}.`;
}
