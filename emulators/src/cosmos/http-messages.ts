/** What the emulator's handlers are given and give back, free of sockets. It must not know routes or documents. */
import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, notSupported } from './cosmos-error.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

export type CosmosRequest = {
  method: string;
  /** The path's segments, decoded. */
  segments: string[];
  headers: IncomingHttpHeaders;
  body: Buffer;
};

/** `charge` in RU. */
export type CosmosResponse = { status: number; body: string | undefined; headers: Record<string, string>; charge: number };

export function header(request: CosmosRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function isSet(request: CosmosRequest, name: string): boolean {
  return header(request, name)?.toLowerCase() === 'true';
}

export function response(
  status: number,
  body: JsonObject | string | undefined,
  charge: number,
  headers: Record<string, string> = {},
): CosmosResponse {
  return { status, body: typeof body === 'object' ? JSON.stringify(body) : body, headers, charge };
}

/** The body as JSON. Throws 400, naming the binary formats that some SDKs can be set to send. */
export function jsonBody(request: CosmosRequest): Json {
  const { body } = request;
  if (body[0] === 0x81) {
    throw notSupported(
      'A body in the binary HybridRow format (.NET TransactionalBatch and bulk; use single operations there, or another SDK)',
    );
  }
  if (body[0] === 0x80) throw notSupported('A body in the CosmosBinary format (unset AZURE_COSMOS_BINARY_ENCODING_ENABLED)');
  try {
    return JSON.parse(utf8.decode(body)) as Json;
  } catch (error) {
    throw badRequest(`The input content is invalid: it is no JSON in UTF-8 (${(error as Error).message}).`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function objectBody(request: CosmosRequest): JsonObject {
  const body = jsonBody(request);
  if (!isObject(body)) throw badRequest('The input content is invalid: it is no JSON object.');
  return body;
}
