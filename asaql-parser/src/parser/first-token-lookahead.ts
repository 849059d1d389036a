/**
 * Lookahead by the first token alone, as tables. Knows nothing of ASAQL.
 *
 * The grammar decides everything by one token or by a gate of its own. Chevrotain's general LL(k) analysis would spend
 * most of the start-up time on paths that are never longer than one token; this computes first sets once per rule, and
 * a decision while parsing is one look into an array.
 */
import {
  Alternation,
  type IOrAlt,
  type IProduction,
  type IToken,
  LLkLookaheadStrategy,
  NonTerminal,
  Option,
  type OptionalProductionType,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
} from 'chevrotain';

/** Types (by index) that something can start with, and whether it may be empty. */
interface First {
  readonly types: Set<number>;
  readonly empty: boolean;
}

/** What a lookahead function is called on. */
interface Tokens {
  LA_FAST(ahead: number): IToken;
}

type Definition = { readonly definition: readonly IProduction[] };

const productionClasses = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionWithSeparator,
  RepetitionMandatoryWithSeparator,
} as const;

export class FirstTokenLookahead extends LLkLookaheadStrategy {
  private readonly firstOfRule = new Map<string, First>();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation(options: {
    prodOccurrence: number;
    rule: Rule;
    hasPredicates: boolean;
  }): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const alternation = find(options.rule, Alternation, options.prodOccurrence);
    const candidates: number[][] = [];
    const always: number[] = [];
    for (const [index, alternative] of alternation.definition.entries()) {
      const first = this.first((alternative as unknown as Definition).definition);
      if (first.empty) always.push(index);
      for (const type of first.types) {
        candidates[type] ??= [];
        candidates[type].push(index);
      }
    }
    for (const list of candidates) {
      if (list === undefined) continue;
      for (const index of always) if (!list.includes(index)) list.push(index);
      list.sort((a, b) => a - b);
    }
    return options.hasPredicates ? gated(candidates, always) : ungated(candidates, always);
  }

  override buildLookaheadForOptional(options: {
    prodOccurrence: number;
    prodType: OptionalProductionType;
    rule: Rule;
  }): () => boolean {
    const production = find(options.rule, productionClasses[options.prodType], options.prodOccurrence);
    const first = this.first(production.definition);
    if (first.empty) return () => true;
    const starts: boolean[] = [];
    for (const type of first.types) starts[type] = true;
    return function (this: Tokens) {
      return starts[this.LA_FAST(1).tokenTypeIdx] === true;
    } as () => boolean;
  }

  /** What a sequence can start with. */
  private first(sequence: readonly IProduction[]): First {
    const types = new Set<number>();
    for (const production of sequence) {
      const first = this.firstOf(production);
      for (const type of first.types) types.add(type);
      if (!first.empty) return { types, empty: false };
    }
    return { types, empty: true };
  }

  private firstOf(production: IProduction): First {
    if (production instanceof Terminal) {
      const { tokenTypeIdx, categoryMatches } = production.terminalType;
      const types = new Set(categoryMatches ?? []);
      if (tokenTypeIdx !== undefined) types.add(tokenTypeIdx);
      return { types, empty: false };
    }
    if (production instanceof NonTerminal) {
      const { name, definition } = production.referencedRule;
      let first = this.firstOfRule.get(name);
      if (first === undefined) {
        first = this.first(definition);
        this.firstOfRule.set(name, first);
      }
      return first;
    }
    if (production instanceof Alternation) {
      const parts = production.definition.map((alternative) => this.first((alternative as unknown as Definition).definition));
      return { types: new Set(parts.flatMap((part) => [...part.types])), empty: parts.some((part) => part.empty) };
    }
    const inner = this.first((production as unknown as Definition).definition);
    const mandatory = production instanceof RepetitionMandatory || production instanceof RepetitionMandatoryWithSeparator;
    return mandatory ? inner : { types: inner.types, empty: true };
  }
}

function ungated(candidates: readonly number[][], always: readonly number[]): () => number | undefined {
  const choice = candidates.map((list) => list[0]);
  const otherwise = always[0];
  return function (this: Tokens) {
    return choice[this.LA_FAST(1).tokenTypeIdx] ?? otherwise;
  } as () => number | undefined;
}

function gated(
  candidates: readonly number[][],
  always: readonly number[],
): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
  return function (this: Tokens, alternatives: IOrAlt<unknown>[] = []) {
    for (const index of candidates[this.LA_FAST(1).tokenTypeIdx] ?? always) {
      const gate = alternatives[index]?.GATE;
      if (gate === undefined || gate.call(this)) return index;
    }
    return undefined;
  } as (alternatives?: IOrAlt<unknown>[]) => number | undefined;
}

/** The production of a kind with that occurrence number, wherever it stands in the rule. */
function find<P extends object>(rule: Rule, kind: abstract new (...args: never[]) => P, occurrence: number): P {
  const waiting: IProduction[] = [...rule.definition];
  for (let production = waiting.pop(); production !== undefined; production = waiting.pop()) {
    if (production instanceof kind && (production as unknown as { idx: number }).idx === occurrence) return production;
    if (!(production instanceof NonTerminal) && !(production instanceof Terminal)) {
      waiting.push(...(production as unknown as Definition).definition);
    }
  }
  throw new Error(`The rule ${rule.name} has no such production: ${kind.name} ${occurrence}`);
}
