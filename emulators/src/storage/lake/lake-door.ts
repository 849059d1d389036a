// Which Data Lake operation a request means. What is not in the table is refused by name.
import { leaseEntry } from '../lease-request.ts';
import type { Operation } from '../operation.ts';
import { pathOf } from '../operation.ts';
import { readContent, readProperties } from '../read-content.ts';
import type { Reply } from '../reply.ts';
import { unsupported } from '../storage-error.ts';
import { getAccess, setAccess, setAccessRecursive } from './access.ts';
import { append, flush } from './append.ts';
import {
  createFilesystem,
  deleteFilesystem,
  filesystemProperties,
  listFilesystems,
  listPaths,
  setFilesystemProperties,
  writePropertyList,
} from './filesystem.ts';
import { createPath, deletePath, renamePath, setExpiry, setPathProperties } from './path.ts';

type Handler = (operation: Operation) => Reply | Promise<Reply>;

const onFilesystem: Record<string, Handler> = {
  PUT: createFilesystem,
  HEAD: filesystemProperties,
  PATCH: setFilesystemProperties,
  DELETE: deleteFilesystem,
  GET: listPaths,
};

const onAction: Record<string, Handler> = {
  'PATCH append': append,
  'PATCH flush': flush,
  'PATCH setproperties': setPathProperties,
  'PATCH setaccesscontrol': setAccess,
  'PATCH setaccesscontrolrecursive': setAccessRecursive,
  'HEAD getaccesscontrol': getAccess,
  'HEAD getstatus': getAccess,
};

const onPath: Record<string, Handler> = {
  PUT: (operation) => {
    if (operation.request.header('x-ms-rename-source') !== undefined) return renamePath(operation);
    return operation.request.query.get('comp') === 'expiry' ? setExpiry(operation) : createPath(operation);
  },
  GET: readContent,
  HEAD: pathProperties,
  DELETE: deletePath,
  POST: leaseEntry,
};

/** Answers a Data Lake request. */
export function answerLake(operation: Operation): Reply | Promise<Reply> {
  const { request, target } = operation;
  const action = request.query.get('action');
  const comp = request.query.get('comp');
  let handler: Handler | undefined;
  if (comp !== undefined && comp !== 'expiry') handler = undefined;
  else if (target.container === undefined) handler = request.method === 'GET' ? listFilesystems : undefined;
  else if (action !== undefined) handler = onAction[`${request.method} ${action.toLowerCase()}`];
  else handler = (target.path === undefined ? onFilesystem : onPath)[request.method];
  if (handler) return handler(operation);
  const what = target.container === undefined ? 'the account' : target.path === undefined ? 'a filesystem' : 'a path';
  const asked = [action && `action=${action}`, comp && `comp=${comp}`].filter(Boolean).join('&');
  throw unsupported(`${request.method}${asked ? ` with ${asked}` : ''} on ${what}`);
}

function pathProperties(operation: Operation): Reply {
  const entry = operation.store.get(...pathOf(operation));
  const reply = readProperties(operation);
  return { ...reply, headers: { ...reply.headers, 'x-ms-properties': writePropertyList(entry.metadata) } };
}
