/** What a deployment would change, as lines that a person can read. Pure. */
import type { WhatIfChange, WhatIfPropertyChange } from '@azure/arm-resourcesdeployments';

const signs: Readonly<Record<string, string>> = {
  Create: '+',
  Delete: '-',
  Modify: '~',
  Deploy: '!',
  Unsupported: '?',
  Array: '~',
};
/** What the service fills in by itself: no change that anybody made. */
const noise = /(^|\.)(provisioningState|etag|resourceGuid|createdAt|updatedAt)$/i;

/** One line a resource, and one a property that changes. */
export function whatIfText(changes: readonly WhatIfChange[]): string {
  if (changes.length === 0) return 'Nothing would change.';
  const lines = [...changes]
    .sort((a, b) => (a.resourceId ?? '').localeCompare(b.resourceId ?? ''))
    .flatMap((change) => [
      `${signs[change.changeType] ?? '?'} ${nameOf(change.resourceId ?? '')}${change.changeType === 'Unsupported' ? `: ${change.unsupportedReason ?? 'it cannot be predicted'}` : ''}`,
      ...(change.delta ?? []).flatMap((property) => propertyLines(property, '')),
    ]);
  return [...lines, '', summary(changes)].join('\n');
}

function propertyLines({ path, propertyChangeType, before, after, children }: WhatIfPropertyChange, prefix: string): string[] {
  const full = prefix === '' ? path : `${prefix}.${path}`;
  if (propertyChangeType === 'NoEffect' || noise.test(full)) return [];
  if (children !== undefined && children.length > 0) return children.flatMap((child) => propertyLines(child, full));
  const values =
    propertyChangeType === 'Create'
      ? shown(after)
      : propertyChangeType === 'Delete'
        ? shown(before)
        : `${shown(before)} → ${shown(after)}`;
  return [`    ${signs[propertyChangeType] ?? '~'} ${full}: ${values}`];
}

function summary(changes: readonly WhatIfChange[]): string {
  const words = { Create: 'new', Modify: 'changed', Delete: 'deleted', Deploy: 'deployed anew', Unsupported: 'not predictable' };
  return `${Object.entries(words)
    .map(([type, word]) => [changes.filter(({ changeType }) => changeType === type).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')}.`;
}

/** `Microsoft.EventHub/namespaces/eventhubs evhns/netflix-events`, without the ways to it. */
function nameOf(id: string): string {
  const [, type = '', rest = ''] =
    /\/providers\/([^/]+)\/((?:[^/]+\/[^/]+\/?)+)$/i.exec(id.slice(id.toLowerCase().lastIndexOf('/providers/'))) ?? [];
  if (type === '') return id.replace(/^\/subscriptions\/[^/]+\//i, '');
  const parts = rest.split('/');
  const kinds = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return `${type}/${kinds.join('/')} ${names.join('/')}`;
}

/** Secrets come masked by the service; long values are cut. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
}
