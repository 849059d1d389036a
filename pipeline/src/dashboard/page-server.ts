// Serves the built page and its feed to browsers on this machine, and to nobody else: loopback only, own names only (a page
// of another site that had its name point here must not read the figures), GET only, and a policy under which the page can
// neither run nor load anything but itself. Knows no document.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { HostMessage } from '@asaql/webview/protocol';
import { DEFAULT_RANGE, isRangeName, RANGE_NAMES } from '@asaql/webview/protocol';
import type { DashboardFeed } from './dashboard-feed.ts';
import { listenOnLoopback } from './port-in-use.ts';

/** The page's files; nothing else of the folder is served. */
const pageFiles: Readonly<Record<string, { name: string; type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/index.html': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/dashboard.js': { name: 'dashboard.js', type: 'text/javascript; charset=utf-8' },
  '/dashboard.css': { name: 'dashboard.css', type: 'text/css; charset=utf-8' },
};

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const guardHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** A page that has let this much pile up does not read any more: it is cut off, and starts afresh when it comes back. */
const unsentBytesMax = 8 * 1024 * 1024;

export interface PageServer {
  url: string;
  close(): Promise<void>;
}

export interface PageServerOptions {
  port: number;
  staticDir: string;
  feed: DashboardFeed;
  onError: (error: unknown) => void;
}

/** Starts to listen. Throws a `PortInUseError` when the port is taken. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const hosts = new Set<string>();
  const server: Server = createServer((request, response) => {
    answer(request, response, hosts, options).catch((error: unknown) => {
      options.onError(error);
      refuse(response, 500, 'The dashboard server failed; its log says why.');
    });
  });
  const port = await listenOnLoopback(server, options.port);
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${name}:${port}`);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  hosts: ReadonlySet<string>,
  options: PageServerOptions,
): Promise<void> {
  const host = request.headers.host ?? '';
  if (!hosts.has(host)) return refuse(response, 421, 'This server answers to 127.0.0.1 and localhost only.');
  if (isForeign(request, host)) return refuse(response, 403, 'Pages of other sites may not read this.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET is answered.');
  }
  const url = new URL(request.url ?? '/', `http://${host}`);
  if (url.pathname === '/feed') return serveFeed(request, response, url, options.feed);
  const file = Object.hasOwn(pageFiles, url.pathname) ? pageFiles[url.pathname] : undefined;
  if (!file) return refuse(response, 404, 'There is no such page here.');
  await servePageFile(request, response, join(options.staticDir, file.name), file.type);
}

/** A request that a script of another site made. Typing the address or following a link is fine. */
function isForeign(request: IncomingMessage, host: string): boolean {
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate';
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...guardHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

async function servePageFile(request: IncomingMessage, response: ServerResponse, path: string, type: string): Promise<void> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return refuse(response, 503, 'The dashboard page has not been built: npm run build.');
  }
  response.writeHead(200, { ...guardHeaders, 'Content-Type': type, 'Content-Length': content.byteLength });
  response.end(request.method === 'HEAD' ? undefined : content);
}

/** One message is sent to many pages: it is written as text once. */
const texts = new WeakMap<HostMessage, string>();

function eventText(message: HostMessage): string {
  let text = texts.get(message);
  if (text === undefined) {
    text = `data: ${JSON.stringify(message)}\n\n`;
    texts.set(message, text);
  }
  return text;
}

function serveFeed(request: IncomingMessage, response: ServerResponse, url: URL, feed: DashboardFeed): void {
  const asked = url.searchParams.get('range') ?? DEFAULT_RANGE;
  if (!isRangeName(asked)) {
    refuse(response, 400, `The range is not one of ${RANGE_NAMES.join(', ')}.`);
    return;
  }
  response.writeHead(200, { ...guardHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  const page = feed.open(asked, (message) => {
    response.write(eventText(message));
    if (response.writableLength > unsentBytesMax) response.destroy();
  });
  response.on('close', () => page.close());
}
