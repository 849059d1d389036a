// Data Lake requests about access control lists, on one path or on all below it.
import {
  type Access,
  defaultAccess,
  modifiedAcl,
  permissionsOf,
  reducedAcl,
  replacedAcl,
  withPermissions,
} from '../access-control.ts';
import { pageSize } from '../blob/account.ts';
import { readMarker, writeMarker } from '../blob/list-blobs.ts';
import { assertReadable, conditionsFrom } from '../conditions.ts';
import { existing, type Operation, pathOf, versionHeaders } from '../operation.ts';
import { jsonReply, type Reply } from '../reply.ts';
import { invalidHeader, invalidQuery } from '../storage-error.ts';

/** Path - Get Properties with action getAccessControl or getStatus. An empty path is the filesystem's root directory. */
export function getAccess(operation: Operation): Reply {
  const { request, store, target } = operation;
  const container = store.container(target.container ?? '');
  const entry = target.path === undefined ? undefined : store.get(...pathOf(operation));
  const there = entry ?? container;
  assertReadable(conditionsFrom(request.header), there);
  const access = entry?.access ?? container.access ?? defaultAccess('directory');
  const headers = {
    ...versionHeaders(there),
    'x-ms-owner': access.owner,
    'x-ms-group': access.group,
    'x-ms-permissions': permissionsOf(access),
    'x-ms-resource-type': entry?.kind ?? 'directory',
  };
  return {
    status: 200,
    headers: request.query.get('action') === 'getStatus' ? headers : { ...headers, 'x-ms-acl': access.acl.join(',') },
  };
}

/** Path - Update with action setAccessControl. */
export function setAccess(operation: Operation): Reply {
  const { request, store, target } = operation;
  const container = store.container(target.container ?? '');
  const acl = request.header('x-ms-acl');
  const permissions = request.header('x-ms-permissions');
  const owner = request.header('x-ms-owner');
  const group = request.header('x-ms-group');
  if (acl !== undefined && permissions !== undefined)
    throw invalidHeader('x-ms-permissions', permissions, 'it cannot be given together with x-ms-acl');
  const changed = (access: Access): Access => ({
    owner: owner ?? access.owner,
    group: group ?? access.group,
    acl: acl !== undefined ? replacedAcl(acl) : permissions !== undefined ? withPermissions(access.acl, permissions) : access.acl,
  });
  if (target.path === undefined) {
    const access = changed(container.access ?? defaultAccess('directory'));
    return { status: 200, headers: versionHeaders(store.updateContainer(container, { access })) };
  }
  const entry = existing(operation);
  return { status: 200, headers: versionHeaders(store.update(entry, { access: changed(entry.access) })) };
}

/** Path - Update with action setAccessControlRecursive: set, modify or remove entries on a path and all below it, page by page. */
export function setAccessRecursive(operation: Operation): Reply {
  const { request, store, target } = operation;
  const container = store.container(target.container ?? '').name;
  const change = aclChange(operation);
  const limit = Math.min(pageSize(request.query.get('maxrecords'), 'maxRecords'), 2000);
  const counts = { directoriesSuccessful: 0, filesSuccessful: 0, failureCount: 0, failedEntries: [] };
  let last = readMarker(request.query.get('continuation'));
  let next: string | undefined;
  for (const path of pathsFrom(operation, last)) {
    if (counts.directoriesSuccessful + counts.filesSuccessful === limit) {
      next = writeMarker(last);
      break;
    }
    const entry = store.find(container, path.path);
    if (entry) {
      store.update(entry, { access: { ...entry.access, acl: change(entry.access.acl, entry.kind) } }, false);
      counts[entry.kind === 'file' ? 'filesSuccessful' : 'directoriesSuccessful'] += 1;
    }
    last = path.key;
  }
  return jsonReply({ 'x-ms-continuation': next, 'x-ms-namespace-enabled': 'true' }, counts);
}

function* pathsFrom(operation: Operation, after: string): Generator<{ path: string; key: string }> {
  const { store, target } = operation;
  const container = target.container ?? '';
  const path = target.path ?? '';
  if (path !== '') {
    const key = store.get(container, path).kind === 'directory' ? `${path}/` : path;
    if (key > after) yield { path, key };
    if (key === path) return;
  }
  yield* store.folder.walk(container, { prefix: path === '' ? '' : `${path}/`, after, deep: true });
}

function aclChange(operation: Operation): (acl: readonly string[], kind: 'file' | 'directory') => string[] {
  const text = operation.request.header('x-ms-acl');
  if (text === undefined) throw invalidHeader('x-ms-acl', undefined, 'a list of access control entries');
  // Files have no default entries.
  const fit = (acl: string[], kind: 'file' | 'directory') =>
    kind === 'file' ? acl.filter((entry) => !entry.startsWith('default:')) : acl;
  const mode = operation.request.query.get('mode');
  switch (mode) {
    case 'set': {
      const acl = replacedAcl(text);
      return (_, kind) => fit(acl, kind);
    }
    case 'modify':
      return (acl, kind) => fit(modifiedAcl(acl, text), kind);
    case 'remove':
      return (acl, kind) => fit(reducedAcl(acl, text), kind);
    default:
      throw invalidQuery('mode', mode, 'set, modify or remove is needed');
  }
}
