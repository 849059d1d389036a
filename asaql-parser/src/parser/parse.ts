/** The door of the parser: text in, tree and diagnostics out. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { tokenize } from '../syntax/lexer.ts';
import type { Script } from '../syntax/nodes.ts';
import { type SyntaxToken, syntaxTokens } from '../syntax/tokens.ts';
import type { Span } from '../text/span.ts';
import { diagnosticsMax } from './grammar-base.ts';
import { ScriptGrammar } from './script-grammar.ts';
import type { UnitMemory } from './unit-memory.ts';
import { type SyntaxFindings, withForeignForms, withoutRepeats } from './written-in-vain.ts';

/** A text, its tree, and what is wrong with its form. `tokens` cover the whole text, white space and comments too. */
export interface ParseResult {
  readonly text: string;
  readonly script: Script;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly tokens: readonly SyntaxToken[];
  /** Places that hold another language: what follows from them is not worth a message. */
  readonly lost: readonly Span[];
}

const noSpans: readonly Span[] = [];

/** The grammar is analysed once, when the first text is parsed. It keeps no state between texts. */
let grammar: ScriptGrammar | null = null;

/** Parses any text: never throws, takes time proportional to the text. */
export function parse(text: string): ParseResult {
  return resultOf(text, null);
}

/**
 * The same, of a text that differs little from the one that `memory` was used for last: what has not changed is taken
 * over. Results that were made with that memory before are not to be read any more.
 */
export function parseAgain(text: string, memory: UnitMemory): ParseResult {
  return resultOf(text, memory);
}

function resultOf(text: string, memory: UnitMemory | null): ParseResult {
  grammar ??= new ScriptGrammar();
  const lexed = tokenize(text);
  const diagnostics = [...lexed.diagnostics];
  memory?.begin(text, lexed.openFrom);
  const script = grammar.parseScript(text, lexed.significant, diagnostics, memory);
  memory?.end();
  if (memory !== null && diagnostics.length >= diagnosticsMax) {
    // Some were not said: which ones depends on all that stands before.
    memory.forget();
    if (memory.hasTaken) return resultOf(text, memory);
  }
  diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const found: SyntaxFindings =
    diagnostics.length === 0
      ? { diagnostics, lost: noSpans }
      : withForeignForms(text, lexed.significant, withoutRepeats(diagnostics, script));
  let tokens: readonly SyntaxToken[] | null = null;
  return {
    text,
    script,
    diagnostics: found.diagnostics,
    lost: found.lost,
    get tokens(): readonly SyntaxToken[] {
      tokens ??= syntaxTokens(lexed.all);
      return tokens;
    },
  };
}
