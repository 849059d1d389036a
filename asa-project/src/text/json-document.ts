/**
 * A JSON file as the tools write it: with comments, a byte order mark, misspelt keys. Values are asked for by key, problems
 * are told at their place, and a change touches only the bytes of its value. Knows no project.
 */
import { lineIndex, type Position } from '@asaql/parser';
import {
  applyEdits,
  findNodeAtLocation,
  getLocation,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { withoutMark } from '../files/project-files.ts';
import { type ProblemCode, type ProjectProblem, problemOfFile } from '../project-problem.ts';
import { withAppended } from './append-item.ts';
import { JsonObject } from './json-object.ts';

export class JsonDocument {
  readonly path: string;
  /** As it was read, with its byte order mark. */
  readonly text: string;
  readonly problems: ProjectProblem[] = [];
  /** null where the file holds no object. What can be understood of a broken file is there. */
  readonly root: JsonObject | null;
  readonly #body: string;
  readonly #tree: Node | undefined;
  readonly #positionOf: (offset: number) => Position;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#body = withoutMark(text);
    this.#positionOf = lineIndex(this.#body).positionOf;
    const errors: ParseError[] = [];
    const tree = parseTree(this.#body, errors, { allowTrailingComma: true });
    this.#tree = tree;
    const [first] = errors;
    if (first !== undefined) this.#tellBroken(first);
    this.root = tree?.type === 'object' ? new JsonObject(this, tree, []) : null;
    if (first === undefined && this.root === null)
      this.problems.push(problemOfFile('PRJ0001', path, 'The file holds no JSON object.'));
  }

  get isBroken(): boolean {
    return this.problems.some(({ code }) => code === 'PRJ0001');
  }

  /** The whole as plain data; comments are left out. */
  get value(): Readonly<Record<string, unknown>> {
    return (this.root?.value ?? {}) as Readonly<Record<string, unknown>>;
  }

  tell(
    code: ProblemCode,
    severity: ProjectProblem['severity'],
    node: Node,
    key: readonly (string | number)[],
    message: string,
  ): void {
    const [start, end] = [this.#positionOf(node.offset), this.#positionOf(node.offset + node.length)];
    this.problems.push({
      ...{ code, severity, path: this.path, key: keyText(key), message },
      ...{ startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    });
  }

  tellOnce(...told: Parameters<JsonDocument['tell']>): void {
    const key = keyText(told[3]);
    if (!this.problems.some((problem) => problem.code === told[0] && problem.key === key)) this.tell(...told);
  }

  /**
   * The file's text with one value set, or taken out where it is undefined; everything else is kept as it stands. Throws an
   * error of one line for a file that is broken: it cannot be changed without loss.
   */
  withValue(at: JSONPath, value: unknown): string {
    return this.#edited(at, value);
  }

  /** The file's text with one more item at the end of a list of the file's object; the list is made where it is missing. */
  withItem(key: string, item: unknown): string {
    const written = this.root?.written(key) ?? key;
    const list = this.#tree === undefined ? undefined : findNodeAtLocation(this.#tree, [written]);
    if (list?.type !== 'array' || (list.children ?? []).length === 0) return this.withValue([written], [item]);
    this.#refuseBroken();
    return this.#mark + withAppended(this.#body, list, item, this.#indent);
  }

  #edited(at: JSONPath, value: unknown): string {
    this.#refuseBroken();
    return this.#mark + applyEdits(this.#body, modify(this.#body, at, value, { formattingOptions: this.#style() }));
  }

  #refuseBroken(): void {
    if (this.isBroken) throw new Error(`${this.path} is not changed: it is no JSON (${this.problems[0]?.message ?? ''})`);
  }

  get #mark(): string {
    return this.text.slice(0, this.text.length - this.#body.length);
  }

  get #indent(): string {
    return /\n([ \t]+)\S/.exec(this.#body)?.[1] ?? '  ';
  }

  /** What is added is written as the rest of the file is. */
  #style() {
    const indent = this.#indent;
    return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: this.#body.includes('\r\n') ? '\r\n' : '\n' };
  }

  #tellBroken({ error, offset, length }: ParseError): void {
    const key = getLocation(this.#body, offset).path;
    const what = printParseErrorCode(error)
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    const node = { type: 'null', offset, length } as Node;
    this.tell('PRJ0001', 'error', node, key, `The file is broken JSON here: ${what}.`);
  }
}

export function keyText(key: readonly (string | number)[]): string | null {
  const text = key.reduce<string>((all, part) => (typeof part === 'number' ? `${all}[${part}]` : `${all}.${part}`), '');
  return text === '' ? null : text.replace(/^\./, '');
}
