/** UNION: branches with the same columns. Columns are compared only where both sides are wholly known. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import { isKnown, isNumeric } from '../types.ts';
import type { ScriptCheck } from './check.ts';

export const checkUnions: ScriptCheck = (model, found) => {
  for (const { node, left, right } of model.unions) {
    if (left.extent !== 'closed' || right.extent !== 'closed') continue;
    const at = node.right.span;
    if (left.columns.length !== right.columns.length) {
      found.report(catalogue.unionColumns, at, left.columns.length, right.columns.length);
      continue;
    }
    for (const [index, a] of left.columns.entries()) {
      const b = right.columns[index];
      if (b === undefined) continue;
      if (a.name.toLowerCase() !== b.name.toLowerCase()) found.report(catalogue.unionNames, at, a.name, b.name);
      const differ =
        isKnown(a.type) && isKnown(b.type) && a.type.name !== b.type.name && !(isNumeric(a.type) && isNumeric(b.type));
      if (differ) found.report(catalogue.unionTypes, at, a.name, a.type.name, b.type.name);
    }
  }
};
