// The storage emulator: Data Lake Gen2 and Blob at one address on loopback, over plain files in a folder. Knows no pipeline: it would
// serve any program through its connection string.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { isContainerName } from './disk/path-names.ts';
import { Store } from './disk/store.ts';
import { Doors } from './doors.ts';

/** The account and key that every storage emulator is known by; they open nothing beyond this machine. */
export const developmentAccount = 'devstoreaccount1';
export const developmentKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface StorageOptions {
  /** The folder that holds it all: `<dataDir>/<filesystem>/<path>`. Made if it is not there. */
  dataDir: string;
  /** 0 takes any free port. */
  port: number;
  /** A loopback address; 127.0.0.1 if left out. */
  host?: string;
  account?: string;
  /** Base64. */
  key?: string;
  /** PEM texts; with them the emulator speaks https only. */
  tls?: { cert: string; key: string };
  /** Whether bearer tokens open the door, over TLS. */
  acceptTokens?: boolean;
  /** Filesystems (containers) that stand ready. */
  filesystems?: readonly string[];
  /** The time in milliseconds. */
  now?: () => number;
}

export interface StorageEmulator {
  port: number;
  /** The address of both services, account included, without a slash at the end. */
  url: string;
  connectionString: string;
  /** Finishes the requests under way (for five seconds at most), then closes. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 120_000;
const CLOSING_MS = 5_000;

/** Starts the emulator; throws one clear sentence where it cannot (port in use, folder in use, name of a filesystem). */
export async function startStorage(options: StorageOptions): Promise<StorageEmulator> {
  const { host = '127.0.0.1', account = developmentAccount, key = developmentKey, now = Date.now } = options;
  if (!/^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host)) {
    throw new Error(`The storage emulator listens on loopback only; "${host}" is not a loopback address.`);
  }
  const wrong = options.filesystems?.find((name) => !isContainerName(name));
  if (wrong !== undefined)
    throw new Error(`"${wrong}" is no filesystem name: 3 to 63 lower-case letters, digits and single hyphens are needed.`);
  const root = resolve(options.dataDir);
  mkdirSync(root, { recursive: true });
  const store = new Store(root, now);
  try {
    for (const name of options.filesystems ?? []) if (!store.findContainer(name)) store.createContainer(name, {});
    const server = options.tls ? createTlsServer(options.tls) : createServer();
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.requestTimeout = 0;
    const port = await listen(server, options.port, host);
    const protocol = options.tls ? 'https' : 'http';
    const url = `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}/${account}`;
    const doors = new Doors(store, { account, key, url, acceptTokens: options.acceptTokens ?? false });
    const close = serve(server, doors, options.tls !== undefined);
    const endpoints = `BlobEndpoint=${url};DfsEndpoint=${url};`;
    return {
      port,
      url,
      connectionString: `DefaultEndpointsProtocol=${protocol};AccountName=${account};AccountKey=${key};${endpoints}`,
      close: async () => {
        await close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = `Port ${port} on ${host} is in use, so the storage emulator cannot listen there. Choose another port, or 0 for any free one.`;
      fail(error.code === 'EADDRINUSE' ? new Error(inUse) : error);
    });
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });
}

/** Answers requests until the given function is called; that one resolves when the last answer is sent. */
function serve(server: Server, doors: Doors, secure: boolean): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  let closing = false;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (closing) response.setHeader('connection', 'close');
    const { method = 'GET', url = '/', rawHeaders } = request;
    const answer = doors.answer({ method, url, rawHeaders, secure, id: randomUUID() }, request, response);
    underWay.add(answer);
    answer.finally(() => underWay.delete(answer));
  });
  return async () => {
    closing = true;
    const closed = new Promise<void>((done) => server.close(() => done()));
    // A client that stalls in mid-request is not waited for for ever.
    const patience = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
    await Promise.all(underWay);
    clearTimeout(patience);
    server.closeAllConnections();
    await closed;
  };
}
