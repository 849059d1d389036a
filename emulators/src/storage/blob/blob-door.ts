// Which Blob operation a request means. What is not in the table is refused by name.
import { leaseContainer, leaseEntry } from '../lease-request.ts';
import type { Operation } from '../operation.ts';
import { readContent, readProperties } from '../read-content.ts';
import type { Reply } from '../reply.ts';
import { StorageError, unsupported } from '../storage-error.ts';
import { accountInformation, listContainers, serviceProperties } from './account.ts';
import { getBlockList, putBlock, putBlockFromUrl, putBlockList } from './blocks.ts';
import {
  containerPolicies,
  containerProperties,
  createContainer,
  deleteContainer,
  setContainerMetadata,
  setContainerPolicies,
} from './container.ts';
import { listBlobs } from './list-blobs.ts';
import { appendBlock, copyBlob, deleteBlob, putBlob, sealBlob, setMetadata, setProperties, setTier } from './put-blob.ts';

type Answer = Reply | Promise<Reply>;
type Handler = (operation: Operation) => Answer;

const onAccount: Record<string, Handler> = {
  'GET list': listContainers,
  'GET properties': (operation) =>
    operation.request.query.get('restype') === 'account' ? accountInformation() : serviceProperties(),
  'HEAD properties': accountInformation,
};

const onContainer: Record<string, Handler> = {
  'PUT ': createContainer,
  'GET ': containerProperties,
  'HEAD ': containerProperties,
  'DELETE ': deleteContainer,
  'GET metadata': containerProperties,
  'HEAD metadata': containerProperties,
  'PUT metadata': setContainerMetadata,
  'GET acl': containerPolicies,
  'HEAD acl': containerPolicies,
  'PUT acl': setContainerPolicies,
  'PUT lease': leaseContainer,
  'GET list': listBlobs,
  'GET properties': accountInformation,
  'HEAD properties': accountInformation,
};

const onBlob: Record<string, Handler> = {
  'GET ': readContent,
  'HEAD ': readProperties,
  'DELETE ': deleteBlob,
  'PUT ': (operation) => (operation.request.header('x-ms-copy-source') === undefined ? putBlob(operation) : copyBlob(operation)),
  'GET metadata': readProperties,
  'HEAD metadata': readProperties,
  'PUT metadata': setMetadata,
  'PUT properties': setProperties,
  'PUT lease': leaseEntry,
  'PUT block': (operation) =>
    operation.request.header('x-ms-copy-source') === undefined ? putBlock(operation) : putBlockFromUrl(operation),
  'PUT blocklist': putBlockList,
  'GET blocklist': getBlockList,
  'PUT appendblock': (operation) => {
    if (operation.request.header('x-ms-copy-source') !== undefined) throw unsupported('Append Block From URL');
    return appendBlock(operation);
  },
  'PUT seal': sealBlob,
  'PUT tier': setTier,
  'PUT copy': () => {
    throw new StorageError(
      409,
      'NoPendingCopyOperation',
      'There is currently no pending copy operation: copies are done at once here.',
    );
  },
  'GET properties': accountInformation,
  'HEAD properties': accountInformation,
};

/** Answers a Blob request. */
export function answerBlob(operation: Operation): Answer {
  const { request, target } = operation;
  for (const name of ['snapshot', 'versionid']) {
    if (request.query.get(name)) throw unsupported(`the query parameter ${name}: it keeps neither snapshots nor versions`);
  }
  const comp = request.query.get('comp') ?? '';
  const table = target.container === undefined ? onAccount : target.path === undefined ? onContainer : onBlob;
  const handler = table[`${request.method} ${comp}`];
  if (handler && (table !== onContainer || request.query.get('restype') !== undefined || comp === 'list'))
    return handler(operation);
  const what = target.container === undefined ? 'the account' : target.path === undefined ? 'a container' : 'a blob';
  const restype = request.query.get('restype');
  const asked = [restype && `restype=${restype}`, comp && `comp=${comp}`].filter(Boolean).join('&');
  throw unsupported(`${request.method}${asked ? ` with ${asked}` : ''} on ${what}`);
}
