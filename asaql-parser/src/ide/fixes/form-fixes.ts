/** Fixes of what the parser finds: quoting, words of other languages, clauses at the wrong place. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { timeUnitFromText, timeUnitSpellings } from '../../syntax/time-units.ts';
import { bracketed } from '../name-text.ts';
import { nodePath } from '../node-path.ts';
import { insertion } from '../text-edit.ts';
import { didYouMean, type Fix, type FixContext, type FixMaker, replacing, withSpaceBefore } from './fix.ts';

const bracket: FixMaker = (context) => [replacing(context, bracketed(context.found), `Write ${bracketed(context.found)}`)];

const closeWith =
  (close: string): FixMaker =>
  (context) => [{ title: `Add ${close} at the end`, edits: [insertion(context.diagnostic.span.end, close)], preferred: true }];

const operators: Readonly<Record<string, string>> = { '==': '=', '&&': 'AND' };

/** `a = 1 || b = 2` is read as a comparison of a comparison: OR is meant there, and + between texts. */
function operatorInstead(context: FixContext): readonly Fix[] {
  const path = nodePath(context.snapshot.parsed.script, context.diagnostic.span.start);
  const comparisons = path.filter((node) => node.kind === 'binary' && /^[=<>]/.test(node.operator)).length;
  const instead = context.found === '||' ? (comparisons > 1 ? 'OR' : '+') : operators[context.found];
  return instead === undefined ? [] : [replacing(context, instead, `Write ${instead}`)];
}

const remove =
  (title: string): FixMaker =>
  (context) => [{ title, edits: [withSpaceBefore(context, context.diagnostic.span)], preferred: true }];

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

/** A unit in quotes, or one that is misspelled. */
function timeUnit(context: FixContext): readonly Fix[] {
  const quoted = /^'(.*)'$/.exec(context.found)?.[1];
  const unit = quoted === undefined ? null : timeUnitFromText(quoted);
  if (unit !== null) return [replacing(context, unit, 'Remove the quotes')];
  const [first, second, ...others] = context.around('call')?.arguments ?? [];
  const swapped = first?.kind === 'number' && second?.kind === 'path' && others.length === 0;
  if (swapped && timeUnitFromText(context.textOf(second)) !== null) {
    const edits = [
      { span: first.span, text: context.textOf(second) },
      { span: second.span, text: context.textOf(first) },
    ];
    return [{ title: 'Swap unit and number', edits, preferred: true }];
  }
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
  [catalogue.foreignOperator.code]: operatorInstead,
  [catalogue.arrayIndex.code]: arrayElement,
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
};
