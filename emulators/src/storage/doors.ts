// From a request to its answer: which service is spoken to, who asks, what is done, and how a failure is told.
import type { ServerResponse } from 'node:http';
import { type Authority, authorize, type Grant } from './authorization/authorize.ts';
import { userDelegationKey } from './blob/account.ts';
import { answerBatch } from './blob/batch.ts';
import { answerBlob } from './blob/blob-door.ts';
import { storedPolicy } from './blob/container.ts';
import { isCode } from './disk/folder.ts';
import type { Store } from './disk/store.ts';
import { answerLake } from './lake/lake-door.ts';
import { assertKnownHeaders, type Operation } from './operation.ts';
import { errorReply, type Reply, send } from './reply.ts';
import { type Dialect, fault, StorageError } from './storage-error.ts';
import { readRequest, type StorageRequest, type Target, targetOf } from './storage-request.ts';

export interface DoorOptions {
  account: string;
  key: string;
  url: string;
  acceptTokens: boolean;
}

const VERSION = '2026-10-06';

/** Both doors over one store. */
export class Doors {
  readonly #store: Store;
  readonly #options: DoorOptions;

  constructor(store: Store, options: DoorOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Answers one request on its response; never rejects. */
  async answer(
    from: Parameters<typeof readRequest>[0],
    body: AsyncIterable<Uint8Array>,
    response: ServerResponse,
  ): Promise<void> {
    try {
      const reply = await this.#replyTo(from, body);
      if (!response.destroyed) await send(reply, response, from.method);
    } catch (error) {
      // The answer had begun, or the client is gone: nothing more can be told on this connection.
      if (!isCode(error, 'ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'))
        console.error(`Storage emulator: ${from.method} ${from.url}:`, error);
      response.destroy();
    }
  }

  async #replyTo(from: Parameters<typeof readRequest>[0], body: AsyncIterable<Uint8Array>): Promise<Reply> {
    let dialect: Dialect = 'blob';
    let common: Record<string, string | undefined> = { 'x-ms-request-id': from.id, 'x-ms-version': VERSION };
    try {
      const request = readRequest(from, body);
      dialect = dialectOf(request);
      common = {
        ...common,
        'x-ms-version': request.header('x-ms-version') ?? VERSION,
        'x-ms-client-request-id': request.header('x-ms-client-request-id'),
        'x-ms-structured-body': from.method === 'GET' ? undefined : request.header('x-ms-structured-body'),
      };
      const reply = await this.perform(request, dialect);
      return { ...reply, headers: { ...common, ...reply.headers } };
    } catch (error) {
      const reply = errorReply(asStorageError(error, from), dialect, from.id, this.#store.nowMs());
      return { ...reply, headers: { ...common, ...reply.headers } };
    }
  }

  /** Authorizes a request and does what it asks. Python leaves the account out of the paths within a batch. */
  async perform(request: StorageRequest, dialect: Dialect, batched = false): Promise<Reply> {
    const { account } = this.#options;
    const accountMayLack = batched || request.header('x-ms-rename-source') !== undefined;
    const target = targetOf(request.rawPath, account, { host: request.header('host'), accountMayLack });
    const grant = authorize(request, target, this.#authority());
    assertKnownHeaders(request);
    const operation = this.#operation(request, target, grant);
    if (dialect === 'lake') return answerLake(operation);
    const comp = request.query.get('comp');
    if (request.method === 'POST' && comp === 'batch') return answerBatch(operation, (part) => this.perform(part, 'blob', true));
    if (request.method === 'POST' && comp === 'userdelegationkey') return userDelegationKey(operation, this.#options.key);
    return answerBlob(operation);
  }

  #operation(request: StorageRequest, target: Target, grant: Grant): Operation {
    const { account, url } = this.#options;
    return {
      request,
      target,
      store: this.#store,
      account,
      url,
      grant,
      authorizeSource: (source) => this.#authorizeSource(source, request, grant),
    };
  }

  #authority(): Authority {
    const policy = (container: string, id: string) => storedPolicy(this.#store.findContainer(container), id);
    return { ...this.#options, nowMs: this.#store.nowMs(), policy };
  }

  /** The source of a copy lies in this account, and whoever copies with less than the account key brings a signature for it. */
  #authorizeSource(source: URL, request: StorageRequest, grant: Grant): Target {
    const { account, url } = this.#options;
    const here = new URL(url).port === source.port || source.hostname.startsWith(`${account}.`);
    if (!here)
      throw new StorageError(
        501,
        'NotImplemented',
        `The emulator copies within its own account only; "${source.host}" is elsewhere.`,
      );
    const target = targetOf(source.pathname, account, { host: source.hostname });
    if (grant.by === 'sas') {
      const from = {
        method: 'GET',
        url: source.pathname + source.search,
        rawHeaders: [],
        secure: request.secure,
        id: request.id,
      };
      authorize(readRequest(from, request.body), target, this.#authority());
    }
    return target;
  }
}

/**
 * Which service a request speaks to, now that both live at one address. Data Lake's parameters are its own; where a request has neither
 * service's, a client of the Data Lake asks for JSON.
 */
function dialectOf(request: StorageRequest): Dialect {
  const { query, method } = request;
  if (method === 'PATCH' || query.has('resource') || query.has('action') || query.has('recursive') || query.has('paginated'))
    return 'lake';
  if (request.header('x-ms-rename-source') !== undefined || (method === 'POST' && !query.has('comp'))) return 'lake';
  if (query.has('restype') || (query.has('comp') && query.get('comp') !== 'expiry')) return 'blob';
  if (query.get('comp') === 'expiry') return 'lake';
  return /^application\/json/.test(request.header('accept') ?? '') ? 'lake' : 'blob';
}

function asStorageError(error: unknown, from: { method: string; url: string }): StorageError {
  if (error instanceof StorageError) return error;
  if (isCode(error, 'ENOSPC', 'EDQUOT') || (error instanceof Error && /database or disk is full/.test(error.message)))
    return fault('diskFull');
  if (isCode(error, 'ECONNRESET')) return fault('bodyIncomplete');
  if (isCode(error, 'ENAMETOOLONG'))
    return new StorageError(400, 'InvalidUri', 'The path is too long for the disk under the emulator.');
  if (isCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    const text = `The emulator may not write to its folder: ${(error as Error).message}`;
    return new StorageError(500, 'InternalError', text);
  }
  console.error(`Storage emulator: ${from.method} ${from.url}:`, error);
  return new StorageError(500, 'InternalError', `The emulator failed: ${error instanceof Error ? error.message : String(error)}`);
}
