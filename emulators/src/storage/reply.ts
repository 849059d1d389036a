// Answers: what an operation gives back, and how it is put on the wire.
// Must not know operations.
import { closeSync, createReadStream, readSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Dialect, StorageError } from './storage-error.ts';
import { encodeStructured, structuredLength } from './structured-body.ts';
import { element, xmlDocument } from './xml.ts';

/** A part of an open file; the reader closes it. */
export interface FileSlice {
  fd: number;
  start: number;
  size: number;
}

/** An answer. Header names are as the service writes them, undefined ones are left out. */
export interface Reply {
  status: number;
  headers?: Record<string, string | undefined>;
  body?: string | Buffer | undefined;
  slice?: FileSlice | undefined;
  /** Whether the slice goes out as a structured body. */
  structured?: boolean;
}

const WHOLE_READ_BYTES = 256 * 1024;

export function xmlReply(headers: Reply['headers'], ...content: string[]): Reply {
  return { status: 200, headers: { ...headers, 'content-type': 'application/xml' }, body: xmlDocument(...content) };
}

export function jsonReply(headers: Reply['headers'], value: unknown): Reply {
  return { status: 200, headers: { ...headers, 'content-type': 'application/json;charset=utf-8' }, body: JSON.stringify(value) };
}

/** An error in the shape of the service that was asked. */
export function errorReply(error: StorageError, dialect: Dialect, requestId: string, nowMs: number): Reply {
  const { code, message } = error.in(dialect);
  const headers = { ...error.headers, 'x-ms-error-code': code };
  if (error.status === 304) return { status: 304, headers };
  const text = `${message}\nRequestId:${requestId}\nTime:${new Date(nowMs).toISOString()}`;
  if (dialect === 'lake') {
    return { ...jsonReply(headers, { error: { code, message: text } }), status: error.status };
  }
  return {
    ...xmlReply(headers, element('Error', element('Code', code, true) + element('Message', text, true))),
    status: error.status,
  };
}

/** Sends an answer; a file is streamed, never held whole in memory unless it is small. */
export async function send(reply: Reply, response: ServerResponse, method: string): Promise<void> {
  const { slice } = reply;
  const length = slice
    ? reply.structured
      ? structuredLength(slice.size)
      : slice.size
    : reply.body === undefined
      ? 0
      : Buffer.byteLength(reply.body);
  for (const [name, value] of Object.entries(reply.headers ?? {})) if (value !== undefined) response.setHeader(name, value);
  if (reply.status !== 304 && !response.hasHeader('content-length')) response.setHeader('content-length', length);
  response.writeHead(reply.status);
  if (method === 'HEAD' || reply.status === 304) {
    if (slice) closeSync(slice.fd);
    response.end();
  } else if (!slice) {
    response.end(reply.body);
  } else if (reply.structured) {
    await pipeline(encodeStructured(slice), response);
  } else if (slice.size <= WHOLE_READ_BYTES) {
    response.end(readWhole(slice));
  } else {
    const { fd, start, size } = slice;
    await pipeline(createReadStream('', { fd, start, end: start + size - 1, highWaterMark: WHOLE_READ_BYTES }), response);
  }
}

/** The bytes of a slice; closes the file. */
export function readWhole({ fd, start, size }: FileSlice): Buffer {
  try {
    const buffer = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const read = readSync(fd, buffer, filled, size - filled, start + filled);
      if (read === 0) throw new Error('The file became shorter while it was read.');
      filled += read;
    }
    return buffer;
  } finally {
    closeSync(fd);
  }
}
