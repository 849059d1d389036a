/** What of a query its tests have reached: steps, outputs, branches of CASE, both ways of WHERE and HAVING. Runs nothing. */
import type { QueryWatch } from '@asaql/engine';
import { lineIndex, type Node, parse, type Script, walk } from '@asaql/parser';
import { isStepOutput, stepOutput, stepsOf } from './steps-query.ts';

export interface CoverageItem {
  readonly kind: 'step' | 'output' | 'branch' | 'condition';
  /** `Playback`, `WHEN 2 of 3: score >= 15`, `WHERE false: …`. */
  readonly name: string;
  /** In the query's text, from 1. */
  readonly line: number;
  readonly covered: boolean;
}

export interface QueryCoverage {
  /** The path of the query, as messages name it. */
  readonly query: string;
  readonly items: readonly CoverageItem[];
}

/** Collects over several runs of one query. */
export class CoverageCollector implements QueryWatch {
  readonly #reached = new Set<string>();

  caseTaken(start: number, branch: number): void {
    this.#reached.add(`case ${start} ${branch}`);
  }

  conditionMet(start: number, holds: boolean): void {
    this.#reached.add(`condition ${start} ${holds}`);
  }

  rows(output: string, count: number): void {
    if (count > 0) this.#reached.add(`output ${output.toLowerCase()}`);
  }

  /** For another process: what `add` takes. */
  get reached(): readonly string[] {
    return [...this.#reached];
  }

  add(reached: readonly string[]): void {
    for (const each of reached) this.#reached.add(each);
  }

  report(query: string, text: string): QueryCoverage {
    const { script } = parse(text);
    const lineOf = (offset: number) => lineIndex(text).positionOf(offset).line;
    const has = (key: string) => this.#reached.has(key);
    const items: CoverageItem[] = [];
    for (const { name } of stepsOf(script))
      items.push({
        kind: 'step',
        name: name.text,
        line: lineOf(name.span.start),
        covered: has(`output ${stepOutput(name.text)}`),
      });
    for (const { name, start } of outputsOf(script))
      if (!isStepOutput(name))
        items.push({ kind: 'output', name, line: lineOf(start), covered: has(`output ${name.toLowerCase()}`) });
    walk(script, (node: Node) => {
      items.push(...itemsOf(node, text).map(({ key, start, ...item }) => ({ ...item, line: lineOf(start), covered: has(key) })));
      return true;
    });
    return { query, items };
  }
}

function outputsOf(script: Script): readonly { readonly name: string; readonly start: number }[] {
  const found = new Map<string, { readonly name: string; readonly start: number }>();
  for (const statement of script.statements) {
    if (statement.kind !== 'query') continue;
    for (const { into, span } of statement.selects) {
      const name = into?.text ?? 'output';
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), { name, start: into?.span.start ?? span.start });
    }
  }
  return [...found.values()];
}

type Watched = Pick<CoverageItem, 'kind' | 'name'> & { readonly key: string; readonly start: number };

function itemsOf(node: Node, text: string): readonly Watched[] {
  const { start } = node.span;
  if (node.kind === 'case') {
    const total = node.branches.length + 1;
    const branches = node.branches.map(({ when }, index) => `WHEN ${index + 1} of ${total}: ${shortText(when, text)}`);
    return [...branches, `ELSE of CASE WHEN ${node.branches[0] === undefined ? '' : shortText(node.branches[0].when, text)}`].map(
      (name, index) => ({
        kind: 'branch' as const,
        name,
        key: `case ${start} ${index}`,
        start: node.branches[index]?.when.span.start ?? start,
      }),
    );
  }
  if (node.kind !== 'select') return [];
  const conditions = [
    { word: 'WHERE', condition: node.where },
    { word: 'HAVING', condition: node.groupBy === null ? null : node.having },
  ];
  return conditions.flatMap(({ word, condition }) =>
    condition === null
      ? []
      : [true, false].map((holds) => ({
          kind: 'condition' as const,
          name: `${word} ${holds ? 'true' : 'false'}: ${shortText(condition, text)}`,
          key: `condition ${condition.span.start} ${holds}`,
          start: condition.span.start,
        })),
  );
}

function shortText(node: Node, text: string): string {
  const written = text.slice(node.span.start, node.span.end).replace(/\s+/g, ' ');
  return written.length > 60 ? `${written.slice(0, 57)}…` : written;
}
