// The error of a port that another program holds: names it and one that is free.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';

/** A user's error: the asked port is taken. `freePort` was free a moment ago. */
export class PortInUseError extends Error {
  readonly port: number;
  readonly freePort: number;

  constructor(port: number, freePort: number) {
    super(`Port ${port} is in use by another program. Port ${freePort} is free: use --port ${freePort}, or --port 0 for any.`);
    this.name = 'PortInUseError';
    this.port = port;
    this.freePort = freePort;
  }
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Listens on loopback; throws a `PortInUseError` when the port is taken. Returns the port. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  try {
    return await listening(server, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const probe = createServer();
    const freePort = await listening(probe, 0);
    probe.close();
    throw new PortInUseError(port, freePort);
  }
}
