/** A query of a thousand lines: the project's own, its steps and statements repeated under other names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node, parse, type Query } from '@asaql/parser';

const file = join(import.meta.dirname, '../../../stream-analytics/netflix-streaming.asaql');

/** The step that every other reads, directly or not. */
export const sharedStep = 'Playback';

/** At least `lineCount` lines, whole steps and statements; about 40 bytes a line. */
export function longQuery(lineCount: number): string {
  const text = readFileSync(file, 'utf8');
  const query = parse(text).script.statements.find((statement): statement is Query => statement.kind === 'query');
  if (query === undefined) throw new Error(`${file} holds no query.`);
  const textOf = ({ span }: Node): string => text.slice(span.start, span.end);
  const names = query.steps.map(({ name }) => name.text).filter((name) => name !== sharedStep);
  const renamed = (part: string, copy: number): string =>
    copy === 1 ? part : part.replace(new RegExp(`\\b(?:${names.join('|')})\\b`, 'g'), (name) => `${name}${copy}`);
  const shared = query.steps.filter(({ name }) => name.text === sharedStep).map(textOf);
  const others = query.steps.filter(({ name }) => name.text !== sharedStep).map(textOf);
  const selects = query.selects.map(textOf);
  for (let copies = 1; ; copies++) {
    const each = Array.from({ length: copies }, (_, index) => index + 1);
    const steps = [...shared, ...each.flatMap((copy) => others.map((step) => renamed(step, copy)))];
    const statements = each.flatMap((copy) => selects.map((select) => renamed(select, copy)));
    const long = `WITH\n    ${steps.join(',\n    ')}\n\n${statements.join('\n\n')}\n`;
    if (long.split('\n').length >= lineCount) return long;
  }
}
