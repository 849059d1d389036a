/**
 * From a row back to the events that it came from: the query is run once more with the number of each event carried along
 * through every SELECT. Must not know how rows are shown.
 */
import type { UserFunctions } from '@asaql/engine';
import { type BoundSelect, createSnapshot } from '@asaql/parser';

/** The field that carries them: `3` in an event, `3,5,8` in a row. */
export const rowField = 'asaql_rows';
const collector = 'asaqlRows';

/** The same query, whose every SELECT gives the numbers of its events too. */
export function tracedText(text: string): string {
  const { model } = createSnapshot(text);
  const insertions = model.selects.flatMap((select) => {
    const last = select.node.items.at(-1);
    const column = last === undefined ? null : rowColumn(select);
    return last === undefined || column === null ? [] : [{ at: last.span.end, text: `, ${column} AS ${rowField}` }];
  });
  let traced = text;
  for (const { at, text: added } of insertions.sort((a, b) => b.at - a.at))
    traced = `${traced.slice(0, at)}${added}${traced.slice(at)}`;
  return traced;
}

function rowColumn(select: BoundSelect): string | null {
  const sources = select.sources.filter(({ node }) => node.kind === 'source' || node.kind === 'derived');
  if (sources.length === 0) return null;
  const isAggregate =
    select.node.groupBy !== null ||
    select.calls.some(({ form, place }) => (form === 'aggregate' || form === 'uda') && place === 'select');
  // A star brings the field along by itself.
  if (!isAggregate && sources.length === 1 && select.node.items.some((item) => item.kind === 'star')) return null;
  const fields = sources.map(({ alias }) => `[${alias}].[${rowField}]`).join(', ');
  const together = `udf.${collector}(${fields})`;
  return isAggregate ? `uda.${collector}(${together})` : together;
}

/** The functions of a job, and the two that collect numbers. */
export function withCollectors(functions: UserFunctions): UserFunctions {
  const name = collector.toLowerCase();
  return {
    scalar: (asked) => (asked.toLowerCase() === name ? (values) => joined(values) : functions.scalar(asked)),
    aggregate: (asked) => {
      if (asked.toLowerCase() !== name) return functions.aggregate(asked);
      return () => {
        const values: unknown[] = [];
        return { accumulate: (value) => void values.push(value), computeResult: () => joined(values) };
      };
    },
  };
}

function joined(values: readonly unknown[]): string {
  return values.filter((value) => value !== null && value !== undefined && value !== '').join(',');
}

/** The numbers that a row carries, each once, in order. */
export function numbersIn(row: Readonly<Record<string, unknown>>): readonly number[] {
  const numbers = new Set<number>();
  for (const part of String(row[rowField] ?? '').split(',')) if (/^\d+$/.test(part)) numbers.add(Number(part));
  return [...numbers].sort((a, b) => a - b);
}

/** The row as the query itself gives it. */
export function withoutNumbers(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { [rowField]: _numbers, ...rest } = row;
  return rest;
}
