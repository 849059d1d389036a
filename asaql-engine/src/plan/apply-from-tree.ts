/** CROSS and OUTER APPLY from the tree. Rules: https://learn.microsoft.com/stream-analytics-query/apply-azure-stream-analytics */
import type { Apply } from '@asaql/parser';
import { compileExpression } from '../expressions/from-tree.ts';
import type { Planner } from './from-tree.ts';
import type { ApplyNode } from './nodes.ts';
import { PlanError } from './plan-error.ts';
import { ListedRelation, slotOf } from './relation.ts';
import { carried, type Sources } from './select-from-tree.ts';
import { SourcesScope } from './sources-scope.ts';

export function applyFromTree(sources: Sources, apply: Apply, planner: Planner): Sources {
  const { call } = apply;
  const name = call.name.text.toLowerCase();
  const kind = name === 'getarrayelements' ? 'elements' : name === 'getrecordproperties' ? 'properties' : null;
  if (kind === null)
    throw new PlanError(`APPLY takes GetArrayElements or GetRecordProperties, not ${call.name.text}.`, call.span);
  const [argument] = call.arguments;
  if (argument === undefined || argument.kind === 'starArgument' || argument.kind === 'unit')
    throw new PlanError(`${call.name.text} needs a column.`, call.span);
  const context = planner.context(new SourcesScope(sources.named, planner.dictionary));
  const node = planner.add<ApplyNode>({
    kind: 'apply',
    source: sources.node,
    outer: apply.type === 'outer',
    function: kind,
    argument: compileExpression(argument, context),
    slots: [],
  });
  const slot = (wanted: ApplyNode['slots'][number]) => slotOf(node.slots, wanted, (known) => known === wanted);
  const names = kind === 'elements' ? ['ArrayIndex', 'ArrayValue'] : ['PropertyName', 'PropertyValue'];
  const relation = new ListedRelation(
    node,
    names.map((column, index) => ({ name: column, slot: () => slot(index === 0 ? 'index' : 'value') })),
    () => slot('record'),
  );
  const through = carried(sources, node, (inner) => slot(inner), planner);
  return { node, named: [...through.named, { name: apply.alias?.text ?? '', hiddenName: null, relation, timestamp: null }] };
}
