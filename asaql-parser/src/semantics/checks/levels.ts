/** What means something else at an older compatibility level. Source: the article on compatibility levels. */
import { catalogue } from '../../diagnostics/catalogue.ts';
import type { ScriptCheck, SelectCheck } from './check.ts';

export const checkLevelTraps: SelectCheck = (select, found, model) => {
  const { compatibilityLevel: level } = model.declarations;
  if (level === '1.2') return;
  for (const cast of select.casts) {
    if (cast.type.typeName === 'bit')
      found.report(
        catalogue.levelTrap,
        cast.type.span,
        `The type bit exists from level 1.2; at ${level} booleans are bigint 1 and 0.`,
      );
  }
  for (const { node, columns } of select.items) {
    const [column] = columns;
    if (node.kind !== 'item' || node.alias === null || column === undefined) continue;
    const isMetadata = node.expression.kind === 'call' && node.expression.name.text.toLowerCase() === 'getmetadatapropertyvalue';
    if (column.name === column.name.toLowerCase()) continue;
    if (isMetadata || (level === '1.0' && select.step === null)) {
      const why = isMetadata
        ? `below level 1.2 aliases of metadata are written in lower case`
        : 'level 1.0 writes names in lower case';
      found.reportAs(
        isMetadata ? 'warning' : 'hint',
        catalogue.levelTrap,
        node.alias.span,
        `The output gets ${column.name.toLowerCase()}: ${why}.`,
      );
    }
  }
};

export const checkLevelTables: ScriptCheck = (model, found) => {
  const { compatibilityLevel: level } = model.declarations;
  if (level === '1.2') return;
  for (const statement of model.script.statements) {
    for (const { type } of statement.kind === 'createTable' ? statement.columns : []) {
      if (type.typeName === 'bit')
        found.report(catalogue.levelTrap, type.span, `The type bit exists from level 1.2; at ${level} write bigint.`);
    }
  }
};
