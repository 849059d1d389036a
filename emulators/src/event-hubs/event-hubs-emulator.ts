// The door of the Event Hubs emulator: checks the options, opens the hubs' logs, listens on loopback, and closes all of it again.
// Knows nothing of what happens on a link.
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Connection, EventContext } from 'rhea';
import rhea from 'rhea';
import { ClientAccess } from './client-access.ts';
import { lockFolder } from './folder-lock.ts';
import { Hub, type HubOptions } from './hub.ts';
import { LinkRouter } from './link-router.ts';
import type { LogWriteError, PartitionLogOptions, WriteFrames } from './partition-log.ts';
import { acceptTokenMechanisms, completeConnection, completeSession, FRAME_BYTES_MAX } from './rhea-wire.ts';
import { type AccessKey, TokenVerifier } from './shared-access.ts';
import { writeFrames } from './write-frames.ts';

export type { AccessKey, AccessRight } from './shared-access.ts';
export type { HubOptions };

export interface EventHubsEmulatorOptions {
  /** The folder that keeps the events; made if need be. One emulator at a time. */
  readonly dataDir: string;
  readonly hubs: readonly HubOptions[];
  /** 0, the default, takes any free port. The official emulator's are 5672, and 5671 under TLS. */
  readonly port?: number;
  /** Must be a loopback address. */
  readonly host?: string;
  /** By default the one key that the official emulator knows. */
  readonly keys?: readonly AccessKey[];
  /** PEM texts; with them the emulator speaks TLS only. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Whether bearer tokens are taken, whoever issued them. */
  readonly acceptTokens?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** A segment file is closed before it would grow beyond this; 64 MiB by default. */
  readonly segmentBytesMax?: number;
  /** The largest message, a whole batch included; 1 MiB by default, as on the Standard tier. */
  readonly messageBytesMax?: number;
  /** Takes one line about what is wrong: a full disk, a damaged file. */
  readonly onError?: (line: string) => void;
  /** Takes one line about what was put right: a torn write that was cut off, a disk that has space again. */
  readonly onNotice?: (line: string) => void;
  /** Writes to a segment; replaced only to see what happens when a disk fails. */
  readonly write?: WriteFrames;
}

export interface EventHubsEmulator {
  readonly port: number;
  /** For any official SDK; without `EntityPath`. */
  readonly connectionString: string;
  readonly hubs: readonly { readonly name: string; readonly partitions: number; readonly consumerGroups: readonly string[] }[];
  /** Deletes now what is older than each hub's retention; otherwise that happens once a minute and at a start. */
  enforceRetention(): Promise<void>;
  /** Waits for what is being written, disconnects the clients, and closes the files. */
  close(): Promise<void>;
}

/** The official emulator's key. */
export const DEFAULT_EVENT_HUBS_KEY: AccessKey = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE', rights: ['Manage'] };

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
const MESSAGE_BYTES_MAX = 1024 * 1024;
const RETENTION_EVERY_MS = 60_000;

/**
 * Starts the emulator; resolves when it listens.
 * @throws on options that make no sense, a port that is taken, or files that are damaged, each with one line that says which.
 */
export async function startEventHubs(options: EventHubsEmulatorOptions): Promise<EventHubsEmulator> {
  checkOptions(options);
  const now = options.now ?? Date.now;
  const onError = options.onError ?? ((line) => console.error(line));
  const onNotice = options.onNotice ?? ((line) => console.error(line));
  const log: Omit<PartitionLogOptions, 'retentionMs'> = {
    segmentBytesMax: options.segmentBytesMax ?? SEGMENT_BYTES_MAX,
    now,
    notice: onNotice,
    write: options.write ?? writeFrames,
  };
  const folder = join(options.dataDir, 'event-hubs');
  const hubs = new Map<string, Hub>();
  const unlock = await lockFolder(folder);
  const closeHubs = async (): Promise<void> => {
    await Promise.all([...hubs.values()].map((hub) => hub.close()));
    await unlock();
  };
  try {
    for (const hub of options.hubs) hubs.set(hub.name.toLowerCase(), await Hub.open(folder, hub, log));
    const disk = diskReporter(onError, onNotice);
    const keys = options.keys ?? [DEFAULT_EVENT_HUBS_KEY];
    const access = new ClientAccess(new TokenVerifier(keys, options.acceptTokens ?? false, now), now);
    const messageBytesMax = options.messageBytesMax ?? MESSAGE_BYTES_MAX;
    const router = new LinkRouter({ hubs, access, messageBytesMax, now, onError, ...disk });
    const listener = await listen(options, router, onError);
    const retention = setInterval(() => {
      for (const hub of hubs.values()) {
        hub.enforceRetention().catch((error: Error) => onError(`Event Hubs: retention of ${hub.name}: ${error.message}`));
      }
    }, RETENTION_EVERY_MS);
    retention.unref();
    return {
      port: listener.port,
      connectionString: connectionString(options, listener.port, keys[0] ?? DEFAULT_EVENT_HUBS_KEY),
      hubs: [...hubs.values()].map(({ name, partitions, consumerGroups }) => ({
        name,
        partitions: partitions.length,
        consumerGroups,
      })),
      enforceRetention: async () => {
        for (const hub of hubs.values()) await hub.enforceRetention();
      },
      close: async () => {
        clearInterval(retention);
        listener.stopListening();
        await closeHubs();
        await listener.close();
      },
    };
  } catch (error) {
    await closeHubs();
    throw error;
  }
}

function checkOptions({ host = '127.0.0.1', hubs, port = 0 }: EventHubsEmulatorOptions): void {
  if (!LOOPBACK.has(host))
    throw new Error(`Event Hubs: the host "${host}" is no loopback address; use 127.0.0.1, ::1 or localhost`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`Event Hubs: the port ${port} is none; use 0 … 65535`);
  const names = new Set<string>();
  for (const { name, partitions, consumerGroups, retentionHours } of hubs) {
    if (!/^[a-z0-9]([a-z0-9._-]{0,254}[a-z0-9])?$/i.test(name)) {
      throw new Error(`Event Hubs: the hub name "${name}" is not valid; use letters, digits, ".", "-" and "_"`);
    }
    if (names.has(name.toLowerCase())) throw new Error(`Event Hubs: the hub "${name}" is named twice`);
    names.add(name.toLowerCase());
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > 32) {
      throw new Error(`Event Hubs: the hub "${name}" has ${partitions} partitions; use 1 … 32`);
    }
    if (!(retentionHours > 0))
      throw new Error(`Event Hubs: the hub "${name}" keeps events for ${retentionHours} hours; use more than 0`);
    const group = consumerGroups.find((candidate) => !/^\$?[a-z0-9]([a-z0-9._-]{0,48}[a-z0-9])?$/i.test(candidate));
    if (group !== undefined) throw new Error(`Event Hubs: the consumer group "${group}" of the hub "${name}" is not valid`);
  }
}

/** One line when the disk begins to fail, one when it works again. */
function diskReporter(onError: (line: string) => void, onNotice: (line: string) => void) {
  let isFailing = false;
  return {
    onWriteError(error: LogWriteError): void {
      if (isFailing) return;
      isFailing = true;
      onError(`Event Hubs: ${error.message}. Events are refused until that is put right; nothing that was acknowledged is lost.`);
    },
    onWritten(): void {
      if (!isFailing) return;
      isFailing = false;
      onNotice('Event Hubs: the disk takes events again.');
    },
  };
}

interface Listener {
  readonly port: number;
  stopListening(): void;
  close(): Promise<void>;
}

async function listen(options: EventHubsEmulatorOptions, router: LinkRouter, onError: (line: string) => void): Promise<Listener> {
  const { host = '127.0.0.1', port = 0, tls } = options;
  const container = rhea.create_container({ id: 'asaql-event-hubs' });
  acceptTokenMechanisms(container);
  const connections = new Set<Connection>();
  serve(container, router, connections, onError);
  const common = {
    host,
    port,
    tcp_no_delay: true,
    max_frame_size: FRAME_BYTES_MAX,
    reconnect: false,
    receiver_options: { autoaccept: false, credit_window: 0 },
  };
  const server: Server = tls
    ? container.listen({ ...common, transport: 'tls', cert: tls.cert, key: tls.key } as never)
    : container.listen({ ...common, transport: 'tcp' } as never);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.setMaxListeners(0);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket: Socket) => socket.setMaxListeners(0));
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(
        isTaken
          ? new Error(`Event Hubs: the port ${port} is in use; choose another, or 0 for any free one`, { cause: error })
          : error,
      );
    });
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stopListening: () => server.close(),
    close: async () => {
      for (const connection of connections) {
        connection.close({ condition: 'amqp:connection:forced', description: 'The emulator is stopping.' });
      }
      await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}

function serve(
  container: rhea.Container,
  router: LinkRouter,
  connections: Set<Connection>,
  onError: (line: string) => void,
): void {
  container.on('connection_open', ({ connection }: EventContext) => {
    completeConnection(connection);
    connections.add(connection);
  });
  const forget = ({ connection }: EventContext): void => {
    connections.delete(connection);
    router.disconnect(connection);
  };
  container.on('connection_close', forget);
  container.on('disconnected', forget);
  container.on('session_open', ({ session }: EventContext) => {
    if (session) completeSession(session, () => router.resume((sender) => sender.session === session));
  });
  container.on('session_close', ({ session }: EventContext) => {
    session?.each_sender(router.detachSender as never, undefined as never);
  });
  container.on('receiver_open', ({ receiver }: EventContext) => receiver && router.attachReceiver(receiver));
  container.on('sender_open', ({ sender }: EventContext) => sender && router.attachSender(sender));
  container.on('sender_close', ({ sender }: EventContext) => sender && router.detachSender(sender));
  container.on('sender_draining', ({ sender }: EventContext) => sender && router.drain(sender));
  // A client that goes away with an error, or speaks no AMQP, is its own affair.
  for (const event of ['connection_error', 'session_error', 'sender_error', 'receiver_error', 'protocol_error']) {
    container.on(event, () => undefined);
  }
  container.on('error', (error: Error) => onError(`Event Hubs: a client's connection ended: ${error.message}`));
}

function connectionString({ host = '127.0.0.1', tls }: EventHubsEmulatorOptions, port: number, { name, key }: AccessKey): string {
  const endpoint = `Endpoint=sb://${tls ? 'localhost' : host}:${port};SharedAccessKeyName=${name};SharedAccessKey=${key}`;
  return tls ? endpoint : `${endpoint};UseDevelopmentEmulator=true`;
}
