/** Ways to spoil the predicted resources of an environment. Each insists that there was something to spoil. */
import assert from 'node:assert/strict';

interface DraftResource {
  id: string;
  type: string;
  name: string;
  properties: Record<string, unknown>;
}

export interface Draft {
  predictedResources: DraftResource[];
  outputs: Record<string, unknown>;
}

type Change = (draft: Draft) => void;

/** By kind, and a part of the name or of the id. */
const is = (kind: string, part: string) => (resource: DraftResource) =>
  resource.type.endsWith(`/${kind}`) && (resource.name.includes(part) || resource.id.includes(part));

function first(draft: Draft, matches: (resource: DraftResource) => boolean): DraftResource {
  const found = draft.predictedResources.find(matches);
  assert.ok(found, 'there is nothing to change');
  return found;
}

/** Sets a property of the first resource of a kind; undefined takes it away. */
export function set(kind: string, name: string, path: string, value: unknown): Change {
  return (draft) => {
    const parts = path.split('.');
    const last = parts.pop() as string;
    let place: Record<string, unknown> = first(draft, is(kind, name)).properties;
    for (const part of parts) place = place[part] as Record<string, unknown>;
    assert.ok(value !== undefined || last in place, `${path} is not there`);
    if (value === undefined) delete place[last];
    else place[last] = value;
  };
}

/** Takes away every resource of a kind whose name contains `name`. */
export function removed(kind: string, name: string): Change {
  return (draft) => {
    first(draft, is(kind, name));
    draft.predictedResources = draft.predictedResources.filter((resource) => !is(kind, name)(resource));
  };
}

export function removedById(pattern: RegExp): Change {
  return (draft) => {
    first(draft, ({ id }) => pattern.test(id));
    draft.predictedResources = draft.predictedResources.filter(({ id }) => !pattern.test(id));
  };
}

export function renamed(kind: string, field: 'name' | 'type', from: string, to: string): Change {
  return (draft) => {
    const resource = first(draft, (candidate) => is(kind, '')(candidate) && candidate[field].includes(from));
    resource[field] = resource[field].replace(from, to);
  };
}

/** Changes the id, and so the scope, of the first resource whose id matches. */
export function edit(pattern: RegExp, change: (id: string) => string): Change {
  return (draft) => {
    const resource = first(draft, ({ id }) => pattern.test(id));
    const changed = change(resource.id);
    assert.notEqual(changed, resource.id);
    resource.id = changed;
  };
}
