/** What could be clearer or may surprise: names of columns, old forms, histories, hot sliding windows. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Name } from '../../syntax/nodes.ts';
import { keywordByText } from '../../syntax/token-types.ts';
import { hasDocumentedName } from '../output-name.ts';
import type { SelectCheck } from './check.ts';

export const checkColumnNames: SelectCheck = (select, found) => {
  if (select.node.from?.matchRecognize != null) return;
  const seen = new Set<string>();
  for (const { node, columns } of select.items) {
    const [column] = columns;
    if (node.kind !== 'item' || column === undefined || node.expression.kind === 'error') continue;
    if (node.alias === null && !hasDocumentedName(node.expression))
      found.report(catalogue.namelessColumn, node.span, column.name);
    const key = column.name.toLowerCase();
    if (seen.has(key)) found.report(catalogue.duplicateColumn, (node.alias ?? node).span, column.name);
    seen.add(key);
  }
};

/** Words of the language that are often meant as names. */
const namesOfTime = new Set(['timestamp', 'duration', 'next', 'to', 'row', 'after', 'pattern', 'match']);

export const checkKeywordNames: SelectCheck = (select, found) => {
  const names: readonly (Name | null)[] = [
    ...select.node.items.map((item) => (item.kind === 'item' ? item.alias : null)),
    ...select.sources.map(({ node }) => ('alias' in node ? node.alias : null)),
  ];
  for (const name of names) {
    if (name === null || name.quoting !== 'none') continue;
    const word = name.text.toLowerCase();
    if (keywordByText.has(word) && !namesOfTime.has(word)) found.report(catalogue.keywordAsName, name.span, name.text);
  }
};

export const checkOldForms: SelectCheck = (select, found, model) => {
  for (const { node, form } of select.calls) {
    const isTimestamp = form === 'system' && node.name.text.toLowerCase() === 'timestamp';
    if (isTimestamp && node.span.end === node.name.span.end) found.report(catalogue.timestampParens, node.span);
  }
  if (model.declarations.compatibilityLevel === '1.2') return;
  for (const expression of select.types.keys()) {
    if (expression.kind === 'member' && expression.object.kind === 'call' && expression.object.prefix === 'udf')
      found.report(catalogue.userFunctionMember, expression.span);
  }
};

export const checkHistories: SelectCheck = (select, found) => {
  const windowed = select.sources.some((source) => source.relation.windowed);
  for (const { node, form, place, spec } of select.calls) {
    if (form !== 'analytic') continue;
    if (windowed) found.report(catalogue.analyticOnWindow, node.name.span, node.name.text);
    const history = spec?.name === 'LAG' || spec?.name === 'LAST';
    if (history && place === 'select' && select.node.where !== null && node.over?.when === null)
      found.report(catalogue.analyticAndWhere, node.name.span, node.name.text);
  }
};
