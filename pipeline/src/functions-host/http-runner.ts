/**
 * Serves the app's HTTP triggers under /api on loopback, with function keys where a function asks for one; and, as Azure's host
 * does, POST /admin/functions/NAME runs a timer now. Knows no function.
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Binding, InvocationResponse, RpcHttp } from './core-types.ts';
import type { FunctionsApp, RegisteredFunction } from './functions-app.ts';

interface Route {
  readonly registered: RegisteredFunction;
  readonly bindingName: string;
  readonly binding: Binding;
  readonly pattern: RegExp;
  readonly methods: ReadonlySet<string>;
}

export interface HttpOptions {
  readonly app: FunctionsApp;
  /** What callers of functions of level `function` and `admin` send as `x-functions-key` or `code`. */
  readonly functionKey: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Null where there is no such timer. */
  readonly runTimer: (name: string) => Promise<boolean> | null;
  readonly onFailure: (functionName: string, error: unknown) => void;
}

export class HttpRunner {
  readonly #options: HttpOptions;
  readonly #routes: Route[] = [];
  readonly #server: Server;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (answer) => send(response, answer),
        (error: unknown) => {
          options.onFailure(request.url ?? '', error);
          send(response, { status: 500, body: '' });
        },
      );
    });
  }

  add(registered: RegisteredFunction, bindingName: string, binding: Binding): void {
    const route = String(binding.route ?? registered.metadata.name);
    const source = route
      .split('/')
      .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/^\{(\w+)(?::\w+)?\}$/, '(?<$1>[^/]+)'))
      .join('/');
    const methods = ((binding.methods as string[] | undefined) ?? ['GET', 'POST']).map((method) => method.toUpperCase());
    this.#routes.push({
      registered,
      bindingName,
      binding,
      pattern: new RegExp(`^/api/${source}/?$`, 'i'),
      methods: new Set(methods),
    });
  }

  /** Returns the address, `http://127.0.0.1:PORT`. Rejects where the port is in use. */
  async start(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    const method = request.method ?? 'GET';
    const admin = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname);
    if (admin !== null) return this.#runTimer(decodeURIComponent(admin[1] ?? ''), method, this.#hasKey(request, url));
    const routes = this.#routes.filter((route) => route.pattern.test(url.pathname));
    const route = routes.find((candidate) => candidate.methods.has(method));
    if (route === undefined) return { status: routes.length > 0 ? 405 : 404, body: '' };
    if (route.binding.authLevel !== 'anonymous' && !this.#hasKey(request, url)) return { status: 401, body: '' };
    const { name } = route.registered.metadata;
    const http = await httpData(request, url, route.pattern);
    try {
      const reply = await this.#options.app.invoke(name, {
        invocationId: randomUUID(),
        inputData: [{ name: route.bindingName, data: { http } }],
      });
      return answerFrom(reply);
    } catch (error) {
      this.#options.onFailure(name, error);
      return { status: 500, body: '' };
    }
  }

  async #runTimer(name: string, method: string, hasKey: boolean): Promise<Answer> {
    if (method !== 'POST') return { status: 405, body: '' };
    if (!hasKey) return { status: 401, body: '' };
    const run = this.#options.runTimer(name);
    if (run === null) return { status: 404, body: '' };
    return { status: (await run) ? 202 : 500, body: '' };
  }

  #hasKey(request: IncomingMessage, url: URL): boolean {
    const given = Buffer.from(String(request.headers['x-functions-key'] ?? url.searchParams.get('code') ?? ''));
    const wanted = Buffer.from(this.#options.functionKey);
    return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
  }
}

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function httpData(request: IncomingMessage, url: URL, pattern: RegExp): Promise<RpcHttp> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
  const body = await buffer(request);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    headers,
    query: Object.fromEntries(url.searchParams),
    params: { ...pattern.exec(url.pathname)?.groups },
    ...(body.byteLength > 0 ? { body: { bytes: body } } : {}),
  };
}

function answerFrom(reply: InvocationResponse): Answer {
  const http = reply.returnValue?.http ?? reply.outputData?.find((output) => output.data.http !== undefined)?.data.http;
  if (http === undefined) return { status: 204, body: '' };
  const body = http.body?.bytes ?? http.body?.string ?? '';
  return { status: Number(http.statusCode ?? 200), body, ...(http.headers === undefined ? {} : { headers: http.headers }) };
}
