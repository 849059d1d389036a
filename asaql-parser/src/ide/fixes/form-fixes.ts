/** Fixes of what the parser finds: quoting, words of other languages, clauses at the wrong place. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { timeUnitFromText, timeUnitSpellings } from '../../syntax/time-units.ts';
import { bracketed, nameText } from '../name-text.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { didYouMean, type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';

const bracket: FixMaker = (context) => [replacing(context, bracketed(context.found), `Write ${bracketed(context.found)}`)];

const closeWith =
  (close: string): FixMaker =>
  (context) => [{ title: `Add ${close} at the end`, edits: [insertion(context.diagnostic.span.end, close)], preferred: true }];

const operators: Readonly<Record<string, string>> = { '==': '=', '&&': 'AND', '||': '+' };

const remove =
  (title: string): FixMaker =>
  (context) => [{ title, edits: [withSpaceBefore(context, context.diagnostic.span)], preferred: true }];

/** Takes a span out together with the white space before it. */
export function withSpaceBefore(
  { snapshot }: FixContext,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  let from = start;
  while (from > 0 && /\s/.test(snapshot.text[from - 1] ?? '')) from--;
  return { span: { start: from, end }, text: '' };
}

function arrayElement(context: FixContext): readonly Fix[] {
  const node = context.around('error');
  const [path] = node?.parts ?? [];
  const index = /\d+/.exec(context.found)?.[0];
  if (node === null || path === undefined || index === undefined) return [];
  const text = `GetArrayElement(${context.textOf(path)}, ${index})`;
  return [{ title: `Write ${text}`, edits: [{ span: node.span, text }], preferred: true }];
}

function elseBranch(context: FixContext): readonly Fix[] {
  const node = context.around('case');
  if (node === null || !/\bEND$/i.test(context.textOf(node))) return [];
  return [{ title: 'Add ELSE NULL', edits: [insertion(node.span.end - 'END'.length, 'ELSE NULL ')], preferred: true }];
}

function intoOutOfStep(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const before = /INTO\s*$/i.exec(snapshot.text.slice(0, diagnostic.span.start));
  if (before === null) return [];
  const edit = withSpaceBefore(context, { start: before.index, end: diagnostic.span.end });
  return [{ title: 'Remove INTO', edits: [edit], preferred: true }];
}

function withinGroup(context: FixContext): readonly Fix[] {
  const written = /^WITHIN\s+GROUP/i.exec(context.snapshot.text.slice(context.diagnostic.span.start));
  if (written === null) return [];
  const { start } = context.diagnostic.span;
  return [{ title: 'Write OVER', edits: [{ span: { start, end: start + written[0].length }, text: 'OVER' }], preferred: true }];
}

function aliasBeforeTime(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic, found } = context;
  const source = context.around('source');
  const as = /AS\s*$/i.exec(snapshot.text.slice(0, diagnostic.span.start));
  if (source === null || as === null) return [];
  const edits = [
    insertion(source.name.span.end, ` AS ${found}`),
    withSpaceBefore(context, { start: as.index, end: diagnostic.span.end }),
  ];
  return [{ title: 'Put the alias right after the name', edits, preferred: true }];
}

function joinCondition(context: FixContext): readonly Fix[] {
  const { select } = context;
  const join = select?.node.from?.joins.find(({ span }) => span.start === context.diagnostic.span.start);
  const [left] = select?.sources ?? [];
  const right = join?.kind === 'join' ? select?.sources.find(({ node }) => node === join.source) : undefined;
  if (join === undefined || left === undefined || right === undefined) return [];
  const text = ` ON DATEDIFF(minute, ${nameText(left.alias)}, ${nameText(right.alias)}) BETWEEN 0 AND 10`;
  return [{ title: 'Add ON with a bound in time', edits: [insertion(join.span.end, text)] }];
}

/** A unit in quotes, or one that is misspelled. */
function timeUnit(context: FixContext): readonly Fix[] {
  const quoted = /^'(.*)'$/.exec(context.found)?.[1];
  const unit = quoted === undefined ? null : timeUnitFromText(quoted);
  if (unit !== null) return [replacing(context, unit, 'Remove the quotes')];
  return didYouMean(context, quoted ?? context.found, Object.keys(timeUnitSpellings));
}

/** By code. */
export const formFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.reservedWord.code]: bracket,
  [catalogue.reservedMember.code]: bracket,
  [catalogue.unterminatedString.code]: closeWith("'"),
  [catalogue.unterminatedComment.code]: closeWith(' */'),
  [catalogue.unterminatedName.code]: (context) => closeWith(context.found.startsWith('"') ? '"' : ']')(context),
  [catalogue.nationalString.code]: (context) => [replacing(context, context.found.slice(1), 'Remove N')],
  [catalogue.foreignOperator.code]: (context) => {
    const instead = operators[context.found];
    return instead === undefined ? [] : [replacing(context, instead, `Write ${instead}`)];
  },
  [catalogue.arrayIndex.code]: arrayElement,
  [catalogue.distinct.code]: remove('Remove DISTINCT'),
  [catalogue.orderBy.code]: remove('Remove ORDER BY'),
  [catalogue.withinGroup.code]: withinGroup,
  [catalogue.trailingComma.code]: (context) => [replacing(context, '', 'Remove the comma')],
  [catalogue.intoInStep.code]: intoOutOfStep,
  [catalogue.caseWithoutElse.code]: elseBranch,
  [catalogue.pluralUnit.code]: (context) => {
    const unit = timeUnitFromText(context.found);
    return unit === null ? [] : [replacing(context, unit, `Write ${unit}`)];
  },
  [catalogue.timeUnit.code]: timeUnit,
  [catalogue.sourceName.code]: bracket,
  [catalogue.unionAll.code]: remove('Remove ALL'),
  [catalogue.snapshotWindow.code]: (context) => [replacing(context, 'System.Timestamp()', 'Write System.Timestamp()')],
  [catalogue.stepReference.code]: (context) => [replacing(context, `SELECT * FROM ${context.found}`, 'Write SELECT * FROM')],
  [catalogue.aliasAfterTime.code]: aliasBeforeTime,
  [catalogue.joinWithoutOn.code]: joinCondition,
};
