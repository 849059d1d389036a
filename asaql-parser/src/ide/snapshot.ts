/**
 * One state of a document: its text, tree and meaning, shared by all features. Knows no feature and no editor.
 *
 * Nothing is computed before it is asked for, and everything at most once, so that a keystroke costs one parse and one
 * analysis however many features look at the result.
 */
import { type ParseResult, parse } from '../parser/parse.ts';
import { type AnalyzeOptions, analyze } from '../semantics/analyze.ts';
import { type JobDeclarations, unknownJob } from '../semantics/declarations.ts';
import type { Model } from '../semantics/model.ts';
import { type LineIndex, lineIndex } from '../text/line-index.ts';
import { type Occurrences, occurrencesIn } from './occurrences.ts';

export interface Snapshot {
  readonly text: string;
  readonly declarations: JobDeclarations;
  readonly options: AnalyzeOptions;
  readonly parsed: ParseResult;
  readonly model: Model;
  readonly lines: LineIndex;
  /** Every name of the text that stands for something. */
  readonly occurrences: Occurrences;
}

/** How a snapshot gets its tree and its meaning. */
export interface SnapshotWork {
  readonly parse: () => ParseResult;
  readonly analyze: (parsed: ParseResult) => Model;
}

/** A snapshot of `text` in a job. */
export function createSnapshot(
  text: string,
  declarations: JobDeclarations = unknownJob,
  options: AnalyzeOptions = {},
  work: SnapshotWork = { parse: () => parse(text), analyze: (parsed) => analyze(parsed, declarations, options) },
): Snapshot {
  let parsed: ParseResult | null = null;
  let model: Model | null = null;
  let lines: LineIndex | null = null;
  let occurrences: Occurrences | null = null;
  return {
    text,
    declarations,
    options,
    get parsed(): ParseResult {
      parsed ??= work.parse();
      return parsed;
    },
    get model(): Model {
      model ??= work.analyze(this.parsed);
      return model;
    },
    get lines(): LineIndex {
      lines ??= lineIndex(text);
      return lines;
    },
    get occurrences(): Occurrences {
      occurrences ??= occurrencesIn(this.model);
      return occurrences;
    },
  };
}

/** The same job with another text. */
export function withText(snapshot: Snapshot, text: string): Snapshot {
  return createSnapshot(text, snapshot.declarations, snapshot.options);
}
