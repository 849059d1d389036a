/** MATCH_RECOGNIZE. Source: its page of the reference. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { MatchRecognize, Pattern } from '../../syntax/nodes.ts';
import { walk } from '../../syntax/walk.ts';
import type { BoundSelect } from '../model.ts';
import type { Findings, SelectCheck } from './check.ts';

export const checkMatchRecognize: SelectCheck = (select, found) => {
  const match = select.node.from?.matchRecognize ?? null;
  if (match === null) return;
  const problem = (span: { start: number; end: number }, text: string): void => found.report(catalogue.matchRule, span, text);
  const { items, where, groupBy, having, from } = select.node;
  const [first] = items;
  if (items.length !== 1 || first?.kind !== 'star') problem(first?.span ?? select.node.span, 'the SELECT list must be *.');
  for (const clause of [where, groupBy, having])
    if (clause !== null) problem(clause.span, 'WHERE, GROUP BY and HAVING belong into another step.');
  if (from !== null && from.joins.length > 0) problem(from.joins[0]!.span, 'joins belong into another step.');
  checkDefinitions(match, found);
  checkCalls(select, found);
};

function patternNames(pattern: Pattern | null): Set<string> {
  const names = new Set<string>();
  if (pattern !== null) {
    walk(pattern, (node) => {
      if (node.kind === 'patternVariable') names.add(node.name.text.toLowerCase());
      return true;
    });
  }
  return names;
}

function checkDefinitions(match: MatchRecognize, found: Findings): void {
  const names = patternNames(match.pattern);
  const order = match.definitions.map((definition) => definition.name.text.toLowerCase());
  for (const [index, { name, condition }] of match.definitions.entries()) {
    if (match.pattern !== null && !names.has(name.text.toLowerCase()))
      found.report(catalogue.matchRule, name.span, `${name.text} does not occur in PATTERN.`);
    const later = new Set(order.slice(index + 1));
    walk(condition, (node) => {
      const start = node.kind === 'path' ? node.parts[0] : undefined;
      if (start !== undefined && later.has(start.text.toLowerCase()))
        found.report(
          catalogue.matchRule,
          start.span,
          `${start.text} is defined further down: a definition uses only the names above it.`,
        );
      return true;
    });
  }
}

function checkCalls(select: BoundSelect, found: Findings): void {
  for (const { node, form, place } of select.calls) {
    if (place !== 'measures' && place !== 'define') continue;
    const name = node.name.text;
    if (form === 'aggregate' || form === 'uda' || form === 'analytic') {
      found.report(catalogue.matchRule, node.span, `${name} is not possible here: use Min, Max, First or Last of one field.`);
    } else if (form === 'match') {
      const isClassifier = name.toLowerCase() === 'classifier';
      const [argument] = node.arguments;
      if (isClassifier && place === 'define')
        found.report(catalogue.matchRule, node.span, 'Classifier() stands only in MEASURES.');
      if (!isClassifier && argument !== undefined && argument.kind !== 'path')
        found.report(catalogue.matchRule, argument.span, `${name} takes one field, such as ${name}(A.value).`);
    }
  }
}
