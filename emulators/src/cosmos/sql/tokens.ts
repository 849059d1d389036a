/** Cosmos SQL text to tokens. Throws 400 with the position of what it cannot read. */
import { badRequest } from '../cosmos-error.ts';

export type Token = {
  kind: 'name' | 'number' | 'string' | 'parameter' | 'symbol' | 'end';
  /** The text; of a string its value, of a parameter its name with `@`. */
  text: string;
  /** The text in capitals, to compare with keywords. */
  upper: string;
  at: number;
};

const pattern =
  /(?<space>\s+|--[^\n]*)|(?<name>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|(?<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|(?<parameter>@\w+)|(?<symbol>\?\?|\|\||>>>|>>|<<|<=|>=|<>|!=|[-+*/%=<>()[\]{},.:?&|^~])/gy;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) throw syntaxError(text, at, text.slice(at, at + 20));
    const { name, number, string, parameter, symbol } = groups;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, upper: name.toUpperCase(), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, upper: number, at });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unquoted(string), upper: '', at });
    else if (parameter !== undefined) tokens.push({ kind: 'parameter', text: parameter, upper: '', at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, upper: symbol, at });
    at = pattern.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', upper: '', at });
  return tokens;
}

export function syntaxError(text: string, at: number, near: string): Error {
  const line = text.slice(0, at).split('\n').length;
  const column = at - text.lastIndexOf('\n', at - 1);
  const where = near === '' ? 'at the end of the query' : `near '${near}'`;
  return badRequest(`Syntax error, incorrect syntax ${where} (line ${line}, column ${column}).`);
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
