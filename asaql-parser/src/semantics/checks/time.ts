/** TIMESTAMP BY and its OVER, and times that are not used. Source: the page on TIMESTAMP BY. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { Path } from '../../syntax/nodes.ts';
import type { BoundSelect, Relation } from '../model.ts';
import type { ScriptCheck, SelectCheck } from './check.ts';

export const checkTimestampBy: SelectCheck = (select, found) => {
  for (const source of select.sources) {
    if (source.node.kind !== 'source' || source.node.timestampBy === null) continue;
    if (source.relation.kind === 'step')
      found.report(catalogue.timestampOfStep, source.node.timestampBy.span, source.relation.name);
  }
  for (const call of select.calls) {
    if (call.place === 'timestampBy' && call.form === 'system') found.report(catalogue.timestampSystem, call.node.span);
  }
  for (const { node, place, resolution } of select.paths) {
    if (place === 'timestampBy' && resolution.kind === 'column' && resolution.source.relation.kind === 'apply') {
      found.report(catalogue.timestampApply, node.span, found.textOf(node));
    }
  }
};

const timeLike =
  /^(?:(?:event|created|entry|exit|reading|measurement|enqueued|sent)_?)?(?:time|timestamp|datetime|date|at)(?:_?utc)?$/i;

/** The column of an input that looks like the time of its events. */
export function timeColumnOf(relation: Relation): string | null {
  return relation.columns.find((candidate) => timeLike.test(candidate.name))?.name ?? null;
}

/** An input whose samples have a time that no use of it names. */
export const checkMissingTimestamp: ScriptCheck = (model, found) => {
  for (const use of model.inputUses) {
    const { relation, node, select } = use;
    if (relation.stream !== 'stream' || relation.columns.length === 0 || node.timestampBy !== null) continue;
    const column = timeColumnOf(relation);
    const timed =
      select !== null && (select.groupBy !== null || select.from?.joins.some((join) => join.kind === 'join') === true);
    if (column !== null && timed) found.report(catalogue.missingTimestamp, node.span, use.name, column);
  }
};

export const checkMetadata: SelectCheck = (select, found) => {
  for (const { node, spec } of select.calls) {
    if (spec?.name !== 'GetMetadataPropertyValue') continue;
    const [input] = node.arguments;
    if (input?.kind !== 'path' || !isInput(input, select)) found.report(catalogue.metadataInput, input?.span ?? node.span);
    const star = select.node.items.find((item) => item.kind === 'star' && item.qualifier === null);
    if (star !== undefined) found.report(catalogue.metadataStar, star.span);
  }
};

/** Whether a path is the alias of an input or, tolerated, its own name beside an alias. */
function isInput(path: Path, select: BoundSelect): boolean {
  const name = path.parts.length === 1 ? path.parts[0]?.text.toLowerCase() : undefined;
  return select.sources.some(({ alias, node, relation }) => {
    if (node.kind !== 'source' || relation.kind !== 'input') return false;
    return name === alias.toLowerCase() || name === node.name.text.toLowerCase();
  });
}
