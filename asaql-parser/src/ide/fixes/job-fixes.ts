/** Fixes of what the job around a query asks for. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { bracketed, nameText } from '../name-text.ts';
import { insertion, type TextEdit } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';

/** Edits that add a condition to WHERE. */
function withWhere(context: FixContext, condition: string): readonly TextEdit[] {
  const node = context.select?.node;
  if (node?.from == null) return [];
  if (node.where === null) return [insertion(node.from.span.end, ` WHERE ${condition}`)];
  const { where } = node;
  if (where.kind !== 'binary' || where.operator !== 'or') return [insertion(where.span.end, ` AND ${condition}`)];
  return [insertion(where.span.start, '('), insertion(where.span.end, `) AND ${condition}`)];
}

/** A condition with the AND beside it goes from ON to WHERE. */
function toWhere(context: FixContext): readonly Fix[] {
  const { snapshot, diagnostic, found } = context;
  const before = /\bAND\s*$/i.exec(snapshot.text.slice(0, diagnostic.span.start));
  const after = /^\s*AND\s+/i.exec(snapshot.text.slice(diagnostic.span.end));
  const edits = withWhere(context, /\bOR\b/i.test(found) ? `(${found})` : found);
  if (edits.length === 0 || (before === null && after === null)) return [];
  const start = before === null ? diagnostic.span.start : snapshot.text.slice(0, before.index).trimEnd().length;
  const end = before === null ? diagnostic.span.end + (after?.[0].length ?? 0) : diagnostic.span.end;
  return [{ title: 'Move the condition to WHERE', edits: [{ span: { start, end }, text: '' }, ...edits], preferred: true }];
}

const guarded: FixMaker = (context) => {
  const edits = withWhere(context, `${context.found} IS NOT NULL`);
  return edits.length === 0 ? [] : [{ title: `Add ${context.found} IS NOT NULL to WHERE`, edits, preferred: true }];
};

/** OVER with the keys that another input has. */
function sameSubstreams(context: FixContext): readonly Fix[] {
  const clause = context.around('timestampBy');
  const other = context.snapshot.model.inputUses.find(({ node }) => (node.timestampBy?.over.length ?? 0) > 0)?.node.timestampBy;
  if (clause === null || other == null || clause.over.length > 0) return [];
  const text = ` OVER ${other.over.map((key) => context.textOf(key)).join(', ')}`;
  return [{ title: `Add${text}`, edits: [insertion(clause.span.end, text)], preferred: true }];
}

/** The partition key among the keys of OVER, and PARTITION BY where it is missing. */
function partitionOfSubstreams(context: FixContext): readonly Fix[] {
  const clause = context.around('timestampBy');
  const source = context.around('source');
  if (clause === null || source === null) return [];
  const missing = /the partition key (.*) must be/.exec(context.diagnostic.message)?.[1];
  const key = missing ?? 'PartitionId';
  const names = clause.over.map((part) => context.textOf(part).toLowerCase());
  const over = names.includes(key.toLowerCase()) ? '' : `, ${key}`;
  const partition = source.partitionBy === null ? ` PARTITION BY ${key}` : '';
  return [
    { title: 'Make the partition key a key of OVER', edits: [insertion(clause.span.end, over + partition)], preferred: true },
  ];
}

/** The columns that are known in the place of the star. */
function columnsInstead(context: FixContext): readonly Fix[] {
  const [source, ...others] = context.select?.sources ?? [];
  if (source === undefined || others.length > 0 || source.relation.columns.length === 0) return [];
  const text = source.relation.columns.map(({ name }) => nameText(name)).join(', ');
  return [replacing(context, text, 'Name the columns')];
}

/** By code. */
export const jobFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.referencePredicate.code]: toWhere,
  [catalogue.unguardedModel.code]: guarded,
  [catalogue.compareNumberText.code]: (context) => [
    replacing(context, `TRY_CAST(${context.found} AS float)`, 'Convert with TRY_CAST(… AS float)'),
  ],
  [catalogue.levelTrap.code]: (context) =>
    /^bit$/i.test(context.found) ? [replacing(context, 'bigint', 'Change to bigint')] : [],
  [catalogue.starIntoTable.code]: columnsInstead,
  [catalogue.keywordAsName.code]: (context) => [
    replacing(context, bracketed(context.found), `Write ${bracketed(context.found)}`),
  ],
  [catalogue.timestampOverAll.code]: sameSubstreams,
  [catalogue.substreamPartition.code]: partitionOfSubstreams,
};
