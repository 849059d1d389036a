/**
 * Rules of taste that a script or a setting switches off. `-- asaql-disable ASA1015` counts for the whole text,
 * `-- asaql-disable-next-line ASA1015` for the next line that holds more than comments. Errors cannot be switched off.
 */
import type { SyntaxToken } from '../syntax/tokens.ts';
import { lineIndex } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import { catalogue } from './catalogue.ts';
import { type Diagnostic, diagnose } from './diagnostic.ts';

/** One code in one comment. */
interface Switch {
  readonly code: string;
  readonly span: Span;
  /** Null for the whole text. */
  readonly line: number | null;
}

const severityOf = new Map<string, Diagnostic['severity']>(
  Object.values(catalogue).map(({ code, severity }) => [code, severity]),
);
const comment = /^--\s*asaql-disable(-next-line)?(?![\w-])/;

/** What is left of the diagnostics, and what is wrong with the comments. In no particular order. */
export function withoutSwitchedOff(
  diagnostics: readonly Diagnostic[],
  text: string,
  tokens: () => readonly SyntaxToken[],
  disabledRules: ReadonlySet<string>,
): readonly Diagnostic[] {
  const left = text.includes('asaql-disable') ? byComments(diagnostics, text, tokens()) : diagnostics;
  return disabledRules.size === 0 ? left : left.filter((one) => one.severity === 'error' || !disabledRules.has(one.code));
}

function byComments(diagnostics: readonly Diagnostic[], text: string, tokens: readonly SyntaxToken[]): readonly Diagnostic[] {
  const { positionOf } = lineIndex(text);
  const lineOf = (offset: number): number => positionOf(offset).line;
  const problems: Diagnostic[] = [];
  const switches = switchesIn(tokens, lineOf, problems);
  const byPlace = Map.groupBy(switches, ({ code, line }) => `${code} ${line}`);
  const used = new Set<Switch>();
  const left = diagnostics.filter(({ code, severity, span }) => {
    if (severity === 'error') return true;
    const off = [...(byPlace.get(`${code} null`) ?? []), ...(byPlace.get(`${code} ${lineOf(span.start)}`) ?? [])];
    for (const one of off) used.add(one);
    return off.length === 0;
  });
  for (const one of switches) if (!used.has(one)) problems.push(diagnose(catalogue.unusedSwitch, one.span, one.code));
  return [...left, ...problems];
}

function switchesIn(
  tokens: readonly SyntaxToken[],
  lineOf: (offset: number) => number,
  problems: Diagnostic[],
): readonly Switch[] {
  const switches: Switch[] = [];
  const nextOf = nextInQuery(tokens);
  for (const [index, token] of tokens.entries()) {
    const found = token.kind === 'comment' ? comment.exec(token.text) : null;
    if (found === null) continue;
    let line: number | null = null;
    if (found[1] !== undefined) {
      const next = nextOf[index] ?? null;
      line = next === null ? 0 : lineOf(next.span.start);
    }
    const codes = codesIn(token.text, token.span.start, found[0].length);
    if (codes.length === 0) problems.push(diagnose(catalogue.wrongSwitch, token.span, 'name the rules, as in ASA1015, ASA1016.'));
    for (const { code, span } of codes) {
      const severity = severityOf.get(code);
      if (severity === undefined) problems.push(diagnose(catalogue.wrongSwitch, span, `there is no rule ${code}.`));
      else if (severity === 'error')
        problems.push(diagnose(catalogue.wrongSwitch, span, `${code} is an error and cannot be switched off.`));
      else switches.push({ code, span, line });
    }
  }
  return switches;
}

/** For each token the next that is no comment and no blank; looked up from the end, so that many comments in a row cost no more. */
function nextInQuery(tokens: readonly SyntaxToken[]): readonly (SyntaxToken | null)[] {
  const nextOf: (SyntaxToken | null)[] = new Array(tokens.length).fill(null);
  let next: SyntaxToken | null = null;
  for (let index = tokens.length - 1; index >= 0; index--) {
    nextOf[index] = next;
    const token = tokens[index];
    if (token !== undefined && token.kind !== 'whitespace' && token.kind !== 'comment') next = token;
  }
  return nextOf;
}

/** Codes stand first, with commas or blanks between them; what follows is a reason. */
function codesIn(text: string, start: number, from: number): readonly { readonly code: string; readonly span: Span }[] {
  const codes: { code: string; span: Span }[] = [];
  const word = /[\s,]*([^\s,]+)/y;
  word.lastIndex = from;
  for (let found = word.exec(text); found !== null; found = word.exec(text)) {
    const written = found[1] ?? '';
    if (!/^ASA\w*$/i.test(written)) break;
    const end = start + word.lastIndex;
    codes.push({ code: written.toUpperCase(), span: { start: end - written.length, end } });
  }
  return codes;
}
