/**
 * What is kept of one binding for the next one of nearly the same script: its units (steps, statements) with what they
 * mean and what the checks of their SELECTs found. Knows no rule of the language.
 *
 * A unit is taken over when its node is the same, so is every relation that it reads, and nothing in it is broken. A
 * step that gives the same columns as before keeps its relation, so that its readers are taken over too.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NamedSource, SelectStatement, Step } from '../syntax/nodes.ts';
import { moveSpans, spansIn } from '../text/moving-spans.ts';
import type { Span } from '../text/span.ts';
import type { JobDeclarations } from './declarations.ts';
import type { BoundSelect, BoundUnion, InputUse, Relation } from './model.ts';
import type { Column } from './types.ts';

/** A name in FROM, and what it meant. */
export interface Reading {
  readonly node: NamedSource;
  readonly relation: Relation;
  readonly trouble: InputUse['trouble'];
}

export interface BoundUnit {
  readonly node: Step | SelectStatement;
  readonly readings: Reading[];
  readonly selects: BoundSelect[];
  readonly unions: BoundUnion[];
  readonly inputUses: InputUse[];
  /** Columns in the order in which they were made. */
  readonly columns: Column[];
  /** What it gives; of a step the relation under its name. */
  result: Relation;
}

/** What the checks of the SELECTs of a unit found. */
export interface UnitFindings {
  readonly diagnostics: Diagnostic[];
  readonly explainedPlaces: Span[];
  /** Nothing that could not be read stands in the unit. */
  readonly isSure: boolean;
}

interface KeptFindings extends UnitFindings {
  /** Where the unit began when the spans below were right. */
  start: number;
  /** Spans that do not belong to nodes, and so do not move with them. */
  spans: readonly Span[] | null;
}

export class BindingMemory {
  private declarations: JobDeclarations | null = null;
  private units = new Map<Step | SelectStatement, BoundUnit>();
  private stepByKey = new Map<string, BoundUnit>();
  private inputs = new Map<string, Relation>();
  private readonly findings = new WeakMap<BoundUnit, KeptFindings>();

  /** Forgets what was bound under other declarations. */
  begin(declarations: JobDeclarations): void {
    if (this.declarations === declarations) return;
    this.declarations = declarations;
    this.end([], new Map());
  }

  end(units: readonly BoundUnit[], inputs: ReadonlyMap<string, Relation>): void {
    this.units = new Map(units.map((unit) => [unit.node, unit]));
    this.stepByKey = new Map();
    for (const unit of units) if (unit.node.kind === 'step') this.stepByKey.set(unit.node.name.text.toLowerCase(), unit);
    this.inputs = new Map(inputs);
  }

  unitOf(node: Step | SelectStatement): BoundUnit | null {
    return this.units.get(node) ?? null;
  }

  /** What a step of that name was before. */
  stepNamed(name: string): BoundUnit | null {
    return this.stepByKey.get(name.toLowerCase()) ?? null;
  }

  /** The relation of an input before, if it is the same as this one. */
  sameInput(key: string, input: Relation): Relation {
    const before = this.inputs.get(key);
    return before !== undefined && isSameRelation(before, input) ? before : input;
  }

  /** What the checks found in a unit, at its place of now; null if they have not looked at it. */
  findingsOf(unit: BoundUnit): UnitFindings | null {
    const kept = this.findings.get(unit);
    if (kept === undefined) return null;
    const { start } = unit.node.span;
    if (kept.start !== start) {
      kept.spans ??= spansIn([kept.diagnostics, kept.explainedPlaces], new Set(spansIn([unit.node])));
      moveSpans(kept.spans, start - kept.start);
      kept.start = start;
    }
    return kept;
  }

  keepFindings(unit: BoundUnit, findings: UnitFindings): void {
    this.findings.set(unit, { ...findings, start: unit.node.span.start, spans: null });
  }
}

/** Whether readers of one relation may go on with the other: the very same columns, and nothing else that differs. */
export function isSameRelation(a: Relation, b: Relation): boolean {
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.extent === b.extent &&
    a.stream === b.stream &&
    a.windowed === b.windowed &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => column === b.columns[index])
  );
}
