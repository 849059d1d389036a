/** OVER (…): functions that need it, and the parts that each may have. Also rules of LAG, TopOne and their like. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { BoundCall, BoundSelect } from '../model.ts';
import { isNumeric } from '../types.ts';
import type { Findings, SelectCheck } from './check.ts';

export const checkOver: SelectCheck = (select, found) => {
  for (const call of select.calls) {
    if (call.form === 'match' || call.form === 'window') continue;
    checkParts(call, found);
    if (call.spec?.name === 'LAG' || call.spec?.name === 'LAST') checkHistory(call, found);
    checkNesting(call, found);
    if (call.spec?.over?.orderBy === 'required') checkOrder(call, select, found);
  }
};

function checkParts({ node, spec, form }: BoundCall, found: Findings): void {
  const { over } = node;
  const rules = spec?.over ?? null;
  if (spec === null && form !== 'udf' && form !== 'uda') return;
  const signature = spec?.signatures.at(-1) ?? `${node.name.text}(…)`;
  const name = spec?.name ?? `${form}.${node.name.text}`;
  if (over === null) {
    if (rules?.required === true) found.report(catalogue.overMissing, node.span, name, signature);
    return;
  }
  if (rules === null) {
    found.report(catalogue.overPart, over.span, name, 'OVER is not possible here', signature);
    return;
  }
  if (node.distinct) {
    found.report(catalogue.overDistinct, node.span);
    return;
  }
  const problems: string[] = [];
  const problem = (text: string): void => void problems.push(text);
  if (!rules.partitionBy && over.partitionBy.length > 0) problem('PARTITION BY is not possible here');
  if (rules.orderBy === 'none' && over.orderBy.length > 0) problem('ORDER BY is not possible here');
  if (rules.orderBy === 'required' && over.orderBy.length === 0) problem('ORDER BY is missing');
  if (rules.limit === 'none' && over.limit !== null) problem('LIMIT DURATION is not possible here');
  if (rules.limit === 'required' && over.limit === null) problem('LIMIT DURATION is missing');
  if (!rules.when && over.when !== null) problem('WHEN is not possible here');
  const isPercentile = rules.orderBy === 'required' && rules.limit === 'none';
  if (isPercentile && over.orderBy.length > 1) problem('ORDER BY takes one expression');
  const aggregateForm = rules.orderBy === 'required' && over.limit === null;
  if (aggregateForm && !isPercentile && (over.partitionBy.length > 0 || over.when !== null))
    problem('PARTITION BY and WHEN need LIMIT DURATION');
  if (problems.length > 0) found.report(catalogue.overPart, over.span, name, problems.join(' and '), signature);
}

function checkHistory({ node, spec, argumentTypes }: BoundCall, found: Findings): void {
  const [, second, third] = node.arguments;
  const isLag = spec?.name === 'LAG';
  if (isLag && second !== undefined) {
    const good = second.kind === 'number' ? second.numeric === 'bigint' && Number(second.text) >= 1 : second.kind === 'path';
    if (!good && second.kind !== 'error') found.report(catalogue.lagOffset, second.span);
  }
  const substitute = isLag ? third : second;
  const type = argumentTypes[0];
  const given = argumentTypes[isLag ? 2 : 1];
  if (substitute === undefined || type == null || given == null) return;
  const certain = type.name !== 'any' && type.name !== 'null' && given.name !== 'any' && given.name !== 'null';
  // The page wants exactly the same type; a whole number beside floats is let through, for it converts without loss.
  const bothNumbers = isNumeric(type) && isNumeric(given);
  if (certain && type.name !== given.name && !bothNumbers)
    found.report(catalogue.lagDefault, substitute.span, type.name, given.name);
}

function checkNesting({ node, form, within }: BoundCall, found: Findings): void {
  if (within === null) return;
  let outer: BoundCall | null = within;
  while (outer !== null && outer.form !== 'analytic') outer = outer.within;
  if (outer === null || !insideArguments(node.span.start, outer)) return;
  if (form === 'analytic' || form === 'udf' || form === 'uda')
    found.report(catalogue.nestedAnalytic, node.span, nameOf(node), outer.node.name.text);
}

/** WHEN and PARTITION BY of the outer function may hold what its arguments may not. */
function insideArguments(offset: number, outer: BoundCall): boolean {
  return outer.node.over === null || offset < outer.node.over.span.start;
}

function nameOf(node: BoundCall['node']): string {
  return node.prefix === null ? node.name.text : `${node.prefix}.${node.name.text}`;
}

function checkOrder({ node, spec }: BoundCall, select: BoundSelect, found: Findings): void {
  for (const item of node.over?.orderBy ?? []) {
    const type = select.types.get(item.expression);
    // A text of the query itself or of a conversion is surely one; a field whose type nobody knows may be anything.
    if (type?.name === 'nvarchar(max)') found.report(catalogue.orderByText, item.span, spec?.name ?? node.name.text);
  }
}
