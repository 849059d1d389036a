/** Fixes of what runs but may not do what is meant. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { timeColumnOf } from '../../semantics/checks/time.ts';
import { bare } from '../../semantics/expression-key.ts';
import { bracketed, nameText } from '../name-text.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';

function singleQuotes(context: FixContext): readonly Fix[] {
  const name = context.exactly('name');
  if (name === null) return [];
  const text = `'${name.text.replaceAll("'", "''")}'`;
  return [
    replacing(context, text, `Write ${text}`),
    replacing(context, bracketed(name.text), `Write ${bracketed(name.text)}`, false),
  ];
}

function isNull(context: FixContext): readonly Fix[] {
  const node = context.around('binary');
  if (node === null) return [];
  const operand = bare(node.left).kind === 'null' ? node.right : node.left;
  const text = `${context.textOf(operand)} IS ${node.operator === '<>' ? 'NOT ' : ''}NULL`;
  return [replacing(context, text, `Write ${text}`)];
}

function floatDivision(context: FixContext): readonly Fix[] {
  const node = context.exactly('binary');
  if (node === null) return [];
  const edit = { span: node.left.span, text: `CAST(${context.textOf(node.left)} AS float)` };
  return [{ title: 'Divide as float', edits: [edit], preferred: true }];
}

/** Takes a step out with the comma beside it, or the whole WITH if it is the only one. */
function removeStep(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const step = context.around('step');
  const query = context.around('query');
  if (step === null || query === null) return [];
  const index = query.steps.indexOf(step);
  const next = query.steps[index + 1];
  const before = query.steps[index - 1];
  let span = { start: query.span.start, end: query.selects[0]?.span.start ?? query.span.end };
  if (next !== undefined) span = { start: step.span.start, end: next.span.start };
  else if (before !== undefined) span = { start: before.span.end, end: step.span.end };
  const name = snapshot.text.slice(diagnostic.span.start, diagnostic.span.end);
  return [{ title: `Remove the step ${name}`, edits: [{ span, text: '' }] }];
}

function addInto(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const select = snapshot.model.selects.find(({ node }) => node.span.start === diagnostic.span.start);
  const items = select?.node.items.at(-1);
  if (select === undefined || items === undefined) return [];
  return (snapshot.declarations.outputs ?? []).slice(0, 5).map(({ name }, index) => ({
    title: `Write into ${name}`,
    edits: [insertion(items.span.end, ` INTO ${nameText(name)}`)],
    preferred: index === 0,
  }));
}

function swapHop(context: FixContext): readonly Fix[] {
  const window = context.exactly('window');
  if (window?.size == null || window.hop === null) return [];
  const amount = (span: { start: number; end: number }): { start: number; end: number } | null => {
    const text = context.textOf({ span });
    const found = /(\d+)\s*\)?$/.exec(text);
    return found === null ? null : { start: span.start + found.index, end: span.start + found.index + (found[1] ?? '').length };
  };
  const size = amount(window.size.span);
  const hop = amount(window.hop.span);
  if (size === null || hop === null || window.size.unit !== window.hop.unit) return [];
  const edits: readonly TextEdit[] = [
    { span: size, text: context.textOf({ span: hop }) },
    { span: hop, text: context.textOf({ span: size }) },
  ];
  return [{ title: 'Swap size and hop', edits, preferred: true }];
}

function whereInstead(context: FixContext): readonly Fix[] {
  const select = context.select?.node;
  const word = /HAVING\s*$/i.exec(context.snapshot.text.slice(0, context.diagnostic.span.start));
  if (select === undefined || select.where !== null || word === null) return [];
  const span = { start: word.index, end: word.index + 'HAVING'.length };
  return [{ title: 'Write WHERE', edits: [{ span, text: 'WHERE' }], preferred: true }];
}

function addAlias(context: FixContext): readonly Fix[] {
  const item = context.exactly('item');
  const columns = context.select?.items.find(({ node }) => node === item)?.columns;
  const name = columns?.[0]?.name;
  if (item === null || name === undefined) return [];
  return [{ title: `Add AS ${nameText(name)}`, edits: [insertion(item.span.end, ` AS ${nameText(name)}`)], preferred: true }];
}

const asNumber: FixMaker = (context) => [replacing(context, `TRY_CAST(${context.found} AS float)`, 'Convert with TRY_CAST')];

function castTime(context: FixContext): readonly Fix[] {
  const node = context.exactly('binary');
  const types = context.select?.types;
  if (node === null || types === undefined) return [];
  const text = types.get(node.left)?.name === 'nvarchar(max)' ? node.left : node.right;
  return [
    {
      title: 'Convert the text to datetime',
      edits: [{ span: text.span, text: `CAST(${context.textOf(text)} AS datetime)` }],
      preferred: true,
    },
  ];
}

function timestampBy(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const use = snapshot.model.inputUses.find(({ node }) => node.span.start === diagnostic.span.start);
  const column = use === undefined ? null : timeColumnOf(use.relation);
  if (use === undefined || column === null) return [];
  const text = ` TIMESTAMP BY ${nameText(column)}`;
  return [{ title: `Add${text}`, edits: [insertion((use.node.alias ?? use.node.name).span.end, text)], preferred: true }];
}

function sessionOfKeys(context: FixContext): readonly Fix[] {
  const items = context.select?.node.groupBy?.items ?? [];
  const keys = items.filter(({ kind }) => kind === 'path').map((item) => context.textOf(item));
  if (keys.length === 0) return [];
  const text = ` OVER (PARTITION BY ${keys.join(', ')})`;
  return [{ title: `Add${text}`, edits: [insertion(context.diagnostic.span.end, text)] }];
}

/** The condition of WHERE in the history too. */
function conditionInHistory(context: FixContext): readonly Fix[] {
  const { select } = context;
  const over = select?.calls.find(({ node }) => node.name.span.start === context.diagnostic.span.start)?.node.over;
  const where = select?.node.where;
  if (over == null || where == null) return [];
  // A condition that looks back itself cannot stand in WHEN of what looks back.
  if (select?.calls.some(({ place, form }) => place === 'where' && form === 'analytic')) return [];
  const text = ` WHEN ${context.textOf(where)}`;
  return [{ title: `Add${text} to OVER`, edits: [insertion(over.span.end - 1, text)] }];
}

/** Takes a code out of its comment, and the comment too if it names no other. */
function removeSwitch(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic } = context;
  const comment = snapshot.parsed.tokens.find(
    ({ span }) => span.start <= diagnostic.span.start && diagnostic.span.end <= span.end,
  );
  if (comment === undefined) return [];
  const alone = (comment.text.match(/\bASA(?!QL)\w*/gi) ?? []).length === 1;
  const before = /[\s,]*$/.exec(snapshot.text.slice(0, diagnostic.span.start))?.[0].length ?? 0;
  const first = /asaql-disable(?:-next-line)?\s*$/.test(snapshot.text.slice(comment.span.start, diagnostic.span.start));
  const after = /^[\s,]*/.exec(snapshot.text.slice(diagnostic.span.end, comment.span.end))?.[0].length ?? 0;
  const span = alone
    ? comment.span
    : { start: diagnostic.span.start - (first ? 0 : before), end: diagnostic.span.end + (first ? after : 0) };
  return [{ title: 'Remove it from the comment', edits: [{ span, text: '' }], preferred: true }];
}

/** By code. */
export const adviceFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.quotedText.code]: singleQuotes,
  [catalogue.compareNull.code]: isNull,
  [catalogue.integerDivision.code]: floatDivision,
  [catalogue.unusedStep.code]: removeStep,
  [catalogue.implicitOutput.code]: addInto,
  [catalogue.severalImplicit.code]: addInto,
  [catalogue.hopTooLong.code]: swapHop,
  [catalogue.havingWithoutGroup.code]: whereInstead,
  [catalogue.timestampParens.code]: (context) => [
    { title: 'Add ()', edits: [insertion(context.diagnostic.span.end, '()')], preferred: true },
  ],
  [catalogue.namelessColumn.code]: addAlias,
  [catalogue.castPayload.code]: (context) => [
    { title: 'Write TRY_CAST', edits: [insertion(context.diagnostic.span.start, 'TRY_')], preferred: true },
  ],
  [catalogue.textAsNumber.code]: asNumber,
  [catalogue.compareTimeText.code]: castTime,
  [catalogue.missingTimestamp.code]: timestampBy,
  [catalogue.sessionPartition.code]: sessionOfKeys,
  [catalogue.divisor.code]: (context) => [replacing(context, `NULLIF(${context.found}, 0)`, 'Divide by NULLIF(…, 0)')],
  [catalogue.analyticAndWhere.code]: conditionInHistory,
  [catalogue.unusedSwitch.code]: removeSwitch,
  [catalogue.wrongSwitch.code]: (context) => (/^ASA/i.test(context.found) ? removeSwitch(context) : []),
};
