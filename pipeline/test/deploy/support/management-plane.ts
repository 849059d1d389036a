/**
 * A stand-in for Azure's management plane, on TLS, as much of it as the deployment uses. It refuses what does not have the published
 * shape (see job-shapes.ts), makes callers poll, and can be told to fail.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AzureCloud } from '../../../src/deploy/azure-clouds.ts';
import { streamingJobRoutes } from './streaming-jobs.ts';

export const certificatePath = fileURLToPath(new URL('../../../../emulators/test/tls/cert.pem', import.meta.url));
const keyPath = fileURLToPath(new URL('../../../../emulators/test/tls/key.pem', import.meta.url));

export interface PlaneRequest {
  readonly method: string;
  /** In lower case, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface PlaneAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Route = (request: PlaneRequest, plane: ManagementPlane) => PlaneAnswer | null;

export function refusal(status: number, code: string, message: string): PlaneAnswer {
  return { status, body: { error: { code, message } } };
}

interface Fault {
  readonly match: (request: PlaneRequest) => boolean;
  readonly answer: PlaneAnswer;
  times: number;
}

export class ManagementPlane {
  readonly requests: PlaneRequest[] = [];
  readonly routes: Route[] = [];
  readonly #faults: Fault[] = [];
  readonly #operations = new Map<string, { polls: number; readonly settle: () => PlaneAnswer }>();
  readonly #server = createServer({ cert: readFileSync(certificatePath), key: readFileSync(keyPath) }, (request, response) => {
    void this.#serve(request, response);
  });

  static async start(): Promise<ManagementPlane> {
    const plane = new ManagementPlane();
    await new Promise<void>((resolve) => plane.#server.listen(0, '127.0.0.1', resolve));
    return plane;
  }

  get url(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get cloud(): AzureCloud {
    return {
      name: 'public',
      resourceManager: this.url,
      scope: 'https://management.azure.com/.default',
      authorityHost: this.url,
      publishUrl: `${this.url}/scm/{app}`,
    };
  }

  /** The next `times` requests of a kind are answered so. */
  fail(method: string, path: RegExp, answer: PlaneAnswer, times = 1): void {
    this.#faults.push({ match: (request) => request.method === method && path.test(request.path), answer, times });
  }

  /** 202, and `settle` decides what the second poll sees. */
  later(settle: () => PlaneAnswer): PlaneAnswer {
    const id = `operation-${this.#operations.size + 1}`;
    this.#operations.set(id, { polls: 0, settle });
    return { status: 202, headers: { location: `${this.url}/operations/${id}?api-version=2021-10-01-preview` } };
  }

  told(method: string): string[] {
    return this.requests.filter((request) => request.method === method).map(({ path }) => path);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const isJson = /json/.test(incoming.headers['content-type'] ?? '');
    const url = new URL(incoming.url ?? '/', this.url);
    const request: PlaneRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname.toLowerCase(),
      query: url.searchParams,
      headers: incoming.headers,
      body: bytes.length === 0 ? undefined : isJson ? JSON.parse(bytes.toString('utf8')) : bytes,
    };
    this.requests.push(request);
    const { status, body, headers = {} } = this.#answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  #answer(request: PlaneRequest): PlaneAnswer {
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? ''))
      return refusal(401, 'AuthenticationFailed', 'No bearer token.');
    const fault = this.#faults.find(({ match, times }) => times > 0 && match(request));
    if (fault !== undefined) {
      fault.times--;
      return fault.answer;
    }
    const [, operation] = /^\/operations\/([\w-]+)$/.exec(request.path) ?? [];
    if (operation !== undefined) return this.#poll(operation, request);
    for (const route of [...this.routes, ...streamingJobRoutes]) {
      const answer = route(request, this);
      if (answer !== null) return answer;
    }
    return refusal(404, 'NotFound', `Nothing answers ${request.method} ${request.path}.`);
  }

  #poll(id: string, request: PlaneRequest): PlaneAnswer {
    const operation = this.#operations.get(id);
    if (operation === undefined) return refusal(404, 'NotFound', `There is no operation ${id}.`);
    operation.polls++;
    if (operation.polls < 2) return { status: 202, headers: { location: `${this.url}${request.path}` } };
    return operation.settle();
  }
}

/** Tokens of anybody, counted by what they are for. */
export class TestCredential {
  readonly scopes: string[] = [];

  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number }> {
    this.scopes.push(...[scopes].flat());
    return Promise.resolve({ token: 'token-of-a-test', expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
  }
}
