/** Where an input reads from or an output writes to, out of its definition. Knows no project. */
import type { DataSource } from '../project/project.ts';
import { type Content, type ContentObject, isSecretName, shown, withSecrets } from '../secret.ts';
import type { JsonObject } from '../text/json-object.ts';
import { type SourceKind, sourceKind } from './data-sources.ts';

export function readDataSource(file: JsonObject, kinds: readonly SourceKind[]): DataSource | null {
  const named = file.text('DataSourceType') ?? kinds.find(({ block }) => file.object(block) !== null)?.named ?? null;
  if (named === null) return null;
  const kind = sourceKind(kinds, named);
  if (kind === null) {
    const known = kinds.map((each) => each.named).join(', ');
    file.tell('PRJ0003', 'warning', 'DataSourceType', `The value is ${shown(named, '')}, which is none of ${known}.`);
    return { kind, named, properties: {} };
  }
  const block = file.object(kind.block);
  if (block === null) {
    file.tell('PRJ0003', 'warning', kind.block, `The properties of ${kind.named} are missing.`);
    return { kind, named: kind.named, properties: {} };
  }
  tellKeys(block);
  return { kind, named: kind.named, properties: propertiesOf(block, kind.properties) };
}

/** By the keys asked for, however they are spelt, and after them whatever else stands there. */
export function propertiesOf(block: JsonObject, keys: readonly string[]): ContentObject {
  const properties: Record<string, Content> = {};
  const written = new Set<string>();
  for (const key of keys) {
    const value = block.any(key);
    const spelt = block.written(key);
    if (spelt === null) continue;
    written.add(spelt);
    properties[key] = withSecrets(value, key);
  }
  for (const key of block.keys) if (!written.has(key)) properties[key] = withSecrets(block.any(key), key);
  return properties;
}

/** A file with a key in it ends up where others can read it. */
export function tellKeys(block: JsonObject): void {
  for (const holder of [block, ...block.objects('StorageAccounts')])
    for (const key of holder.keys) {
      const value = holder.any(key);
      if (isSecretName(key) && typeof value === 'string' && value !== '')
        holder.tell(
          'PRJ0006',
          'warning',
          key,
          'A key stands in the file: write null, and let the job sign in by its identity (AuthenticationMode "Msi").',
        );
    }
}
