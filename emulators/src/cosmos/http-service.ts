/**
 * Between sockets and the router: bodies, authorization, budgets, headers, errors. One catch-all for every request.
 * It must not know what a request does.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AuthorizationRules, checkAuthorization } from './authorization.ts';
import type { Container } from './catalogue.ts';
import { CosmosError } from './cosmos-error.ts';
import type { CosmosRequest, CosmosResponse } from './http-messages.ts';
import type { Router } from './router.ts';
import type { ThroughputBudget } from './throughput-budget.ts';

const bodyBytesMax = 32 * 1024 * 1024;

export class HttpService {
  readonly #router: Router;
  readonly #rules: AuthorizationRules;
  readonly #budget: ThroughputBudget | undefined;
  readonly #onError: (error: Error) => void;

  constructor(router: Router, rules: AuthorizationRules, budget: ThroughputBudget | undefined, onError: (error: Error) => void) {
    this.#router = router;
    this.#onError = onError;
    this.#rules = rules;
    this.#budget = budget;
  }

  readonly listener = (message: IncomingMessage, reply: ServerResponse): void => this.#serve(message, reply);

  #serve(message: IncomingMessage, reply: ServerResponse): void {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyBytesMax) chunks.push(chunk);
    });
    message.on('error', () => reply.destroy());
    message.on('end', async () => {
      const activityId = randomUUID();
      try {
        if (size > bodyBytesMax) throw new CosmosError(413, 'Request size is too large.');
        const request = requestOf(message, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
        send(reply, activityId, await this.#answer(request, endpointOf(message)));
      } catch (error) {
        const known = error instanceof CosmosError ? error : new CosmosError(500, `The emulator failed: ${String(error)}`);
        if (known.status >= 500) this.#onError(error instanceof Error ? error : known);
        send(reply, activityId, errorResponse(known, activityId));
      }
    });
  }

  async #answer(request: CosmosRequest, endpoint: string): Promise<CosmosResponse> {
    checkAuthorization(request, this.#rules);
    const payer = this.#router.payer(request);
    if (payer === undefined) return this.#router.route(request, endpoint);
    this.#budget?.admit(payer);
    const answer = await this.#charged(payer, async () => this.#router.route(request, endpoint));
    answer.headers['x-ms-session-token'] = `0:-1#${payer.lsn}`;
    answer.headers.lsn = String(payer.lsn);
    answer.headers['x-ms-alt-content-path'] =
      `dbs/${encodeURIComponent(payer.database.id)}/colls/${encodeURIComponent(payer.id)}`;
    answer.headers['x-ms-content-path'] = payer.rid;
    return answer;
  }

  /** Requests that fail are paid for, too. */
  async #charged(payer: Container, work: () => Promise<CosmosResponse>): Promise<CosmosResponse> {
    try {
      const answer = await work();
      this.#budget?.charge(payer, answer.charge);
      return answer;
    } catch (error) {
      if (error instanceof CosmosError) this.#budget?.charge(payer, error.charge);
      throw error;
    }
  }
}

function requestOf(message: IncomingMessage, body: Buffer): CosmosRequest {
  const path = (message.url ?? '/').split('?', 1)[0] as string;
  let segments: string[];
  try {
    segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw new CosmosError(400, `The path cannot be URL-decoded: ${path}`);
  }
  return { method: message.method ?? 'GET', segments, headers: message.headers, body };
}

/** As the client addressed the account, so that it finds its regions where it found the account. */
function endpointOf(message: IncomingMessage): string {
  const scheme = 'encrypted' in message.socket ? 'https' : 'http';
  return `${scheme}://${message.headers.host ?? 'localhost'}/`;
}

function errorResponse(error: CosmosError, activityId: string): CosmosResponse {
  const body = JSON.stringify({ code: error.code, message: `${error.message}\r\nActivityId: ${activityId}` });
  const headers = { ...error.headers, ...(error.substatus === 0 ? {} : { 'x-ms-substatus': String(error.substatus) }) };
  return { status: error.status, body, headers, charge: error.charge };
}

function send(reply: ServerResponse, activityId: string, { status, body, headers, charge }: CosmosResponse): void {
  const all: Record<string, string | number> = {
    ...headers,
    'content-type': 'application/json',
    'x-ms-activity-id': activityId,
    'x-ms-request-charge': String(charge),
    'x-ms-serviceversion': 'version=2.14.0.0',
    'x-ms-schemaversion': '1.18',
    'x-ms-gatewayversion': 'version=2.14.0',
  };
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body);
  reply.writeHead(status, all);
  reply.end(body);
}
