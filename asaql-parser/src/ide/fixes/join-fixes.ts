/** Fixes of joins: their bound in time, their sides, their keys. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { conjuncts } from '../../semantics/expression-key.ts';
import type { BoundSource } from '../../semantics/model.ts';
import type { Expression, Join } from '../../syntax/nodes.ts';
import { nameText } from '../name-text.ts';
import { insertion } from '../text-edit.ts';
import { type Fix, type FixContext, type FixMaker, replacing } from './fix.ts';

interface Sides {
  readonly join: Join;
  readonly left: BoundSource;
  readonly right: BoundSource;
}

/** The join whose text a diagnostic lies in, outside of its condition. */
function sidesOf(context: FixContext): Sides | null {
  const { select } = context;
  const { start } = context.diagnostic.span;
  const joins = (select?.node.from?.joins ?? []).filter((candidate) => candidate.kind === 'join');
  const join = joins.find(({ span }) => span.start <= start && start <= span.end) ?? (joins.length === 1 ? joins[0] : undefined);
  const [left] = select?.sources ?? [];
  const right = select?.sources.find(({ node }) => node === join?.source);
  return join === undefined || left === undefined || right === undefined ? null : { join, left, right };
}

function boundText({ left, right }: Sides): string {
  return `DATEDIFF(minute, ${nameText(left.alias)}, ${nameText(right.alias)}) BETWEEN 0 AND 10`;
}

/** Edits that add a condition to ON. */
function withCondition(on: Expression, condition: string) {
  const isOr = conjuncts(on).length === 1 && on.kind === 'binary' && on.operator === 'or';
  const added = ` AND ${condition}`;
  return isOr ? [insertion(on.span.start, '('), insertion(on.span.end, `)${added}`)] : [insertion(on.span.end, added)];
}

function boundJoin(context: FixContext): readonly Fix[] {
  const sides = sidesOf(context);
  if (sides?.join.on == null) return [];
  return [{ title: 'Add a bound in time with DATEDIFF', edits: withCondition(sides.join.on, boundText(sides)), preferred: true }];
}

function addOn(context: FixContext): readonly Fix[] {
  const sides = sidesOf(context);
  if (sides === null) return [];
  const { end } = sides.join.span;
  const using = /^\s*USING\s*\(([\w\s,[\]]+)\)/i.exec(context.snapshot.text.slice(end));
  if (using !== null) {
    const [left, right] = [nameText(sides.left.alias), nameText(sides.right.alias)];
    const keys = (using[1] ?? '').split(',').map((key) => `${left}.${key.trim()} = ${right}.${key.trim()}`);
    const text = ` ON ${[...keys, boundText(sides)].join(' AND ')}`;
    return [
      {
        title: 'Write ON with a bound in time',
        edits: [{ span: { start: end, end: end + using[0].length }, text }],
        preferred: true,
      },
    ];
  }
  return [{ title: 'Add ON with a bound in time', edits: [insertion(sides.join.span.end, ` ON ${boundText(sides)}`)] }];
}

function starsOfJoin(context: FixContext): readonly Fix[] {
  const sources = (context.select?.sources ?? []).filter(({ alias, relation }) => alias !== '' && relation.kind !== 'apply');
  if (sources.length === 0) return [];
  const text = sources.map(({ alias }) => `${nameText(alias)}.*`).join(', ');
  return [replacing(context, text, `Write ${text}`)];
}

/** `a RIGHT JOIN b` is `b LEFT JOIN a`. */
function swapSides(context: FixContext): readonly Fix[] {
  const sides = sidesOf(context);
  if (sides === null || context.select?.node.from?.joins.length !== 1) return [];
  const { join, left, right } = sides;
  if (join.type !== 'right' && join.type !== 'inner') return [];
  const words = { start: join.span.start, end: join.source.span.start };
  const edits = [
    { span: left.node.span, text: context.textOf(right.node) },
    { span: right.node.span, text: context.textOf(left.node) },
  ];
  if (join.type === 'right') edits.push({ span: words, text: 'LEFT JOIN ' });
  return [{ title: join.type === 'right' ? 'Swap the inputs and use LEFT JOIN' : 'Swap the inputs', edits, preferred: true }];
}

function otherKind(context: FixContext): readonly Fix[] {
  const sides = sidesOf(context);
  if (sides?.join.type === 'right') return swapSides(context);
  if (sides?.join.type !== 'cross' || sides.join.on !== null) return [];
  const words = { start: sides.join.span.start, end: sides.join.source.span.start };
  const edits = [
    { span: words, text: context.found === ',' ? ' JOIN ' : 'JOIN ' },
    insertion(sides.join.span.end, ` ON ${boundText(sides)}`),
  ];
  return [{ title: 'Write JOIN … ON with a bound in time', edits, preferred: true }];
}

function partitionKeys(context: FixContext): readonly Fix[] {
  const equality = /must contain (.*)\.$/.exec(context.diagnostic.message)?.[1];
  const sides = sidesOf(context);
  if (sides?.join.on == null || equality === undefined) return [];
  return [{ title: `Add ${equality}`, edits: withCondition(sides.join.on, equality), preferred: true }];
}

/** By code. */
export const joinFixes: Readonly<Record<string, FixMaker>> = {
  [catalogue.unboundedJoin.code]: boundJoin,
  [catalogue.halfBoundedJoin.code]: boundJoin,
  [catalogue.joinUnbounded.code]: boundJoin,
  [catalogue.starInJoin.code]: starsOfJoin,
  [catalogue.joinWithoutOn.code]: addOn,
  [catalogue.joinKind.code]: otherKind,
  [catalogue.commaJoin.code]: otherKind,
  [catalogue.referenceLeft.code]: swapSides,
  [catalogue.partitionedJoin.code]: partitionKeys,
};
