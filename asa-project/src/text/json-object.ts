/** One object of a JSON file, asked by key: case does not matter, and keys that the tools misspell are understood. */
import type { Node } from 'jsonc-parser';
import { getNodeValue } from 'jsonc-parser';
import { shown } from '../secret.ts';
import type { JsonDocument } from './json-document.ts';
import { misspelling, otherSpellings } from './key-spellings.ts';

export class JsonObject {
  readonly #document: JsonDocument;
  readonly #node: Node;
  /** Where it stands in its file. */
  readonly at: readonly (string | number)[];

  constructor(document: JsonDocument, node: Node, at: readonly (string | number)[]) {
    this.#document = document;
    this.#node = node;
    this.at = at;
  }

  get value(): unknown {
    return getNodeValue(this.#node);
  }

  /** The keys as they are written, each once. */
  get keys(): readonly string[] {
    return (this.#node.children ?? []).flatMap(({ children }) => (children?.[0] ? [String(children[0].value)] : []));
  }

  /** The key as it is written, if it is there; of several spellings the one that says something. */
  written(key: string): string | null {
    return this.#find(key)?.key ?? null;
  }

  /** A text that says something; null where there is none, or none of that kind, which is then told. */
  text(key: string): string | null {
    const value = this.#valueOf(key, 'string', 'a text');
    return typeof value === 'string' && value !== '' ? value : null;
  }

  number(key: string): number | null {
    const value = this.#valueOf(key, 'number', 'a number');
    return typeof value === 'number' ? value : null;
  }

  flag(key: string): boolean | null {
    const value = this.#valueOf(key, 'boolean', 'true or false');
    return typeof value === 'boolean' ? value : null;
  }

  object(key: string): JsonObject | null {
    const found = this.#find(key);
    if (found === null || found.node.type === 'null') return null;
    if (found.node.type === 'object') return new JsonObject(this.#document, found.node, [...this.at, found.key]);
    this.#tellKind(found, 'an object');
    return null;
  }

  /** The objects of a list; what else stands in it is told. */
  objects(key: string): readonly JsonObject[] {
    const found = this.#find(key);
    if (found === null || found.node.type === 'null') return [];
    if (found.node.type !== 'array') {
      this.#tellKind(found, 'a list');
      return [];
    }
    return (found.node.children ?? []).flatMap((node, index) => {
      const at = [...this.at, found.key, index];
      if (node.type === 'object') return [new JsonObject(this.#document, node, at)];
      this.#document.tell('PRJ0003', 'error', node, at, `The value is ${shown(getNodeValue(node), found.key)}: write an object.`);
      return [];
    });
  }

  /** Whatever stands there; undefined where the key does not. */
  any(key: string): unknown {
    const found = this.#find(key);
    return found === null ? undefined : getNodeValue(found.node);
  }

  /** Tells a problem at a key's value, or at the object where the key is missing. */
  tell(
    code: 'PRJ0002' | 'PRJ0003' | 'PRJ0004' | 'PRJ0005' | 'PRJ0006',
    severity: 'error' | 'warning' | 'information',
    key: string,
    message: string,
  ): void {
    const found = this.#find(key);
    this.#document.tell(code, severity, found?.node ?? this.#start(), [...this.at, found?.key ?? key], message);
  }

  #valueOf(key: string, type: Node['type'], kind: string): unknown {
    const found = this.#find(key);
    if (found === null || found.node.type === 'null') return null;
    if (found.node.type === type) return found.node.value;
    this.#tellKind(found, kind);
    return null;
  }

  #tellKind({ key, node }: Found, kind: string): void {
    this.#document.tell(
      'PRJ0003',
      'error',
      node,
      [...this.at, key],
      `The value is ${shown(getNodeValue(node), key)}: write ${kind}.`,
    );
  }

  /** Only its brace: a missing key does not mark the whole object. */
  #start(): Node {
    return { ...this.#node, length: 1 };
  }

  #find(key: string): Found | null {
    const spellings = [key, ...otherSpellings(key)].map((each) => each.toLowerCase());
    const all = (this.#node.children ?? []).flatMap(({ children }) => {
      const [name, node] = children ?? [];
      return name !== undefined && node !== undefined ? [{ key: String(name.value), node }] : [];
    });
    const found = spellings.flatMap((spelling) => all.filter((each) => each.key.toLowerCase() === spelling));
    // The tools write old and new spellings side by side, one of them null.
    const best = found.find(({ node }) => node.type !== 'null' && node.value !== '') ?? found[0];
    return best ?? this.#misspelt(key, all);
  }

  #misspelt(key: string, all: readonly Found[]): Found | null {
    const slip = misspelling(
      key,
      all.map((each) => each.key),
    );
    const found = all.find((each) => each.key === slip);
    if (found === undefined) return null;
    this.#document.tellOnce('PRJ0004', 'warning', found.node, [...this.at, found.key], `The key is read as ${key}: write it so.`);
    return found;
  }
}

interface Found {
  readonly key: string;
  readonly node: Node;
}
